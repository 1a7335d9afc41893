import RepriseSystem

extension CoverClient {
  /// Fetches a result, without the key, and gives it the name `output` once it is whole.
  ///
  /// - Parameters:
  ///   - url: the result's URL as the service told it (see `ResultAddress`).
  ///   - output: the final path.
  ///   - replacing: whether a file there may be replaced.
  ///   - attempts: how often it is tried while the way to it is in trouble, at least once.
  ///   - progress: called as bytes arrive.
  /// - Throws: `ServiceError`: `notAudio`, `expired`, `tooLarge`, `refused`, `serverTrouble`, `unreachable`, `rateLimited`, `io`,
  ///   `cancelled`. Nothing is left behind.
  public func download(
    _ url: String, to output: String, replacing: Bool = false, attempts: Int = 3,
    progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
  ) async throws(ServiceError) -> Downloaded {
    let limit = service.limits.maximumResultBytes
    let timeouts = service.timeouts
    let url = resultURL(url)
    return try await trying(attempts, output, progress) { cancellation throws(ServiceError) in
      try ResultDownload.fetch(
        url, to: output, replacing: replacing, limit: limit, timeouts: timeouts, cancellation: cancellation,
        progress: progress)
    }
  }

  /// Fetches a result, without the key, or what is missing of it, and keeps what has come whatever happens: the next call
  /// goes on where this one ended, in this process or another, by this URL or another of the same result.
  ///
  /// What is there is only ever joined to bytes of the same state of the result, which its host promises by a strong ETag
  /// or date of change (RFC 9110, section 13.1.5); from a host that promises nothing it is fetched anew.
  ///
  /// - Parameters:
  ///   - url: the result's URL as the service told it (see `ResultAddress`).
  ///   - download: where the bytes are kept. A whole one is not fetched again.
  ///   - attempts: how often it is tried while the way to it is in trouble, at least once; they count anew whenever 64 kiB
  ///     more are there than ever before in this call.
  ///   - progress: called as bytes arrive.
  /// - Returns: the result, whole and on the disk at `download.path`.
  /// - Throws: `ServiceError`: `notAudio`, `expired`, `tooLarge`, `refused`, `serverTrouble`, `unreachable`, `rateLimited`,
  ///   `badAnswer`, `io`, `cancelled`.
  public func download(
    _ url: String, into download: PartialDownload, attempts: Int = 3,
    progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
  ) async throws(ServiceError) -> Downloaded {
    let limit = service.limits.maximumResultBytes
    let timeouts = service.timeouts
    let url = resultURL(url)
    return try await trying(attempts, download.path, progress, held: { download.byteCount }) {
      cancellation throws(ServiceError) in
      try ResultDownload.fetch(
        url, into: download, limit: limit, timeouts: timeouts, cancellation: cancellation, progress: progress)
    }
  }

  /// A result's URL as it is used: absolute, and without what no request can carry.
  ///
  /// - Parameter told: what the service said of it.
  public func resultURL(_ told: String) -> String { ResultAddress.url(told, from: service.baseURL) }

  /// How many more bytes than ever before make an attempt a new first one. A result has a largest size, so this ends.
  private static let leastProgress = 65_536

  /// Runs `fetch` off the pool until it is done, at most so often without progress by `held`, the bytes that are there.
  private func trying(
    _ attempts: Int, _ path: String, _ progress: @escaping @Sendable (CoverProgress) -> Void,
    held: () -> Int = { 0 },
    _ fetch: @escaping @Sendable (Cancellation) throws(ServiceError) -> Downloaded
  ) async throws(ServiceError) -> Downloaded {
    var attempt = 1
    var most = held()
    while true {
      do throws(ServiceError) {
        do {
          return try await offPool("reprise.download") { try fetch($0) }
        } catch let error as ServiceError {
          throw error
        } catch {
          throw ServiceError(.io, .failed(path: path, ServiceError.Cause(error)))
        }
      } catch {
        let now = held()
        if attempts > 1, now - most >= Self.leastProgress { attempt = 1 }
        most = max(most, now)
        guard attempt < attempts, [.rateLimited, .serverTrouble, .unreachable].contains(error.code) else { throw error }
        // 1, 2, 4 … s with the remote service's settings, a fraction of that with the local one's.
        let usual = min(service.polling.firstInterval / 5, 1) * Double(1 << min(attempt - 1, 5))
        let asked = error.retryAfter?.inSeconds ?? 0
        guard asked <= 60 else { throw error }
        let pause = Duration.seconds(max(usual, asked))
        progress(.troubled(error, nextIn: pause))
        do { try await waiting.sleep(for: pause) } catch {
          throw ServiceError(.cancelled, .detail("stopped before the result was fetched"))
        }
        attempt += 1
      }
    }
  }
}
