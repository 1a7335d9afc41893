/// The state on which libcurl's callbacks work during one exchange: the body sent, the response received.
///
/// The object is confined to the thread that runs the exchange; the callbacks are called on that thread only.
final class Exchange {
  private let sink: HTTPSink
  private var reader: RequestBodyReader?
  private let bodyBytes: Int
  /// Action to perform before the body's last bytes are sent; `nil` once performed.
  private var beforeLastBytes: (@Sendable () throws -> Void)?
  private(set) var bodySent = 0
  private(set) var status = 0
  private(set) var headers = HTTPHeaders()
  private(set) var body: [UInt8] = []
  private(set) var received = 0
  /// `true` once the response's own head is complete; later header callbacks carry trailers.
  private var isHeadOver = false
  /// First bytes of a body that goes to a file, to distinguish text from audio.
  private var head: [UInt8] = []
  /// Reason for which a callback stopped the exchange.
  private(set) var failure: HTTPFailure.Kind?

  /// `true` if nothing of the body may be sent before TLS has agreed on a protocol.
  var wantsProtocol = false
  /// `true` if the server selected none of the offered protocols.
  var hasNoProtocol = false

  /// Maximum number of bytes kept of the body of an error response.
  private static let textLimit = 65_536
  private static let headLimit = 1024

  init(_ request: HTTPRequest, sink: HTTPSink) throws(ServiceError) {
    self.sink = sink
    reader = if let body = request.body { try RequestBodyReader(body) } else { nil }
    bodyBytes = request.body?.byteCount ?? 0
    beforeLastBytes = request.beforeLastBytes
  }

  /// `true` while the response's body is being written to a file.
  var goesToFile: Bool {
    switch sink {
    case .memory: false
    case .file, .input: (200...299).contains(status)
    // The head may come long before the body, which is being made: until then the response is waited for.
    case .answer: (200...299).contains(status) && received > 0
    case .part: PartFile.takes(status)
    }
  }

  /// Value of Content-Length, if the response has a plausible one.
  var expected: Int? { headers.contentLength }

  /// The response received so far; `nil` before a status line.
  var answer: HTTPAnswer? {
    status == 0
      ? nil
      : HTTPAnswer(
        status: status, headers: headers, body: body, redirect: nil, received: received, bodySent: bodySent)
  }

  /// Returns the body's next bytes, at most `limit`; `nil` stops the exchange.
  func nextBytes(atMost limit: Int) -> ArraySlice<UInt8>? {
    if wantsProtocol && hasNoProtocol && bodySent == 0 {
      failure = .noProtocol
      return nil
    }
    do {
      let bytes = try reader?.next(atMost: limit) ?? []
      if bodySent + bytes.count >= bodyBytes { try seal() }
      bodySent += bytes.count
      return bytes
    } catch {
      failure = .ours(error)
      return nil
    }
  }

  private func seal() throws(ServiceError) {
    guard let act = beforeLastBytes else { return }
    beforeLastBytes = nil
    do { try act() } catch let error as ServiceError {
      // Whatever the closure's error claims, no complete request has been sent.
      var error = error
      error.mayHaveBeenAccepted = false
      throw error
    } catch {
      throw ServiceError(.io, .submission(.notNoted(ServiceError.Cause(error))))
    }
  }

  /// Takes one header line or status line; a later head (after 1xx) replaces an earlier one.
  ///
  /// Trailers are ignored: one that resembles a status line, or a length, would change the response after its body.
  ///
  /// - Parameter line: The line.
  /// - Returns: `true` to continue; `false` if the head announces a body that will not be taken, which may be long in
  ///   coming.
  func takeHeader(_ line: String) -> Bool {
    guard !isHeadOver, received == 0 else { return true }
    if line.hasPrefix("HTTP/") {
      headers = HTTPHeaders()
      let parts = line.split(separator: " ", maxSplits: 2)
      let code = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
      // 1xx precedes the final response and does not replace it.
      status = code >= 200 ? code : 0
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...]
      let name = String(line[..<colon])
      let text = trimmed(value)
      // A list in several field lines is one list (RFC 9110, section 5.3).
      let isList = name.lowercased() == "content-encoding"
      headers[name] = isList ? headers[name].map { $0 + ", " + text } ?? text : text
    } else if trimmed(line[...]).isEmpty {
      isHeadOver = status != 0
      if isHeadOver, goesToFile, case .input(_, _, let limit) = sink, let expected, expected > limit {
        return stop(.answerTooLarge(limit: limit))
      }
    }
    return true
  }

  private func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  /// Takes bytes of the response's body.
  ///
  /// - Parameter bytes: The bytes.
  /// - Returns: `true` to continue.
  func take(_ bytes: [UInt8]) -> Bool {
    received += bytes.count
    guard goesToFile else { return keep(bytes) }
    do {
      switch sink {
      case .memory: return keep(bytes)
      case .part(let part): try part.take(bytes, status: status, headers)
      case .answer(let descriptor, let path, let limit):
        // Bytes over the limit are still paid for: only the following ones are dropped.
        try writeAll(bytes[...], to: descriptor, path: path)
        guard received <= limit else { return stop(.answerTooLarge(limit: limit)) }
      case .input(let descriptor, let path, let limit):
        guard max(received, expected ?? 0) <= limit else { return stop(.answerTooLarge(limit: limit)) }
        try writeAll(bytes[...], to: descriptor, path: path)
      case .file(let descriptor, let path, let limit):
        guard received <= limit else { return stop(.answerTooLarge(limit: limit)) }
        if head.count < Self.headLimit {
          head.append(contentsOf: bytes.prefix(Self.headLimit - head.count))
          if head.count == Self.headLimit { try refuseText() }
        }
        try writeAll(bytes[...], to: descriptor, path: path)
      }
      return true
    } catch {
      return stop(.ours(error))
    }
  }

  private func keep(_ bytes: [UInt8]) -> Bool {
    var limit = Self.textLimit
    if case .memory(let wanted) = sink { limit = wanted }
    if body.count + bytes.count <= limit {
      body.append(contentsOf: bytes)
      return true
    }
    // The beginning of an error response is enough; a response that is needed whole is rejected.
    guard (200...299).contains(status) else {
      body.append(contentsOf: bytes.prefix(limit - body.count))
      return stop(.answerTooLarge(limit: limit))
    }
    return stop(.answerTooLarge(limit: limit))
  }

  /// Checks the content of a complete file.
  func finishFile() throws(ServiceError) {
    guard goesToFile else { return }
    switch sink {
    case .part(let part): try part.finish(status: status, headers)
    case .file where received < Self.headLimit: try refuseText()
    case .file, .input, .answer, .memory: return
    }
  }

  private func refuseText() throws(ServiceError) {
    if let error = ResultCheck.textInsteadOfAudio(head, contentType: headers["content-type"]) { throw error }
  }

  private func stop(_ kind: HTTPFailure.Kind) -> Bool {
    failure = kind
    return false
  }
}
