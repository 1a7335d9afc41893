internal import Foundation

extension Misbehaviour {
  /// Treats a submission before its body was read; true if that was all.
  func refusesSubmission(_ connection: RawConnection, _ request: ReceivedRequest, _ service: CountingService) -> Bool {
    let total = Int(request["Content-Length"] ?? "") ?? 0
    func refuse(_ status: String, _ body: String, _ headers: [String] = [], type: String = "application/json") -> Bool {
      _ = connection.readBody(total)
      connection.answer(status, body, headers: headers, type: type)
      return true
    }
    switch self {
    case .dropsBeforeBody:
      connection.reset()
      return true
    case .dropsDuringBody, .dropsShortBody:
      _ = connection.readBody(total / 2)
      connection.reset()
      return true
    case .tooManySubmissions: return refuse("429 Too Many Requests", CountingService.refusal(429, "Too many requests"))
    case .tooManyAtFirst:
      guard service.turn("submission") == 0 else { return false }
      service.leaveAlone(seconds: 1)
      return refuse(
        "429 Too Many Requests", CountingService.refusal(429, "Concurrency limit reached"), ["Retry-After: 1"])
    case .notAvailableAtFirst:
      guard service.turn("submission") == 0 else { return false }
      return refuse(
        "503 Service Unavailable", CountingService.refusal(503, "Overloaded"), [Self.retryDate(service, seconds: 2)])
    case .noCredit:
      return refuse("403 Forbidden", CountingService.refusal(403, "You've run out of credits. Please top up"))
    case .wrongKey:
      // Careless services say the key back.
      let message = "Invalid key: \(request["Authorization"] ?? "none")"
      return refuse("401 Unauthorized", CountingService.refusal(401, message))
    case .gatewayRefuses: return refuse("403 Forbidden", "error code: 1010", type: "text/plain; charset=UTF-8")
    case .bodyTooLarge:
      connection.answer(
        "413 Payload Too Large", "<html><head><title>413 Request Entity Too Large</title></head></html>",
        type: "text/html")
      connection.waitForClose(seconds: 2)
      return true
    case .errorWithin200:
      return refuse("200 OK", #"{"error":{"name":"BadRequest","message":"reference audio is not usable"}}"#)
    case .statusWithin200:
      return refuse(
        "200 OK", #"{"statusCode":"403","message":"You've run out of credits","path":"/v2/generate/audio"}"#)
    case .redirectsSubmission:
      return refuse("307 Temporary Redirect", "", ["Location: \(Self.elsewhere(service))/v2/generate/audio"])
    default: return false
    }
  }

  /// Answers a submission that was accepted; false leaves it to the service.
  func answersSubmission(
    _ connection: RawConnection, _ generation: CountingService.Generation, _ service: CountingService
  ) -> Bool {
    let whole = service.pending(generation, "queued")
    switch self {
    case .dropsAfterBody, .dropsAndLists: connection.reset()
    case .neverAnswers: if !connection.waitForClose(seconds: 60) { service.outlasted() }
    case .answersNobody:
      connection.waitForClose(seconds: 60)
      connection.answer("200 OK", whole)
    case .failsAfterBody: connection.answer("500 Internal Server Error", CountingService.refusal(500, "Internal error"))
    case .gatewayTimesOut: connection.answer("504 Gateway Timeout", CountingService.refusal(504, "Generation timeout"))
    case .invalidJSON: connection.answer("200 OK", #"{"id":"half","sta"#)
    case .pageForAnswer:
      connection.answer("200 OK", "<!doctype html><html><body>Just a moment...</body></html>", type: "text/html")
    case .answerTooShort:
      connection.send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(whole.utf8.count + 500)\r\n\r\n\(whole)"
      )
    case .answerWithoutLength:
      connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n\(whole)")
    case .hugeAnswer: Self.sendHuge(connection)
    default: return false
    }
    return true
  }

  /// 100 MB of valid JSON, or as much of it as the client wants.
  static func sendHuge(_ connection: RawConnection) {
    let head = #"{"id":"huge","status":"queued","padding":""#
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
    connection.send(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(head.utf8.count + 100_000_000 + 2)\r\n\r\n"
    )
    connection.send(head)
    for _ in 0..<100 where !connection.send(piece) { return }
    connection.send("\"}")
  }

  /// A `Retry-After` as a date so many seconds from now; who asks before it is counted.
  static func retryDate(_ service: CountingService, seconds: Double) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    // Such dates know whole seconds only.
    let date = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + seconds).rounded(.down))
    service.leaveAlone(seconds: date.timeIntervalSinceNow - 0.05)
    return "Retry-After: \(format.string(from: date))"
  }

  /// Returns a URL of the same machine under another name: a client that requests it has followed a redirect.
  static func elsewhere(_ service: CountingService) -> String { "http://localhost:\(service.port)/elsewhere" }
}
