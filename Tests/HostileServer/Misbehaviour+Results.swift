internal import Foundation

extension Misbehaviour {
  /// Answers a question; false leaves it to the service.
  func answersPoll(
    _ connection: RawConnection, _ generation: CountingService.Generation, _ service: CountingService
  ) -> Bool {
    func refuse(_ status: Int, _ phrase: String, _ message: String, _ headers: [String] = []) {
      connection.answer("\(status) \(phrase)", CountingService.refusal(status, message), headers: headers)
    }
    switch self {
    case .complete: service.reportCompleted(connection, generation, word: "complete")
    case .unknownStatuses:
      let statuses = ["waiting", "active", "", "POST-PROCESSING v2", "ünïcödé"]
      let turn = service.turn("poll")
      guard turn < statuses.count else { return false }
      connection.answer("200 OK", service.pending(generation, statuses[turn]))
    case .endless: connection.answer("200 OK", service.pending(generation, "generating"))
    case .dripsAnswers:
      connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
      var patience = 1200
      while patience > 0, connection.send(" ") {
        pause(0.05)
        patience -= 1
      }
      if patience == 0 { service.outlasted() }
    case .tooManyQuestions:
      guard service.turn("poll") < 3 else { return false }
      refuse(429, "Too Many Requests", "Too many requests")
    case .tooManyQuestionsSeconds:
      guard service.turn("poll") == 0 else { return false }
      service.leaveAlone(seconds: 2)
      refuse(429, "Too Many Requests", "Too many requests", ["Retry-After: 2"])
    case .tooManyQuestionsDate:
      guard service.turn("poll") == 0 else { return false }
      refuse(429, "Too Many Requests", "Too many requests", [Self.retryDate(service, seconds: 2)])
    case .questionsFail:
      switch service.turn("poll") {
      case 0, 1: refuse(502, "Bad Gateway", "Bad gateway")
      case 2: connection.reset()
      default: return false
      }
    case .forgetsKey: refuse(401, "Unauthorized", "Invalid key")
    case .forgetsGeneration: refuse(404, "Not Found", "No such generation")
    case .hugeStatus: Self.sendHuge(connection)
    case .invalidText:
      let head = Array(#"{"id":"x","status":"generating","note":""#.utf8)
      connection.answer("200 OK", head + [0xFF, 0xFE, 0xC0, 0x80] + Array(#""}"#.utf8))
    case .generationFails:
      connection.answer(
        "200 OK",
        #"{"id":\#(service.quoted(generation.id)),"status":"error","error":{"name":"Unsafe","message":"sensitive content"}}"#
      )
    case .redirectsQuestions:
      connection.answer("302 Found", "", headers: ["Location: \(Self.elsewhere(service))/v2/generate/audio"])
    default: return false
    }
    return true
  }

  /// Answers a request for the result; false leaves it to the service.
  func answersResult(
    _ connection: RawConnection, _ request: ReceivedRequest, _ generation: CountingService.Generation,
    _ service: CountingService
  ) -> Bool {
    let cover = service.cover
    func redirect(_ target: String) { connection.answer("302 Found", "", headers: ["Location: \(target)"]) }
    switch self {
    case .resultDrops:
      guard service.turn("result") == 0 else { return false }
      connection.send(
        "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nETag: \(service.entityTag)\r\nAccept-Ranges: bytes\r\n"
          + "Content-Length: \(cover.count)\r\n\r\n")
      service.send(Array(cover.prefix(cover.count / 2)), connection, generation)
      pause(0.2)
      connection.reset()
    case .resultShort: connection.answer("200 OK", Array(cover.prefix(cover.count / 2)), type: "audio/mpeg")
    case .resultWithoutLength:
      connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\n")
      service.send(cover, connection, generation)
    case .resultEmpty: connection.answer("200 OK", [], type: "audio/mpeg")
    case .resultIsPage:
      connection.answer("200 OK", "<!DOCTYPE html><html><body>Sign in</body></html>", type: "audio/mpeg")
    case .resultIsJSON: connection.answer("200 OK", #"{"error":"not ready"}"#, type: "application/octet-stream")
    case .resultIsBomb: connection.answer("200 OK", Self.bomb, headers: ["Content-Encoding: gzip"], type: "audio/mpeg")
    case .resultIsHiddenBomb: connection.answer("200 OK", Self.bomb, type: "application/octet-stream")
    case .resultFromFile: redirect("file:///etc/passwd")
    case .resultElsewhere:
      // "localhost" is another host than 127.0.0.1 to everybody but the machine.
      guard request["Host"]?.hasPrefix("127.") == true else { return false }
      redirect(service.resultURL(generation).replacingOccurrences(of: "127.0.0.1", with: "localhost"))
    case .resultInCircles: redirect(service.resultURL(generation))
    case .resultExpired:
      connection.answer("403 Forbidden", CountingService.storeError("AccessDenied"), type: "application/xml")
    default: return false
    }
    return true
  }

  /// Gzip that unfolds to 512 MB: members of 1 MB of zeros each, one behind the other.
  static let bomb: [UInt8] = {
    // RFC 1952's head, then RFC 1951: fixed codes, a zero, and matches of 258 bytes at distance 1.
    var bits: [UInt8] = []
    var held: UInt32 = 0
    var count = 0
    func put(_ value: UInt32, _ length: Int) {
      held |= value << count
      count += length
      while count >= 8 {
        bits.append(UInt8(held & 0xFF))
        held >>= 8
        count -= 8
      }
    }
    put(1, 1)
    put(1, 2)
    // The literal 0 is 00110000; length 258 is symbol 285, 11000101; distance 1 is 00000. Codes go first bit first.
    put(0b0000_1100, 8)
    let matches = 4_000
    for _ in 0..<matches {
      put(0b1010_0011, 8)
      put(0, 5)
    }
    put(0, 7)
    // Up to the next whole byte.
    put(0, (8 - count) % 8)
    let size = 1 + matches * 258
    var crc: UInt32 = 0xFFFF_FFFF
    for _ in 0..<size * 8 { crc = (crc >> 1) ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    crc = ~crc
    func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8((value >> (8 * UInt32($0))) & 0xFF) } }
    let member = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + bits + little(crc) + little(UInt32(size))
    return Array((0..<512).map { _ in member }.joined())
  }()
}
