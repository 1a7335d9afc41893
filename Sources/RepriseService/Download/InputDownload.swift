package import RepriseSystem

/// Fetches a recording that a person named by its URL, without key and without cookies.
package enum InputDownload {
  /// Longest time in seconds that a download takes, however steadily its bytes trickle.
  static let longest = 3600.0

  /// Returns `true` if a text begins like an http or https URL.
  package static func isURL(_ text: String) -> Bool {
    let start = text.prefix(8).lowercased()
    return start.hasPrefix("http://") || start.hasPrefix("https://")
  }

  /// Fetches what a URL leads to.
  ///
  /// At most five redirects are followed, to http and https only and never from https to http. Credentials in the URL
  /// are sent to its own host only. Blocks: call it inside `offPool`.
  ///
  /// - Parameters:
  ///   - url: The URL, used byte for byte.
  ///   - file: An empty file that receives the bytes.
  ///   - limit: The largest number of bytes; more are refused at once, if the host announces them.
  ///   - timeouts: The time limits for connections, first responses and stalls.
  ///   - waiting: The clock for the time limits.
  ///   - cancellation: The caller's request to stop.
  ///   - progress: Called with the numbers of bytes received and announced.
  /// - Returns: The number of bytes.
  /// - Throws: `FetchProblem`.
  package static func fetch(
    _ url: String, into file: BorrowedFile, limit: Int, timeouts: ServiceDescription.Timeouts,
    waiting: Waiting = .machine, cancellation: Cancellation, progress: (_ received: Int, _ expected: Int?) -> Void
  ) throws(FetchProblem) -> Int {
    var address = try address(url)
    let sink = HTTPSink.input(descriptor: file.descriptor, path: file.path, limit: limit)
    for _ in 0...ResultDownload.longestChain {
      var request = HTTPRequest(address: address, timeouts: timeouts)
      request.within = longest
      request.waiting = waiting
      let answer: HTTPAnswer
      do throws(HTTPFailure) {
        answer = try HTTPClient.perform(request, into: sink, cancellation: cancellation) {
          progress($0.received, $0.expected)
        }
      } catch { throw problem(error, host: address.origin, limit: limit) }
      let host = printable(address.origin, limit: 120)
      if [301, 302, 303, 307, 308].contains(answer.status), let target = answer.redirect {
        let next = try Self.address(ResultAddress.repaired(target))
        guard !(address.scheme == "https" && next.scheme == "http") else { throw .insecureRedirect(host: host) }
        address = next
        continue
      }
      guard answer.status == 200 else { throw .status(answer.status, host: host) }
      if case .result(.encoded(let codings))? = ResultCheck.unaskedEncoding(answer.headers["content-encoding"])?.problem
      {
        throw .encoded(codings, host: host)
      }
      if let length = answer.headers.contentLength, length != answer.received {
        throw .cutShort(bytes: answer.received, announced: length)
      }
      return answer.received
    }
    throw .redirects(limit: ResultDownload.longestChain, host: printable(address.origin, limit: 120))
  }

  private static func address(_ url: String) throws(FetchProblem) -> WebAddress {
    do { return try WebAddress(url, what: "the input") } catch {
      if case .address(.unusable(_, .otherScheme(let scheme))) = error.problem { throw .scheme(scheme) }
      throw .address
    }
  }

  private static func problem(_ failure: HTTPFailure, host: String, limit: Int) -> FetchProblem {
    let host = printable(host, limit: 120)
    let length = failure.answer?.headers.contentLength
    switch failure.kind {
    case .answerTooLarge: return .tooLarge(limit: limit, announced: length.flatMap { $0 > limit ? $0 : nil })
    case .cancelled: return .cancelled
    case .tooSlow: return .tooSlow(host: host, reason: failure.message)
    case .untrusted: return .untrusted(host: host, reason: failure.message)
    case .cutShort: return .cutShort(bytes: failure.answer?.received ?? 0, announced: length)
    case .ours(let error):
      if case .file(let error) = error.problem { return .file(error) }
      return .noConnection(host: host, reason: "\(error)")
    case .noConnection, .noTunnel, .broken, .noProtocol, .streamEnded:
      return .noConnection(host: host, reason: failure.reason)
    }
  }
}
