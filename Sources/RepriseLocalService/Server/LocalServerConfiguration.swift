/// How the local service behaves.
public struct LocalServerConfiguration: Sendable {
  /// The port on 127.0.0.1; 0 lets the system pick one.
  public var port: UInt16 = 0
  /// The model names that are taken.
  public var models: Set<String> = ["minimax/music-cover"]
  /// The length of a prompt, in Unicode scalars.
  public var promptLength = 10...2000
  /// The length of lyrics, in Unicode scalars.
  public var lyricsLength = 10...3000
  /// The largest reference, in bytes of audio.
  public var maximumReferenceBytes = 50_000_000
  /// The largest request body, in bytes: the reference in Base64 with every `/` escaped, the longest prompt and lyrics.
  public var maximumBodyBytes = 70_000_000
  /// How many covers are made at once.
  public var concurrentGenerations = 1
  /// How many more may wait, those being uploaded included.
  public var queueLength = 7
  /// What a refused client is told to wait, in seconds.
  public var retryAfterSeconds = 5
  /// How long a result can be downloaded.
  public var resultLifetime: Duration = .seconds(24 * 3600)
  /// How long a finished generation can be asked for.
  public var generationLifetime: Duration = .seconds(48 * 3600)
  /// How many finished generations are remembered; the oldest go first.
  public var rememberedGenerations = 1000
  /// How long an upload may bring nothing before it is given up.
  public var idleTimeout: Duration = .seconds(30)
  /// How long a connection may bring nothing, between requests or within a request's head, before it is closed; never
  /// less than twice `idleTimeout`, so that a stalled upload gets its answer.
  public var connectionTimeout: Duration = .seconds(60)
  /// How long fetching a linked reference may take.
  public var fetchTimeout: Duration = .seconds(120)
  /// The folder in which the service makes its private one; nil takes the system's temporary folder.
  public var temporaryFolder: String?
  /// Called for every request answered and every step of a generation, on any thread, also while others wait: it must
  /// not block. `LogWriter` is for what may.
  public var onEvent: @Sendable (LocalServerEvent) -> Void = { _ in }

  /// The documented defaults.
  public init() {}
}
