import RepriseService
import RepriseSystem
import Foundation
import HostileServer
import Synchronization
import TestSupport
import Testing

@Suite("Downloading a result", .startsServers)
struct DownloadTests {
  private static let audio = Array("ID3".utf8) + noise(300_000)

  private func client(_ url: String) throws -> CoverClient {
    try CoverClient(service: try quickService(url), key: try key())
  }

  @Test("a result arrives byte for byte, without the key, by a URL nobody touched")
  func wholeWay() async throws {
    let scratch = try Scratch()
    let output = scratch.path("cover.mp3")
    let target = "/b%2Fc/./x/../%7Ey//z%2f?X-Amz-Signature=a%2Bb+c&empty=&q=%zz"
    let last = Mutex<CoverProgress?>(nil)
    try await withServer { connection, _ in
      connection.answer("200 OK", Self.audio, type: "application/octet-stream")
    } _: { server in
      let result = try await client(server.url).download(server.url + target, to: output) { progress in
        last.withLock { $0 = progress }
      }
      #expect(try Data(contentsOf: URL(filePath: output)) == Data(Self.audio))
      #expect(result.bytes == Self.audio.count && result.announcedBytes == Self.audio.count)
      let lastSeen = last.withLock { $0 }
      #expect(lastSeen == .downloading(received: Self.audio.count, total: Self.audio.count))
      let request = try #require(server.requests.first)
      #expect(request.target == target)
      #expect(request["Authorization"] == nil)
      #expect(request["User-Agent"] == "reprise/\(RepriseVersion.current)")
      #expect(try scratch.contents() == ["cover.mp3"])
    }
  }

  @Test("the key reaches the service and neither the result's host nor a host it redirects to")
  func keyStaysHome() async throws {
    let scratch = try Scratch()
    try await withServer { connection, _ in
      connection.answer("200 OK", Self.audio, type: "audio/mpeg")
    } _: { store in
      try await withServer { connection, _ in
        connection.answer("302 Found", "", headers: ["Location: \(store.url)/final"])
      } _: { front in
        let result = "\(front.url)/start"
        try await withServer { connection, _ in
          connection.answer("200 OK", #"{"id":"g","status":"completed","audio_file":{"url":"\#(result)"}}"#)
        } _: { service in
          let client = try client(service.url)
          let generation = try await client.waitForCompletion(of: Contract.Generation(id: "g", status: .queued))
          let url = try #require(generation.audioFile?.url)
          _ = try await client.download(url, to: scratch.path("cover.mp3"))
          #expect(service.requests.map { $0["Authorization"] } == ["Bearer \(secret)"])
          #expect(front.requests.map { $0["Authorization"] } == [nil])
          #expect(store.requests.map { $0["Authorization"] } == [nil])
          #expect(store.requests.map(\.target) == ["/final"])
        }
      }
    }
  }

  struct BadResult: Sendable, CustomTestStringConvertible {
    var name: String
    var code: ServiceError.Code
    var tells: @Sendable (ServiceError.Problem) -> Bool
    var script: @Sendable (RawConnection) -> Void
    var testDescription: String { name }
  }

  private static func result(_ body: [UInt8], _ headers: [String] = [], type: String = "audio/mpeg")
    -> @Sendable (RawConnection) -> Void
  {
    { $0.answer("200 OK", body, headers: headers, type: type) }
  }

  private static func redirect(_ target: String) -> @Sendable (RawConnection) -> Void {
    { $0.answer("302 Found", "", headers: ["Location: \(target)"]) }
  }

  static let badResults: [BadResult] = [
    BadResult(name: "empty", code: .notAudio, tells: { $0 == .result(.empty) }, script: result([])),
    BadResult(
      name: "a page", code: .notAudio, tells: { if case .result(.text(kind: .page, _)) = $0 { true } else { false } },
      script: result(Array("\n <!DOCTYPE html><html>Sign in</html>".utf8), type: "audio/mpeg")),
    BadResult(
      name: "a long page", code: .notAudio,
      tells: { if case .result(.text(kind: .page, _)) = $0 { true } else { false } },
      script: result(Array(("<html>" + String(repeating: "wörter ", count: 50_000)).utf8), type: "text/html")),
    BadResult(
      name: "JSON", code: .notAudio,
      tells: { $0 == .result(.text(kind: .json, mediaType: "application/octet-stream")) },
      script: result(Array(#"{"message":"gone","statusCode":404}"#.utf8), type: "application/octet-stream")),
    BadResult(
      name: "XML", code: .notAudio, tells: { $0 == .result(.text(kind: .xml, mediaType: "audio/mpeg")) },
      script: result(Array("<?xml version='1.0'?><Error/>".utf8))),
    BadResult(
      name: "gzip nobody asked for", code: .notAudio, tells: { $0 == .result(.encoded("gzip")) },
      script: result([0x1F, 0x8B, 8, 0] + noise(500), ["Content-Encoding: gzip"])),
    BadResult(
      name: "expired", code: .expired, tells: { $0.answer?.status == 403 && $0.answer?.meaning == .expired },
      script: { $0.answer("403 Forbidden", "<Error><Code>AccessDenied</Code></Error>", type: "application/xml") }),
    BadResult(
      name: "gone", code: .expired, tells: { $0.answer?.status == 404 && $0.answer?.meaning == .expired },
      script: { $0.answer("404 Not Found", "") }),
    BadResult(
      name: "cut off", code: .unreachable, tells: { if case .connection(.cutShort) = $0 { true } else { false } },
      script: {
        $0.send("HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n"); $0.send(audio)
      }),
    BadResult(
      name: "a chunk missing", code: .unreachable,
      tells: { if case .connection(.cutShort) = $0 { true } else { false } },
      script: {
        $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n"); $0.send(Array(audio.prefix(500)))
      }),
    BadResult(
      name: "a reset", code: .unreachable, tells: { if case .connection(.broken) = $0 { true } else { false } },
      script: { $0.reset() }),
    BadResult(
      name: "server trouble", code: .serverTrouble,
      tells: { $0.answer?.status == 500 && $0.answer?.meaning == .serverTrouble }, script: { $0.answer("500 Oops", "") }
    ),
    BadResult(
      name: "a redirect to a file", code: .refused,
      tells: { $0 == .address(.unusable(what: "the redirected result", .otherScheme("file"))) },
      script: redirect("file:///etc/passwd")),
    BadResult(
      name: "a redirect to gopher", code: .refused,
      tells: { $0 == .address(.unusable(what: "the redirected result", .otherScheme("gopher"))) },
      script: redirect("gopher://127.0.0.1:1/x")),
    BadResult(
      name: "a redirect loop", code: .refused,
      tells: { if case .address(.tooManyRedirects(limit: 5, _)) = $0 { true } else { false } },
      script: redirect("/again")),
    BadResult(
      name: "too large", code: .tooLarge,
      tells: { if case .result(.tooLarge(limit: 1_000_000, _)) = $0 { true } else { false } },
      script: result([0xFF, 0xFB] + noise(1_100_000))),
    BadResult(
      name: "too large without saying so", code: .tooLarge,
      tells: { if case .result(.tooLarge(limit: 1_000_000, _)) = $0 { true } else { false } },
      script: {
        $0.send("HTTP/1.1 200 OK\r\n\r\n")
        for _ in 0..<2000 where $0.isOpen { $0.send(audio) }
      }),
  ]

  @Test("what is not a whole result is refused, and nothing is left behind", arguments: badResults)
  func badResult(_ bad: BadResult) async throws {
    let scratch = try Scratch()
    try await withServer { connection, _ in
      bad.script(connection)
    } _: { server in
      var service = try quickService(server.url)
      service.limits.maximumResultBytes = 1_000_000
      let client = try CoverClient(service: service, key: try key())
      let failure = try await error {
        _ = try await client.download(server.url + "/r?Signature=hidden", to: scratch.path("cover.mp3"), attempts: 1)
      }
      #expect(failure.code == bad.code, "\(failure)")
      #expect(bad.tells(failure.problem), "\(failure)")
      #expect(!"\(failure) \(failure.problem)".contains("hidden"), "a presigned query is a secret")
      #expect(try scratch.contents().isEmpty)
    }
  }

  @Test("a broken download is tried again and ends whole")
  func triedAgain() async throws {
    let scratch = try Scratch()
    let count = Atomic(0)
    try await withServer { connection, _ in
      switch count.add(1, ordering: .relaxed).newValue {
      case 1:
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
        connection.send(Self.audio)
      case 2: connection.answer("503 Service Unavailable", "")
      default: connection.answer("200 OK", Self.audio)
      }
    } _: { server in
      let result = try await client(server.url).download(server.url + "/r", to: scratch.path("cover.mp3"))
      #expect(result.bytes == Self.audio.count)
      #expect(try Data(contentsOf: URL(filePath: result.path)) == Data(Self.audio))
      #expect(try scratch.contents() == ["cover.mp3"])
    }
  }

  @Test("headerless samples are audio, silence and chunks among them")
  func headerless() async throws {
    let scratch = try Scratch()
    try await withServer { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n")
      connection.send([UInt8](repeating: 0, count: 256))
      connection.send("\r\n0\r\n\r\n")
    } _: { server in
      let result = try await client(server.url).download(server.url + "/r", to: scratch.path("cover.pcm"))
      #expect(result.bytes == 256 && result.announcedBytes == nil)
    }
  }

  @Test("in chunks a body knows its own end, whatever Content-Length says", arguments: [1, 300, 999_999])
  func chunksAndLength(announced: Int) async throws {
    let scratch = try Scratch()
    try await withServer { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: \(announced)\r\n\r\n100\r\n")
      connection.send([UInt8](repeating: 0, count: 256))
      connection.send("\r\n0\r\n\r\n")
    } _: { server in
      let result = try await client(server.url).download(server.url + "/r", to: scratch.path("cover.pcm"))
      #expect(result.bytes == 256 && result.announcedBytes == nil)
    }
  }

  @Test("the words name the port")
  func namesThePort() async throws {
    let scratch = try Scratch()
    try await withServer { connection, _ in
      connection.answer("404 Not Found", "")
    } _: { server in
      let failure = try await error {
        _ = try await client(server.url).download(server.url + "/r?s=1", to: scratch.path("cover.mp3"))
      }
      #expect(failure.answer?.who == "http://127.0.0.1:\(server.port)", "\(failure)")
    }
  }

  @Test("a download that stalls is given up")
  func stalled() async throws {
    let scratch = try Scratch()
    try await withServer { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
      connection.send(Self.audio)
      connection.waitForClose()
    } _: { server in
      var service = try quickService(server.url)
      service.timeouts.stall = 0.3
      let client = try CoverClient(service: service, key: nil)
      let failure = try await error {
        _ = try await client.download(server.url + "/r", to: scratch.path("cover.mp3"), attempts: 1)
      }
      guard case .connection(.tooSlow) = failure.problem else {
        Issue.record(failure)
        return
      }
      #expect(failure.code == .unreachable)
      #expect(try scratch.contents().isEmpty)
    }
  }

  @Test("cancelling a download ends it at once and leaves nothing")
  func cancelled() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    try await withServer { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
      connection.send(Self.audio)
      connection.waitForClose()
    } _: { server in
      let client = try client(server.url)
      let (started, signal) = AsyncStream.makeStream(of: Void.self)
      let task = Task {
        try await error {
          _ = try await client.download(server.url + "/r", to: directory + "/cover.mp3") { _ in signal.yield() }
        }
      }
      for await _ in started { break }
      task.cancel()
      #expect(try await task.value.code == .cancelled)
      #expect(try scratch.contents().isEmpty)
    }
  }

  @Test("an existing output is kept unless it may be replaced")
  func existing() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("cover.mp3", [1, 2, 3])
    try await withServer { connection, _ in
      connection.answer("200 OK", Self.audio)
    } _: { server in
      let client = try client(server.url)
      let failure = try await error { _ = try await client.download(server.url + "/r", to: path) }
      #expect(failure.code == .io)
      #expect(failure.problem == .file(FileError(.exists, path: path)))
      #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2, 3]))
      _ = try await client.download(server.url + "/r", to: path, replacing: true)
      #expect(try Data(contentsOf: URL(filePath: path)) == Data(Self.audio))
    }
  }

  @Test(
    "only http and https URLs are fetched",
    arguments: [
      "file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "http://a b/", "http://a\u{1}b/", "mailto:a@b",
    ])
  func badURL(url: String) async throws {
    let scratch = try Scratch()
    let client = try client("http://127.0.0.1:9")
    let failure = try await error { _ = try await client.download(url, to: scratch.path("cover.mp3")) }
    #expect(failure.code == .refused)
    #expect(try scratch.contents().isEmpty)
  }
}
