/// The configuration of the local service.
package struct LocalServerConfiguration: Sendable {
  /// Port on 127.0.0.1; 0 lets the system choose one.
  package var port: UInt16 = 0
  /// Accepted model names.
  package var models: Set<String> = ["minimax/music-cover"]
  /// Permitted length of a prompt, in Unicode scalars.
  package var promptLength = 10...2000
  /// Permitted length of lyrics, in Unicode scalars.
  package var lyricsLength = 10...3000
  /// Maximum size of a reference, in bytes of audio.
  package var maximumReferenceBytes = 50_000_000
  /// Maximum size of a request body, in bytes: the reference in Base64 with every `/` escaped, the longest prompt and
  /// lyrics.
  package var maximumBodyBytes = 70_000_000
  /// Maximum number of generations that run at once.
  package var concurrentGenerations = 1
  /// Maximum number of further generations that wait, uploads included.
  package var queueLength = 7
  /// Value of `Retry-After` for a refused client, in seconds.
  package var retryAfterSeconds = 5
  /// Time for which a result can be downloaded.
  package var resultLifetime: Duration = .seconds(24 * 3600)
  /// Time for which a finished generation can be polled.
  package var generationLifetime: Duration = .seconds(48 * 3600)
  /// Maximum number of finished generations remembered; the oldest are removed first.
  package var rememberedGenerations = 1000
  /// Time without data after which an upload is cancelled.
  package var idleTimeout: Duration = .seconds(30)
  /// Time without data, between requests or within a request's head, after which a connection is closed.
  ///
  /// The timeout is never less than twice `idleTimeout`, so that a stalled upload gets its response.
  package var connectionTimeout: Duration = .seconds(60)
  /// Maximum time to fetch a linked reference.
  package var fetchTimeout: Duration = .seconds(120)
  /// Parent directory of the service's private directory; nil for the system's temporary directory.
  package var temporaryDirectory: String?
  /// A function called for every request served and every step of a generation, on any thread.
  ///
  /// The function may be called while other work waits for its return, and must not block. `LogWriter` is for output
  /// that may block.
  package var onEvent: @Sendable (LocalServerEvent) -> Void = { _ in }

  /// Creates a configuration with the documented defaults.
  package init() {}
}
