package import RepriseSystem

/// Downloads a file over http or https, without key and without cookies.
package enum ResultDownload {
  /// Maximum number of redirects that are followed.
  static let longestChain = 5

  /// Downloads `url` and names the file `output` once it is complete.
  ///
  /// Blocks: call it inside `offPool`.
  ///
  /// - Parameters:
  ///   - url: The URL, used byte for byte.
  ///   - output: The file's final path.
  ///   - replacing: `true` to replace an existing file.
  ///   - limit: The maximum size of the result in bytes.
  ///   - timeouts: The time limits for connections, first responses and stalls.
  ///   - cancellation: The caller's request to stop.
  ///   - progress: Called as bytes arrive.
  /// - Returns: The downloaded result.
  /// - Throws: `ServiceError`: `notAudio` for an empty, text or encoded body; `expired`, `refused`, `serverTrouble`,
  ///   `unreachable`, `tooLarge`, `io`, `cancelled`. Nothing is left behind.
  package static func fetch(
    _ url: String, to output: String, replacing: Bool, limit: Int, timeouts: ServiceDescription.Timeouts,
    cancellation: Cancellation, progress: (CoverProgress) -> Void
  ) throws(ServiceError) -> Downloaded {
    let address = try WebAddress(url, what: "the result")
    let file: TemporaryFile
    do { file = try TemporaryFile(for: output, replacing: replacing, isNameless: true) } catch {
      throw ServiceError(.io, .file(error))
    }
    let sink = HTTPSink.file(descriptor: file.descriptor, path: output, limit: limit)
    let request = HTTPRequest(address: address, timeouts: timeouts)
    let (answer, last) = try follow(request, sink, limit, cancellation) {
      progress(.downloading(received: $0.received, total: $0.expected))
    }
    if let error = answerError(answer, last) { throw error }
    do { try file.commit() } catch { throw ServiceError(.io, .file(error)) }
    return Downloaded(
      path: output, bytes: answer.received, announcedBytes: answer.headers.contentLength,
      contentType: answer.headers["content-type"].map { printable($0, limit: 100) })
  }

  /// Downloads `url`, or the rest of it, into `download`.
  ///
  /// Blocks: call it inside `offPool`.
  ///
  /// - Parameters:
  ///   - url: The URL, used byte for byte.
  ///   - download: The bytes of the result so far, perhaps from another URL.
  ///   - limit: The maximum size of the result in bytes.
  ///   - timeouts: The time limits for connections, first responses and stalls.
  ///   - cancellation: The caller's request to stop.
  ///   - progress: Called as bytes arrive.
  /// - Returns: The downloaded result.
  /// - Throws: As `fetch(_:to:…)`. Received bytes stay, unless they are no audio or too large.
  static func fetch(
    _ url: String, into download: PartialDownload, limit: Int, timeouts: ServiceDescription.Timeouts,
    cancellation: Cancellation, progress: (CoverProgress) -> Void
  ) throws(ServiceError) -> Downloaded {
    let address = try WebAddress(url, what: "the result")
    let file = try PartFile(download, limit: limit)
    var mayRestart = true
    while !file.isWhole {
      let request = HTTPRequest(address: address, headers: file.nextHeaders(), timeouts: timeouts)
      do throws(ServiceError) {
        let (answer, last) = try follow(request, .part(file), limit, cancellation) {
          progress(.downloading(received: file.base + $0.received, total: file.notes.total ?? $0.expected))
        }
        if answer.status == 416, !request.headers.isEmpty {
          if file.isWhole(by: answer) { break }
          throw ServiceError(.badAnswer, .result(.noPart))
        }
        if let error = answerError(answer, last, isPart: true) { throw error }
      } catch {
        // Once: a response to a request for the whole cannot mismatch, but a host may send parts all the same.
        guard file.isMismatched, mayRestart, !request.headers.isEmpty else { throw error }
        mayRestart = false
        try file.clear()
      }
    }
    try file.complete()
    return Downloaded(
      path: download.path, bytes: file.count, announcedBytes: file.announced, contentType: file.notes.contentType,
      isContinued: file.isContinued)
  }

  /// Sends a request and follows redirects.
  ///
  /// - Returns: The last response and its address.
  private static func follow(
    _ request: HTTPRequest, _ sink: HTTPSink, _ limit: Int, _ cancellation: Cancellation,
    _ progress: (HTTPProgress) -> Void
  ) throws(ServiceError) -> (HTTPAnswer, WebAddress) {
    var request = request
    for _ in 0...longestChain {
      let answer = try get(request, sink, limit, cancellation, progress)
      guard let next = try redirect(answer, from: request.address) else { return (answer, request.address) }
      request.address = next
    }
    let last = printable(request.address.origin, limit: 120)
    throw ServiceError(.refused, .address(.tooManyRedirects(limit: longestChain, lastOrigin: last)))
  }

  private static func get(
    _ request: HTTPRequest, _ sink: HTTPSink, _ limit: Int, _ cancellation: Cancellation,
    _ progress: (HTTPProgress) -> Void
  ) throws(ServiceError) -> HTTPAnswer {
    let address = request.address
    do {
      return try HTTPClient.perform(request, into: sink, cancellation: cancellation, progress: progress)
    } catch {
      if case .answerTooLarge = error.kind {
        throw ServiceError(.tooLarge, .result(.tooLarge(limit: limit, origin: address.origin)))
      }
      throw FailureMeaning(peer: printable(address.origin, limit: 120)).error(for: error)
    }
  }

  /// Returns the address to which a response redirects, or `nil` if it is no redirect.
  private static func redirect(_ answer: HTTPAnswer, from address: WebAddress) throws(ServiceError) -> WebAddress? {
    guard [301, 302, 303, 307, 308].contains(answer.status), let target = answer.redirect else { return nil }
    return try next(after: address, target: target)
  }

  /// Returns the address to which a redirect leads.
  ///
  /// - Parameters:
  ///   - address: The address that redirects.
  ///   - target: The redirect's target.
  /// - Returns: The address.
  /// - Throws: `ServiceError` (`refused`) if the target is not http or https, or leads from https to http.
  package static func next(after address: WebAddress, target: String) throws(ServiceError) -> WebAddress {
    let next = try WebAddress(ResultAddress.repaired(target), what: "the redirected result")
    guard !(address.scheme == "https" && next.scheme == "http") else {
      throw ServiceError(.refused, .address(.insecureRedirect(origin: address.origin)))
    }
    return next
  }

  /// `true` if an unrequested 206 response holds all of the result.
  private static func isWhole(_ answer: HTTPAnswer) -> Bool {
    guard let range = ContentRange(answer.headers["content-range"]), let part = range.part, let total = range.total
    else {
      return false
    }
    return part == 0...(total - 1) && answer.received == total
  }

  private static func answerError(
    _ answer: HTTPAnswer, _ address: WebAddress, isPart: Bool = false
  ) -> ServiceError? {
    guard answer.status == 200 || answer.status == 206 && (isPart || isWhole(answer)) else {
      let asked = AnswerMeaning.Asked.result(origin: address.origin)
      return AnswerMeaning(service: .aimlapi, key: nil, asked: asked).error(for: answer)
    }
    return ResultCheck.unaskedEncoding(answer.headers["content-encoding"])
  }
}
