import Platform

extension CoverClient {
  /// Fetches a result, without the key, and gives it the name `output` once it is whole.
  ///
  /// - Parameters:
  ///   - url: the result's URL, used byte for byte.
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
    var attempt = 1
    while true {
      do {
        return try await fetch(url, to: output, replacing: replacing, progress: progress)
      } catch {
        guard attempt < attempts, [.rateLimited, .serverTrouble, .unreachable].contains(error.code) else { throw error }
        // 1, 2, 4 … s with the remote service's settings, a fraction of that with the local one's.
        let usual = min(service.polling.firstInterval / 5, 1) * Double(1 << min(attempt - 1, 5))
        let asked = error.retryAfter?.inSeconds ?? 0
        guard asked <= 60 else { throw error }
        let pause = Duration.seconds(max(usual, asked))
        progress(.troubled(error, nextIn: pause))
        do { try await Task.sleep(for: pause, clock: .continuous) } catch {
          throw ServiceError(.cancelled, "stopped before the result was fetched")
        }
        attempt += 1
      }
    }
  }

  private func fetch(
    _ url: String, to output: String, replacing: Bool, progress: @escaping @Sendable (CoverProgress) -> Void
  ) async throws(ServiceError) -> Downloaded {
    let limit = service.limits.maximumResultBytes
    let timeouts = service.timeouts
    do {
      return try await offPool("reprise.download") { cancellation in
        try ResultDownload.fetch(
          url, to: output, replacing: replacing, limit: limit, timeouts: timeouts, cancellation: cancellation,
          progress: progress)
      }
    } catch let error as ServiceError {
      throw error
    } catch {
      throw ServiceError(.io, "\(output): \(error)")
    }
  }
}
