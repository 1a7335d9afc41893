internal import RepriseService
internal import RepriseSystem

/// Fetches linked references by the client's own downloader: http and https only, a redirect never leads elsewhere nor
/// from https to http, and nothing of ours goes along.
///
/// Links to this machine and to private networks are followed: the service is one person's own, on loopback. See
/// docs/threat-model.md before putting it anywhere else.
public struct LinkedReferenceFetcher: ReferenceFetcher {
  /// A fetcher.
  public init() {}

  /// Downloads `url` to a new file at `path`.
  ///
  /// - Throws: `ServiceError` in words about the link's host, never its query; `CancellationError`.
  public func fetch(_ url: String, to path: String, maximumBytes: Int, timeout: Duration) async throws {
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
          throw Self.inOtherWords(error, limit: maximumBytes)
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

  /// The downloader speaks of a cover that comes back.
  private static func inOtherWords(_ error: ServiceError, limit: Int) -> ServiceError {
    switch error.code {
    case .tooLarge: ServiceError(.tooLarge, .detail("it is over the limit of \(limit) bytes"))
    case .expired, .notFound: ServiceError(error.code, .detail("its host says that it is not there"))
    case .notAudio: ServiceError(.notAudio, .detail("its host sends no audio"))
    default: error
    }
  }
}
