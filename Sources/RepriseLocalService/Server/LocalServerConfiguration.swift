/// The configuration of the local service.
public struct LocalServerConfiguration: Sendable {
  /// Port on 127.0.0.1; 0 lets the system choose one.
  public var port: UInt16 = 0
  /// Accepted model names.
  public var models: Set<String> = ["minimax/music-cover"]
  /// Permitted length of a prompt, in Unicode scalars.
  public var promptLength = 10...2000
  /// Permitted length of lyrics, in Unicode scalars.
  public var lyricsLength = 10...3000
  /// Maximum size of a reference, in bytes of audio.
  public var maximumReferenceBytes = 50_000_000
  /// Maximum size of a request body, in bytes: the reference in Base64 with every `/` escaped, the longest prompt and
  /// lyrics.
  public var maximumBodyBytes = 70_000_000
  /// Maximum number of generations that run at once.
  public var concurrentGenerations = 1
  /// Maximum number of further generations that wait, uploads included.
  public var queueLength = 7
  /// Value of `Retry-After` for a refused client, in seconds.
  public var retryAfterSeconds = 5
  /// Time for which a result can be downloaded.
  public var resultLifetime: Duration = .seconds(24 * 3600)
  /// Time for which a finished generation can be polled.
  public var generationLifetime: Duration = .seconds(48 * 3600)
  /// Maximum number of finished generations remembered; the oldest are removed first.
  public var rememberedGenerations = 1000
  /// Time without data after which an upload is cancelled.
  public var idleTimeout: Duration = .seconds(30)
  /// Time without data, between requests or within a request's head, after which a connection is closed.
  ///
  /// The timeout is never less than twice `idleTimeout`, so that a stalled upload gets its response.
  public var connectionTimeout: Duration = .seconds(60)
  /// Maximum time to fetch a linked reference.
  public var fetchTimeout: Duration = .seconds(120)
  /// Parent directory of the service's private directory; nil for the system's temporary directory.
  public var temporaryFolder: String?
  /// A function called for every request served and every step of a generation, on any thread.
  ///
  /// The function may be called while other work waits for its return, and must not block. `LogWriter` is for output
  /// that may block.
  public var onEvent: @Sendable (LocalServerEvent) -> Void = { _ in }

  /// Creates a configuration with the documented defaults.
  public init() {}
}
