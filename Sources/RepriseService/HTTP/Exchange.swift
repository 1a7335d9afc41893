/// What libcurl's callbacks work on during one exchange: the body going out, the response coming in.
///
/// It belongs to the thread that runs the exchange; the callbacks are called on that thread only.
final class Exchange {
  private let sink: HTTPSink
  private var reader: RequestBodyReader?
  private let bodyBytes: Int
  /// What is to be done before the body's last bytes leave; `nil` once it is.
  private var beforeLastBytes: (@Sendable () throws -> Void)?
  private(set) var bodySent = 0
  private(set) var status = 0
  private(set) var headers = HTTPHeaders()
  private(set) var body: [UInt8] = []
  private(set) var received = 0
  /// Whether the response's own head is over: what libcurl hands on as headers then are trailers.
  private var isHeadOver = false
  /// The first bytes of a body that goes to a file, to tell text from audio.
  private var head: [UInt8] = []
  /// Why a callback stopped the exchange.
  private(set) var failure: HTTPFailure.Kind?

  /// Whether nothing of the body may leave before TLS has agreed on a protocol.
  var wantsProtocol = false
  /// Whether the server agreed on none of the protocols that were offered to it.
  var hasNoProtocol = false

  /// How many bytes of a response's words are kept when its body is not wanted in full.
  private static let wordsLimit = 65_536
  private static let headLimit = 1024

  init(_ request: HTTPRequest, sink: HTTPSink) throws(ServiceError) {
    self.sink = sink
    reader = if let body = request.body { try RequestBodyReader(body) } else { nil }
    bodyBytes = request.body?.byteCount ?? 0
    beforeLastBytes = request.beforeLastBytes
  }

  /// Whether the response's body is on its way into a file.
  var goesToFile: Bool {
    switch sink {
    case .memory: false
    case .file: (200...299).contains(status)
    // Its head may come long before its body, which is being made: until then it is a response that is waited for.
    case .answer: (200...299).contains(status) && received > 0
    case .part: PartFile.takes(status)
    }
  }

  /// Content-Length, if the response has a plausible one.
  var expected: Int? { headers.contentLength }

  /// What has come so far, if a status line has.
  var answer: HTTPAnswer? {
    status == 0
      ? nil
      : HTTPAnswer(
        status: status, headers: headers, body: body, redirect: nil, received: received, bodySent: bodySent)
  }

  /// The body's next bytes, at most `limit`; `nil` stops the exchange.
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
      // Whoever threw it can't know better: nothing whole has left.
      var error = error
      error.mayHaveBeenAccepted = false
      throw error
    } catch {
      throw ServiceError(.io, .submission(.notNoted(ServiceError.Cause(error))))
    }
  }

  /// Takes one header line, the status line among them; a later head (after 1xx) replaces an earlier one. Trailers are
  /// left: one that looks like a status line, or a length, would change what the response says after its body.
  func takeHeader(_ line: String) {
    guard !isHeadOver, received == 0 else { return }
    if line.hasPrefix("HTTP/") {
      headers = HTTPHeaders()
      let words = line.split(separator: " ", maxSplits: 2)
      let code = words.count > 1 ? Int(words[1]) ?? 0 : 0
      // 1xx is said before the response, not instead of it.
      status = code >= 200 ? code : 0
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...]
      let name = String(line[..<colon])
      let text = trimmed(value)
      // A list that comes in several lines is one list (RFC 9110, section 5.3).
      let isList = name.lowercased() == "content-encoding"
      headers[name] = isList ? headers[name].map { $0 + ", " + text } ?? text : text
    } else if trimmed(line[...]).isEmpty {
      isHeadOver = status != 0
    }
  }

  private func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  /// Takes bytes of the response's body.
  ///
  /// - Returns: whether to go on.
  func take(_ bytes: [UInt8]) -> Bool {
    received += bytes.count
    guard goesToFile else { return keep(bytes) }
    do {
      switch sink {
      case .memory: return keep(bytes)
      case .part(let part): try part.take(bytes, status: status, headers)
      case .answer(let descriptor, let path, let limit):
        // What is over the limit is still paid for: only what follows is left.
        try writeAll(bytes[...], to: descriptor, path: path)
        guard received <= limit else { return stop(.answerTooLarge(limit: limit)) }
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
    var limit = Self.wordsLimit
    if case .memory(let wanted) = sink { limit = wanted }
    if body.count + bytes.count <= limit {
      body.append(contentsOf: bytes)
      return true
    }
    // Of an error's words the beginning is enough; a response that we need whole is refused.
    guard (200...299).contains(status) else {
      body.append(contentsOf: bytes.prefix(limit - body.count))
      return stop(.answerTooLarge(limit: limit))
    }
    return stop(.answerTooLarge(limit: limit))
  }

  /// Looks at what a file was made of, once it is complete.
  func finishFile() throws(ServiceError) {
    guard goesToFile else { return }
    switch sink {
    case .part(let part): try part.finish(status: status, headers)
    case .file where received < Self.headLimit: try refuseText()
    case .file, .answer, .memory: return
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
