import RepriseService
import RepriseSystem
import Foundation
import HostileServer
import TestSupport
import Testing

@Suite("Fetching an input by its URL", .startsServers)
struct InputDownloadTests {
  private static let audio = Array("RIFF".utf8) + noise(200_000)

  /// Fetches from a server that follows a script; returns the bytes, and the requests that came.
  private static func fetch(
    limit: Int = 1_000_000, _ script: @escaping RawServer.Script
  ) async throws -> (bytes: [UInt8], requests: [ReceivedRequest]) {
    try await withServer(script) { server in
      let file = try PrivateFile(in: Directories.temporary())
      var timeouts = ServiceDescription.Timeouts()
      (timeouts.connect, timeouts.answer, timeouts.stall) = (3, 3, 1)
      let count = try await fetched(server.url + "/song.wav", file, limit, timeouts)
      let kept = try bytes(of: file.path)
      #expect(kept.count == count)
      return (kept, server.requests)
    }
  }

  private static func fetched(
    _ url: String, _ file: PrivateFile, _ limit: Int, _ timeouts: ServiceDescription.Timeouts
  ) async throws(FetchProblem) -> Int {
    let result: Result<Int, FetchProblem>
    do {
      result = try await offPool("test.fetch") { cancellation in
        Result { () throws(FetchProblem) in
          try InputDownload.fetch(
            url, into: file.borrowed, limit: limit, timeouts: timeouts, cancellation: cancellation,
            progress: { _, _ in })
        }
      }
    } catch { throw .cancelled }
    return try result.get()
  }

  /// The problem with which fetching ends; `nil` if it succeeds or ends with another error.
  private static func problem(
    limit: Int = 1_000_000, _ script: @escaping RawServer.Script
  ) async -> FetchProblem? {
    do { _ = try await fetch(limit: limit, script) } catch { return error as? FetchProblem }
    return nil
  }

  @Test("the bytes come whole, whatever the content type says", arguments: ["audio/wav", "text/html", "", "image/png"])
  func whole(type: String) async throws {
    let (bytes, requests) = try await Self.fetch { connection, _ in
      connection.answer("200 OK", Self.audio, type: type)
    }
    #expect(bytes == Self.audio)
    #expect(requests.map { $0["Authorization"] } == [nil] && requests.map { $0["Cookie"] } == [nil])
  }

  @Test("text is fetched as well: what it is, the inspection says")
  func text() async throws {
    #expect(
      try await Self.fetch { connection, _ in connection.answer("200 OK", "<html>") }.bytes == Array("<html>".utf8))
  }

  @Test("an announced size over the limit is refused before the body is taken")
  func announced() async {
    let found = await Self.problem(limit: 1000) { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n")
      connection.send([UInt8](repeating: 1, count: 100))
      connection.waitForClose()
    }
    #expect(found == .tooLarge(limit: 1000, announced: 5_000_000_000))
  }

  @Test(
    "an announced size over the limit is refused when the head arrives, though no body does",
    arguments: [1001, 1_000_000_000_000])
  func announcedAlone(length: Int) async {
    let found = await Self.problem(limit: 1000) { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n")
      connection.waitForClose()
    }
    #expect(found == .tooLarge(limit: 1000, announced: length))
  }

  @Test("a body without end is stopped at the limit")
  func endless() async {
    let found = await Self.problem(limit: 300_000) { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\n\r\n")
      while connection.send([UInt8](repeating: 1, count: 65536)) {}
    }
    #expect(found == .tooLarge(limit: 300_000, announced: nil))
  }

  @Test("a body that stalls is given up")
  func stalled() async {
    let found = await Self.problem { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
      connection.waitForClose()
    }
    guard case .tooSlow? = found else { return #expect(found == .terminal) }
  }

  @Test("a body shorter than announced is told with both numbers")
  func lie() async {
    let found = await Self.problem { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabcde")
    }
    #expect(found == .cutShort(bytes: 5, announced: 1000))
  }

  @Test("a body longer than announced is taken as announced")
  func longer() async throws {
    let (bytes, _) = try await Self.fetch { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nRIFFand more")
    }
    #expect(bytes == Array("RIFF".utf8))
  }

  @Test(
    "a redirect leads to http and https only", arguments: ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://a/"])
  func scheme(target: String) async {
    let found = await Self.problem { connection, _ in
      connection.answer("302 Found", "", headers: ["Location: \(target)"])
    }
    #expect(found == .scheme(String(target.prefix { $0 != ":" })))
  }

  @Test("redirects in a loop are followed five times")
  func loop() async {
    let found = await Self.problem { connection, _ in
      connection.answer("301 Moved", "", headers: ["Location: /again"])
    }
    guard case .redirects(limit: 5, _)? = found else { return #expect(found == .terminal) }
  }

  @Test("credentials of the first URL do not go to the host of a redirect")
  func credentials() async throws {
    try await withServer { connection, _ in
      connection.answer("200 OK", Self.audio)
    } _: { target in
      let server = target.url
      try await withServer { connection, _ in
        connection.answer("302 Found", "", headers: ["Location: \(server)/there"])
      } _: { first in
        let file = try PrivateFile(in: Directories.temporary())
        let url = first.url.replacing("http://", with: "http://me:secret@")
        _ = try await Self.fetched(url + "/a", file, 1_000_000, ServiceDescription.Timeouts())
        #expect(target.requests.map { $0["Authorization"] } == [nil])
      }
    }
  }

  @Test("another status is told", arguments: [404, 403, 500, 206])
  func status(code: Int) async {
    let found = await Self.problem { connection, _ in connection.answer("\(code) No", "x") }
    guard case .status(code, _)? = found else { return #expect(found == .terminal) }
  }

  @Test("a compressed body, which nobody asked for, is told and not taken for audio")
  func gzip() async {
    let found = await Self.problem { connection, request in
      connection.answer("200 OK", [0x1F, 0x8B, 8, 0], headers: ["Content-Encoding: gzip"])
    }
    guard case .encoded("gzip", _)? = found else { return #expect(found == .terminal) }
  }

  @Test("what is no URL with a host is refused", arguments: ["http://", "https:///a", "http://a b/"])
  func address(url: String) async throws {
    let file = try PrivateFile(in: Directories.temporary())
    do throws(FetchProblem) {
      _ = try await Self.fetched(url, file, 1000, ServiceDescription.Timeouts())
      Issue.record("fetched")
    } catch { #expect(error == .address) }
  }
}
