import RepriseService
import Foundation
import HostileServer
import Synchronization
import TestSupport
import Testing

@Suite("Going on with a half download", .startsServers)
struct PartialDownloadTests {
  private static let audio = Array("ID3".utf8) + noise(300_000)
  private static let other = Array("ID3".utf8) + noise(300_500).reversed()
  private static let tag = #""abc-1""#

  private static let date = "Tue, 24 Nov 2026 10:00:00 GMT"
  private static let validators = [
    ["ETag: \(tag)"], ["Last-Modified: \(date)", "Date: Tue, 24 Nov 2026 10:00:01 GMT"],
    ["ETag: W/\"weak\"", "Last-Modified: \(date)", "Date: Tue, 24 Nov 2026 11:00:00 GMT"],
  ]

  @Test("another call, by another URL, asks for the rest only and joins it", arguments: validators)
  func goesOn(validators: [String]) async throws {
    let scratch = try Scratch()
    let part = PartialDownload(in: scratch.root)
    let isFirst = Atomic(true)
    let last = Mutex<CoverProgress?>(nil)
    try await withServer { connection, request in
      let cut = isFirst.exchange(false, ordering: .relaxed) ? 100_000 : nil
      serveRanges(connection, request, Self.audio, validators, cut: cut)
    } _: { server in
      let failure = try await error {
        _ = try await rangeClient(server.url).download(server.url + "/r?Signature=1", into: part, attempts: 1)
      }
      #expect(failure.code == .unreachable, "\(failure)")
      let held = part.byteCount
      #expect(held > 0 && held <= 100_000 && !part.isWhole)
      let result = try await rangeClient(server.url).download(server.url + "/r?Signature=2", into: part) { progress in
        last.withLock { $0 = progress }
      }
      #expect(result.isContinued && result.bytes == Self.audio.count && result.announcedBytes == Self.audio.count)
      #expect(try Data(contentsOf: URL(filePath: part.path)) == Data(Self.audio))
      #expect(part.isWhole && result.path == part.path)
      let lastSeen = last.withLock { $0 }
      #expect(lastSeen == .downloading(received: Self.audio.count, total: Self.audio.count))
      let requests = server.requests
      #expect(requests.count == 2)
      #expect(requests[0]["Range"] == nil && requests[0]["If-Range"] == nil)
      #expect(requests[1]["Range"] == "bytes=\(held)-")
      let validator = validators[0].contains("W/") ? validators[1] : validators[0]
      #expect(requests[1]["If-Range"] == String(validator.split(separator: ": ", maxSplits: 1)[1]))
      try #require(!requests.isEmpty)
      #expect(requests.allSatisfy { $0["Authorization"] == nil })
      #expect(requests[1].target == "/r?Signature=2")

      // What is whole is not asked for again.
      let again = try await rangeClient(server.url).download(server.url + "/r?Signature=3", into: part)
      #expect(again.bytes == Self.audio.count && server.requests.count == 2)
    }
  }

  @Test("the attempts of one call go on where the last one broke")
  func attempts() async throws {
    let scratch = try Scratch()
    let part = PartialDownload(in: scratch.root)
    try await withServer { connection, request in
      serveRanges(connection, request, Self.audio, ["ETag: \(Self.tag)"], cut: 120_000)
    } _: { server in
      let result = try await rangeClient(server.url).download(server.url + "/r", into: part)
      #expect(result.isContinued && result.bytes == Self.audio.count)
      #expect(try Data(contentsOf: URL(filePath: part.path)) == Data(Self.audio))
      let asked = server.requests.map { $0["Range"] }
      #expect(asked.first == .some(nil) && asked.dropFirst().allSatisfy { $0 != nil && $0 != "bytes=0-" })
    }
  }

  @Test("attempts count anew while bytes keep coming, and not for a few of them", arguments: [70_000, 1000])
  func progress(cut: Int) async throws {
    let scratch = try Scratch()
    let part = PartialDownload(in: scratch.root)
    try await withServer { connection, request in
      serveRanges(connection, request, Self.audio, ["ETag: \(Self.tag)"], cut: cut)
    } _: { server in
      if cut > 65_536 {
        let result = try await rangeClient(server.url).download(server.url + "/r", into: part, attempts: 2)
        #expect(result.bytes == Self.audio.count && server.requests.count == 5)
        #expect(try Data(contentsOf: URL(filePath: part.path)) == Data(Self.audio))
      } else {
        _ = try await error {
          _ = try await rangeClient(server.url).download(server.url + "/r", into: part, attempts: 2)
        }
        #expect(server.requests.count == 2)
      }
    }
  }

  @Test("a part that nobody asked for is as good as the whole if it is all of it", arguments: [0, 1])
  func unaskedPart(first: Int) async throws {
    let scratch = try Scratch()
    let part = PartialDownload(in: scratch.root)
    try await withServer { connection, request in
      let body = Array(Self.audio[first...])
      let range = "Content-Range: bytes \(first)-\(Self.audio.count - 1)/\(Self.audio.count)"
      connection.send("HTTP/1.1 206 Partial Content\r\n\(range)\r\nContent-Length: \(body.count)\r\n\r\n")
      connection.send(body)
    } _: { server in
      let client = try rangeClient(server.url)
      let output = scratch.path("cover.mp3")
      if first == 0 {
        #expect(try await client.download(server.url + "/r", into: part).bytes == Self.audio.count && part.isWhole)
        _ = try await client.download(server.url + "/r", to: output)
        #expect(try Data(contentsOf: URL(filePath: output)) == Data(Self.audio))
      } else {
        let failure = try await error { _ = try await client.download(server.url + "/r", into: part) }
        #expect(failure.code == .badAnswer && !part.isWhole)
        _ = try await error { _ = try await client.download(server.url + "/r", to: output) }
        #expect(!FileManager.default.fileExists(atPath: output))
      }
    }
  }

  struct Second: Sendable, CustomTestStringConvertible {
    var name: String
    var validators = ["ETag: \(tag)"]
    /// `true` if the second request may ask for a range.
    var asksForPart = true
    var script: @Sendable (RawConnection, ReceivedRequest) -> Void
    var testDescription: String { name }
  }

  private static func send(_ head: String, _ body: [UInt8]) -> @Sendable (RawConnection, ReceivedRequest) -> Void {
    { connection, request in
      // A request for the whole gets it; what is scripted is the answer to the request for a part.
      if request["Range"] == nil { return serveRanges(connection, request, other, ["ETag: \"new\""]) }
      connection.send("HTTP/1.1 \(head)\r\nContent-Length: \(body.count)\r\n\r\n")
      connection.send(body)
    }
  }

  static let seconds: [Second] = [
    Second(name: "another state of the result", script: { serveRanges($0, $1, other, ["ETag: \"new\""]) }),
    Second(
      name: "a host that never promised anything", validators: [], asksForPart: false,
      script: { serveRanges($0, $1, other, []) }),
    Second(
      name: "a weak tag", validators: ["ETag: W/\"weak\""], asksForPart: false,
      script: { serveRanges($0, $1, other, ["ETag: W/\"weak\""]) }),
    Second(
      name: "a date of change as young as the answer", validators: ["Last-Modified: \(date)", "Date: \(date)"],
      asksForPart: false, script: { serveRanges($0, $1, other, []) }),
    Second(
      name: "another first byte, at a length that would fit",
      script: send(
        "206 Partial Content\r\nETag: \(tag)\r\nContent-Range: bytes 99999-\(audio.count - 1)/\(audio.count)",
        Array(other[100_000..<audio.count]))),
    Second(
      name: "another total",
      script: send(
        "206 Partial Content\r\nETag: \(tag)\r\nContent-Range: bytes 100000-100999/101000",
        [UInt8](repeating: 9, count: 1000))),
    Second(
      name: "no Content-Range", script: send("206 Partial Content\r\nETag: \(tag)", [UInt8](repeating: 9, count: 1000))),
    Second(
      name: "another tag on the part",
      script: send(
        "206 Partial Content\r\nETag: \"new\"\r\nContent-Range: bytes 100000-300002/\(audio.count)",
        Array(other[100_000..<300_003]))),
    Second(
      name: "no tag on the part",
      script: send(
        "206 Partial Content\r\nContent-Range: bytes 100000-300002/\(audio.count)", Array(other[100_000..<300_003]))),
    Second(
      name: "another date on the part", validators: validators[1],
      script: send(
        "206 Partial Content\r\nLast-Modified: Tue, 24 Nov 2026 10:30:00 GMT\r\n"
          + "Content-Range: bytes 100000-300002/\(audio.count)", Array(other[100_000..<300_003]))),
    Second(
      name: "no date on the part", validators: validators[1],
      script: send(
        "206 Partial Content\r\nContent-Range: bytes 100000-300002/\(audio.count)", Array(other[100_000..<300_003]))),
    Second(
      name: "more than the range says",
      script: send(
        "206 Partial Content\r\nETag: \(tag)\r\nContent-Range: bytes 100000-100009/\(audio.count)",
        [UInt8](repeating: 9, count: 1000))),
    Second(name: "416 of another length", script: send("416 No\r\nContent-Range: bytes */50", [])),
    Second(name: "416 without a length", script: send("416 No", [])),
  ]

  @Test("what may be of another result is never joined: it is fetched anew", arguments: seconds)
  func anew(_ second: Second) async throws {
    let scratch = try Scratch()
    let part = PartialDownload(in: scratch.root)
    let isFirst = Atomic(true)
    try await withServer { connection, request in
      if isFirst.exchange(false, ordering: .relaxed) {
        serveRanges(connection, request, Self.audio, second.validators, cut: 100_000)
      } else {
        second.script(connection, request)
      }
    } _: { server in
      _ = try await error { _ = try await rangeClient(server.url).download(server.url + "/r", into: part, attempts: 1) }
      try #require(part.byteCount == 100_000)
      let result = try await rangeClient(server.url).download(server.url + "/r", into: part, attempts: 1)
      #expect(try Data(contentsOf: URL(filePath: part.path)) == Data(Self.other))
      #expect(!result.isContinued)
      #expect((server.requests[1]["Range"] == "bytes=100000-") == second.asksForPart)
    }
  }

  static let refusals: [(name: String, code: ServiceError.Code, answer: String, body: [UInt8])] = [
    ("a page", .notAudio, "200 OK", Array("<!DOCTYPE html><html>Sign in</html>".utf8)),
    ("a long page", .notAudio, "200 OK", Array(("<html>" + String(repeating: "wörter ", count: 9_000)).utf8)),
    ("nothing", .notAudio, "200 OK", []),
    ("gzip nobody asked for", .notAudio, "200 OK\r\nContent-Encoding: gzip", noise(5000)),
    ("an expired URL", .expired, "403 Forbidden", []),
    ("trouble", .serverTrouble, "500 Oops", []),
    ("a redirect to a file", .refused, "302 Found\r\nLocation: file:///etc/passwd", []),
  ]

  @Test("an answer that is no result costs nothing of what is there", arguments: refusals)
  func keeps(name: String, code: ServiceError.Code, answer: String, body: [UInt8]) async throws {
    let scratch = try Scratch()
    let part = PartialDownload(in: scratch.root)
    let count = Atomic(0)
    try await withServer { connection, request in
      switch count.wrappingAdd(1, ordering: .relaxed).oldValue {
      case 0: serveRanges(connection, request, Self.audio, ["ETag: \(Self.tag)"], cut: 100_000)
      case 1:
        connection.send("HTTP/1.1 \(answer)\r\nContent-Length: \(body.count)\r\n\r\n")
        connection.send(body)
      default: serveRanges(connection, request, Self.audio, ["ETag: \(Self.tag)"])
      }
    } _: { server in
      _ = try await error { _ = try await rangeClient(server.url).download(server.url + "/r", into: part, attempts: 1) }
      let failure = try await error {
        _ = try await rangeClient(server.url).download(server.url + "/r", into: part, attempts: 1)
      }
      #expect(failure.code == code, "\(failure)")
      #expect(part.byteCount == 100_000)
      let result = try await rangeClient(server.url).download(server.url + "/r", into: part, attempts: 1)
      #expect(result.isContinued && server.requests[2]["Range"] == "bytes=100000-")
      #expect(try Data(contentsOf: URL(filePath: part.path)) == Data(Self.audio))
    }
  }

  @Test("416 with the length that is there means that it is whole")
  func nothingMissing() async throws {
    let scratch = try Scratch()
    let part = PartialDownload(in: scratch.root)
    let isFirst = Atomic(true)
    try await withServer { connection, request in
      if isFirst.exchange(false, ordering: .relaxed) {
        // In chunks, so that the length is not known, and all of it but the last chunk.
        connection.send("HTTP/1.1 200 OK\r\nETag: \(Self.tag)\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.send(String(Self.audio.count, radix: 16) + "\r\n")
        connection.send(Self.audio)
      } else {
        serveRanges(connection, request, Self.audio, ["ETag: \(Self.tag)"])
      }
    } _: { server in
      _ = try await error { _ = try await rangeClient(server.url).download(server.url + "/r", into: part, attempts: 1) }
      #expect(part.byteCount == Self.audio.count && !part.isWhole)
      let result = try await rangeClient(server.url).download(server.url + "/r", into: part, attempts: 1)
      #expect(result.bytes == Self.audio.count && part.isWhole)
      #expect(try Data(contentsOf: URL(filePath: part.path)) == Data(Self.audio))
    }
  }

  @Test("text, too much and a part nobody asked for are refused, and nothing of them is kept")
  func refused() async throws {
    let big = [0xFF, 0xFB] + noise(1_100_000)
    let answers: [(ServiceError.Code, [String], [UInt8])] = [
      (.notAudio, ["200 OK"], Array("<html>no</html>".utf8)), (.tooLarge, ["200 OK"], big),
      (.badAnswer, ["206 Partial Content", "Content-Range: bytes 5-104/200"], noise(100)),
    ]
    for (code, head, body) in answers {
      let scratch = try Scratch()
      let part = PartialDownload(in: scratch.root)
      try await withServer { connection, _ in
        connection.answer(head[0], body, headers: Array(head.dropFirst()), type: "audio/mpeg")
      } _: { server in
        let failure = try await error {
          _ = try await rangeClient(server.url).download(server.url + "/r", into: part, attempts: 1)
        }
        #expect(failure.code == code, "\(failure)")
        #expect(part.byteCount == 0 && !part.isWhole)
      }
    }
  }

  @Test("a body in chunks is whole at its own end")
  func chunked() async throws {
    let scratch = try Scratch()
    let part = PartialDownload(in: scratch.root)
    try await withServer { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      connection.send(String(Self.audio.count, radix: 16) + "\r\n")
      connection.send(Self.audio)
      connection.send("\r\n0\r\n\r\n")
    } _: { server in
      let result = try await rangeClient(server.url).download(server.url + "/r", into: part)
      #expect(result.bytes == Self.audio.count && result.announcedBytes == nil && part.isWhole)
    }
  }
}
