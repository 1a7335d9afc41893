import RepriseSystem

extension CoverClient {
  /// Downloads a result, without the key, and names the file `output` once it is complete.
  ///
  /// - Parameters:
  ///   - url: The result's URL as the service reported it (see `ResultAddress`).
  ///   - output: The final path.
  ///   - replacing: `true` to replace an existing file.
  ///   - attempts: The number of attempts while the connection or the host fails, at least one.
  ///   - progress: Called as bytes arrive.
  /// - Returns: The downloaded result.
  /// - Throws: `ServiceError`: `notAudio`, `expired`, `tooLarge`, `refused`, `serverTrouble`, `unreachable`,
  ///   `rateLimited`, `io`, `cancelled`. Nothing is left behind.
  package func download(
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

  /// Downloads a result, or the rest of it, without the key, and keeps the received bytes whatever happens.
  ///
  /// The next call resumes where this one ended, in this process or another, with this URL or another of the same
  /// result. Bytes are only ever appended to bytes of the same state of the result, which its host guarantees by a
  /// strong ETag or a strong modification date (RFC 9110, section 13.1.5); from a host without either the result is
  /// downloaded from the start.
  ///
  /// - Parameters:
  ///   - url: The result's URL as the service reported it (see `ResultAddress`).
  ///   - download: The partial download that keeps the bytes. A complete one is not fetched again.
  ///   - attempts: The number of attempts while the connection or the host fails, at least one; counted anew whenever
  ///     the file is 64 KiB longer than ever before in this call.
  ///   - progress: Called as bytes arrive.
  /// - Returns: The result, complete and flushed to disk at `download.path`.
  /// - Throws: `ServiceError`: `notAudio`, `expired`, `tooLarge`, `refused`, `serverTrouble`, `unreachable`,
  ///   `rateLimited`, `badAnswer`, `io`, `cancelled`.
  package func download(
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

  /// Returns a result's URL in the form in which it is requested: absolute, and without characters that no request can
  /// carry.
  ///
  /// - Parameter reported: The URL as the service reported it.
  /// - Returns: The URL to request.
  package func resultURL(_ reported: String) -> String { ResultAddress.url(reported, from: service.baseURL) }

  /// Number of bytes beyond the previous maximum that resets the count of attempts.
  ///
  /// A result has a largest size, so the attempts end.
  private static let leastProgress = 65_536

  /// Runs `fetch` off the pool until it succeeds, at most `attempts` times without progress of `held`, the bytes kept.
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
        progress(.retrying(error, nextIn: pause))
        do { try await waiting.sleep(for: pause) } catch {
          throw ServiceError(.cancelled, .detail("stopped before the result was fetched"))
        }
        attempt += 1
      }
    }
  }
}
