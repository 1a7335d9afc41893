package import Platform

/// Fetches a file over http or https, with nothing of ours on the way: no key, no cookie.
package enum ResultDownload {
  /// How many redirects are followed.
  static let longestChain = 5

  /// Fetches `url` and gives it the name `output` once it is whole. Blocks: call it inside `offPool`.
  ///
  /// - Parameters:
  ///   - url: used byte for byte.
  ///   - output: the file's final path.
  ///   - replacing: whether a file there may be replaced.
  ///   - limit: the most bytes that are taken.
  ///   - timeouts: for connections, first answers and stalls.
  /// - Throws: `ServiceError`: `notAudio` for empty, text, encoded; `expired`, `refused`, `serverTrouble`, `unreachable`,
  ///   `tooLarge`, `io`, `cancelled`. Nothing is left behind.
  package static func fetch(
    _ url: String, to output: String, replacing: Bool, limit: Int, timeouts: ServiceDescription.Timeouts,
    cancellation: Cancellation, progress: (CoverProgress) -> Void
  ) throws(ServiceError) -> Downloaded {
    var address = try WebAddress(url, what: "the result")
    let file: TemporaryFile
    do { file = try TemporaryFile(for: output, replacing: replacing) } catch {
      throw ServiceError(.io, error.description)
    }
    let sink = HTTPSink.file(descriptor: file.descriptor, path: output, limit: limit)
    for _ in 0...longestChain {
      let answer = try get(address, sink, timeouts, limit, cancellation, progress)
      if let next = try redirect(answer, from: address) {
        address = next
        continue
      }
      let error = answerError(answer, address)
      if let error { throw error }
      do { try file.commit() } catch { throw ServiceError(.io, error.description) }
      return Downloaded(
        path: output, bytes: answer.received, announcedBytes: answer.headers.contentLength,
        contentType: answer.headers["content-type"].map { printable($0, limit: 100) })
    }
    throw ServiceError(
      .refused,
      "the result's URL redirects more than \(longestChain) times; last to \(printable(address.origin, limit: 120))")
  }

  private static func get(
    _ address: WebAddress, _ sink: HTTPSink, _ timeouts: ServiceDescription.Timeouts, _ limit: Int,
    _ cancellation: Cancellation, _ progress: (CoverProgress) -> Void
  ) throws(ServiceError) -> HTTPAnswer {
    let request = HTTPRequest(address: address, timeouts: timeouts)
    do {
      return try HTTPClient.perform(request, into: sink, cancellation: cancellation) {
        progress(.downloading(received: $0.received, total: $0.expected))
      }
    } catch {
      if case .answerTooLarge = error.kind {
        throw ServiceError(
          .tooLarge, "the result at \(address.origin) is over \(megabytes(limit)), which no cover is; it was not kept")
      }
      throw FailureMeaning(place: printable(address.origin, limit: 120)).error(for: error)
    }
  }

  /// Where to go on, nil if the answer is no redirect.
  private static func redirect(_ answer: HTTPAnswer, from address: WebAddress) throws(ServiceError) -> WebAddress? {
    guard [301, 302, 303, 307, 308].contains(answer.status), let target = answer.redirect else { return nil }
    return try next(after: address, target: target)
  }

  /// The address a redirect leads to.
  ///
  /// - Throws: `ServiceError` (`refused`) if that is not http or https, or leads from https to http.
  package static func next(after address: WebAddress, target: String) throws(ServiceError) -> WebAddress {
    let next = try WebAddress(target, what: "the redirected result")
    guard !(address.scheme == "https" && next.scheme == "http") else {
      throw ServiceError(
        .refused, "the result at \(address.origin) redirects from https to http; that is not followed")
    }
    return next
  }

  private static func answerError(_ answer: HTTPAnswer, _ address: WebAddress) -> ServiceError? {
    guard answer.status == 200 else {
      let asked = AnswerMeaning.Asked.result(origin: address.origin)
      return AnswerMeaning(service: .aimlapi, key: nil, asked: asked).error(for: answer)
    }
    return ResultCheck.unaskedEncoding(answer.headers["content-encoding"])
  }
}
