internal import RepriseService
internal import RepriseSystem

/// Fetches linked references with the client's own downloader.
///
/// Only http and https are supported, a redirect never leads to another origin nor from https to http, and no
/// credentials are sent. Links to this machine and to private networks are followed: the service is one person's own,
/// on loopback. See docs/threat-model.md before any other deployment.
package struct LinkedReferenceFetcher: ReferenceFetcher {
  /// Creates a fetcher.
  package init() {}

  /// Downloads `url` to a new file at `path`.
  ///
  /// - Throws: `ServiceError` with a message about the link's host, never its query; `CancellationError`.
  package func fetch(_ url: String, to path: String, maximumBytes: Int, timeout: Duration) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          try await offPool("reprise.fetch") { cancellation in
            _ = try ResultDownload.fetch(
              url, to: path, replacing: false, limit: maximumBytes, timeouts: .init(), cancellation: cancellation,
              progress: { _ in })
          }
        } catch let error as ServiceError {
          if error.code == .cancelled { throw CancellationError() }
          throw Self.rephrased(error, limit: maximumBytes)
        }
      }
      group.addTask {
        try await Task.sleep(for: timeout)
        throw ServiceError(.timedOut, .detail("it took longer than \(timeout)"))
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Rewords an error of the downloader, whose messages are about a cover that is downloaded.
  private static func rephrased(_ error: ServiceError, limit: Int) -> ServiceError {
    switch error.code {
    case .tooLarge: ServiceError(.tooLarge, .detail("it is over the limit of \(limit) bytes"))
    case .expired, .notFound: ServiceError(error.code, .detail("its host says that it is not there"))
    case .notAudio: ServiceError(.notAudio, .detail("its host sends no audio"))
    default: error
    }
  }
}
