import RepriseService
import Foundation
import HostileServer
import TestSupport
import Testing

@Suite("A result's URL as services tell it", .startsServers)
struct ResultAddressTests {
  @Test(
    "it is completed from the service's base URL, and repaired where no request could carry it",
    arguments: [
      ("https://cdn.example/a%2Fb.mp3?sig=%2B+x", "https://cdn.example/a%2Fb.mp3?sig=%2B+x"),
      ("HTTPS://CDN.example/A", "HTTPS://CDN.example/A"),
      ("//cdn.example/a.mp3?s=1", "https://cdn.example/a.mp3?s=1"),
      ("/files/a%2Fb.mp3", "https://api.example/files/a%2Fb.mp3"),
      ("files/a.mp3?s=1", "https://api.example/v9/files/a.mp3?s=1"),
      ("./a.mp3", "https://api.example/v9/a.mp3"), ("../a.mp3", "https://api.example/a.mp3"),
      ("../../../a.mp3", "https://api.example/a.mp3"), ("?id=7", "https://api.example/v9/?id=7"),
      (" \t\r\nhttps://cdn.example/a.mp3\n ", "https://cdn.example/a.mp3"),
      ("\u{FEFF}https://cdn.example/a.mp3\u{00A0}", "https://cdn.example/a.mp3"),
      ("https://cdn.example/my cover (1).mp3?n=a b", "https://cdn.example/my%20cover%20(1).mp3?n=a%20b"),
      ("https://cdn.example/long\n  /path", "https://cdn.example/long%20%20/path"),
      ("https://cdn.example/wrapped\r\nline\tend", "https://cdn.example/wrappedlineend"),
      ("/etc/passwd", "https://api.example/etc/passwd"), ("http://a b/c d", "http://a b/c%20d"),
      ("//a b/c", "https://a b/c"),
      ("http://cdn.example/\r\nX-Evil: y", "http://cdn.example/X-Evil:%20y"),
      ("https://cdn.example/a\u{7F}\u{1}b", "https://cdn.example/a%7F%01b"),
      ("https://cdn.example/a\u{00A0}b", "https://cdn.example/a%C2%A0b"),
      (" /my files/a b.mp3 ", "https://api.example/my%20files/a%20b.mp3"),
      ("s3://bucket/a.mp3", "s3://bucket/a.mp3"), ("data:audio/mpeg;base64,AAAA", "data:audio/mpeg;base64,AAAA"),
      ("https://cdn.example/%zz/../%2e%2e/x", "https://cdn.example/%zz/../%2e%2e/x"),
      ("", ""), (" \n", ""),
    ])
  func repaired(reported: String, wanted: String) {
    let url = ResultAddress.url(reported, from: "https://api.example/v9")
    #expect(url == wanted)
    #expect(ResultAddress.url(url, from: "https://api.example/v9") == url, "a second time changes it")
  }

  @Test(
    "a relative URL is fetched from the service, byte for byte, and without the key",
    arguments: ["/r/a%2Fb?s=%2B", "r/a%2Fb?s=%2B"])
  func fetched(reported: String) async throws {
    let scratch = try Scratch()
    try await withServer { connection, _ in
      connection.answer("200 OK", [0] + noise(5000), type: "audio/mpeg")
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: try key())
      _ = try await client.download(reported, to: scratch.path("c"))
      #expect(server.requests.map(\.target) == ["/r/a%2Fb?s=%2B"])
      #expect(server.requests.first?["Authorization"] == nil)
    }
  }

  @Test(
    "a Content-Encoding that changes no byte is no reason to refuse a result",
    arguments: [
      "aws-chunked", "AWS-Chunked", "identity", "Identity", "", "aws-chunked, identity", " aws-chunked ,", "none",
      "utf-8",
    ])
  func emptyCodings(value: String) async throws {
    let scratch = try Scratch()
    let audio = [0] + noise(5000)
    try await withServer { connection, _ in
      connection.answer("200 OK", audio, headers: ["Content-Encoding: \(value)"], type: "audio/mpeg")
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      _ = try await client.download(server.url + "/r", to: scratch.path("c"))
      #expect(try Data(contentsOf: URL(filePath: scratch.path("c"))) == Data(audio))
      let part = PartialDownload(in: scratch.root)
      _ = try await client.download(server.url + "/r", into: part)
      #expect(part.byteCount == audio.count)
    }
  }

  @Test(
    "one that does change them is",
    arguments: [["gzip"], ["aws-chunked, GZIP"], ["br", "aws-chunked"], ["zstd"], ["deflate"], ["x-gzip"]])
  func realCodings(lines: [String]) async throws {
    let scratch = try Scratch()
    try await withServer { connection, _ in
      connection.answer(
        "200 OK", [0] + noise(5000), headers: lines.map { "Content-Encoding: \($0)" }, type: "audio/mpeg")
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let failure = try await error { _ = try await client.download(server.url + "/r", to: scratch.path("c")) }
      guard case .result(.encoded) = failure.problem else {
        Issue.record(failure)
        return
      }
      #expect(failure.code == .notAudio)
    }
  }

  @Test("a store's word for what it refuses is reported, and an expired session is an expired URL")
  func storeCode() async throws {
    let scratch = try Scratch()
    try await withServer { connection, request in
      let code = request.target == "/old" ? "ExpiredToken" : "InvalidRequest"
      connection.answer(
        "400 Bad Request", "<?xml version='1.0'?><Error><Code>\(code)</Code></Error>", type: "application/xml")
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let old = try await error { _ = try await client.download(server.url + "/old", to: scratch.path("c")) }
      #expect(old.code == .expired && old.answer?.said == "ExpiredToken", "\(old)")
      let odd = try await error { _ = try await client.download(server.url + "/odd", to: scratch.path("c")) }
      #expect(odd.code == .refused && odd.answer?.said == "InvalidRequest", "\(odd)")
    }
  }
}
