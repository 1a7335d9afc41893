import Foundation
import RepriseLocalService
import RepriseSystem
import Synchronization
import TestSupport
import Testing

@Suite("A request", .startsServers)
struct RequestTests {
  @Test("to an unknown path is a 404, by a wrong method a 405 that says which are right")
  func routing() async throws {
    try await withService { baseURL in
      for path in [
        "/", "/v2/generate", "/v2/generate/audio/", "/v2/generate/audio/x", "/results", "/results/", "/..",
        "/v2/generate%2Faudio", "/%zz", "/%ff", "//x", "/é", "*", "http://127.0.0.1/",
      ] {
        expectError(try await exchange(baseURL, "GET", path), 404, path: path)
      }
      for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "PROPFIND"] {
        let response = try await exchange(baseURL, method, generatePath)
        expectError(response, 405)
        #expect(response.headers["allow"] == "GET, HEAD, POST")
      }
      let response = try await exchange(baseURL, "POST", "/results/covers%2Fx.mp3")
      expectError(response, 405, path: "/results/covers%2Fx.mp3")
      #expect(response.headers["allow"] == "GET, HEAD")
    }
  }

  @Test("for an unknown generation is a 404, without an id a 400")
  func polling() async throws {
    try await withService { baseURL in
      #expect(
        expectError(try await exchange(baseURL, "GET", generatePath + "?generation_id=-x%3Ay"), 404).contains(
          "no generation"))
      #expect(expectError(try await exchange(baseURL, "GET", generatePath), 400) == "generation_id is missing")
      expectError(try await exchange(baseURL, "GET", generatePath + "?generation_id="), 400)
      expectError(try await exchange(baseURL, "GET", generatePath + "?generation_id=%ff"), 400)
    }
  }

  @Test(
    "has its id echoed if it is fit to be, else it gets one",
    arguments: [
      ("a", true), ("A-z.0_9:", true), (String(repeating: "x", count: 128), true),
      (String(repeating: "x", count: 129), false), ("a b", false), ("a/b", false), ("é", false), ("", false),
    ])
  func requestID(id: String, isEchoed: Bool) async throws {
    try await withService { baseURL in
      let response = try await exchange(baseURL, "GET", generatePath, headers: ["X-Client-Request-Id": id])
      expectError(response, 400)
      let echoed = response.headers["x-client-request-id"] ?? ""
      #expect((echoed == id) == isEchoed)
      #expect(!echoed.isEmpty)
    }
  }

  @Test(
    "is refused if it came by a web page",
    arguments: [
      ["Host": "evil.example"], ["Host": "evil.example:8080"], ["Host": "127.0.0.1.evil.example"],
      ["Host": "127.0.0.1:x"],
      ["Host": "[::1]"], ["Origin": "https://evil.example"], ["Origin": "null"],
      ["Origin": "http://localhost.evil.example"],
      ["Origin": "file://localhost"], ["Sec-Fetch-Site": "cross-site"],
    ])
  func foreignPage(headers: [String: String]) async throws {
    try await withService { baseURL in
      expectError(try await exchange(baseURL, "GET", generatePath, headers: headers), 403)
      expectError(try await exchange(baseURL, "POST", generatePath, headers: headers, body: try submission()), 403)
    }
  }

  @Test(
    "from this machine is taken by either name, and from a page of this machine",
    arguments: [
      ["Host": "localhost"], ["Host": "LocalHost:80"], ["Host": "127.0.0.1:65535"],
      ["Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"],
    ])
  func localPage(headers: [String: String]) async throws {
    try await withService { baseURL in
      let accepted = try await exchange(baseURL, "POST", generatePath, headers: headers, body: try submission())
      #expect(accepted.status == 200)
    }
  }

  @Test("without a Host is a 400")
  func noHost() async throws {
    try await withService { baseURL in
      expectError(try await exchange(baseURL, "GET", generatePath, headers: ["Host": ""]), 400)
    }
  }

  @Test(
    "that is not JSON by its Content-Type is a 415",
    arguments: ["", "text/plain", "multipart/form-data; boundary=x", "application/jsonx"])
  func contentType(type: String) async throws {
    try await withService { baseURL in
      expectError(
        try await exchange(baseURL, "POST", generatePath, headers: ["Content-Type": type], body: try submission()), 415)
    }
  }

  @Test("may name a charset and carry a key, which is ignored and never logged")
  func keyIgnored() async throws {
    let log = LogLines()
    var configuration = LocalServerConfiguration()
    configuration.onEvent = { log.add("\($0)") }
    try await withService(configuration) { baseURL in
      let accepted = try await exchange(
        baseURL, "POST", generatePath + "?token=hidden",
        headers: ["Content-Type": "application/json; charset=utf-8", "Authorization": "Bearer sk-secret"],
        body: try submission(changing: ["lyrics": "words nobody else should read"]))
      #expect(accepted.status == 200)
      let id = try #require(accepted.json["id"] as? String)
      let done = try await finished(id, at: baseURL)
      _ = try await exchange(baseURL, "GET", try resultTarget(done, at: baseURL))
    }
    let all = log.all
    #expect(all.contains { $0.hasPrefix("POST /v2/generate/audio 200 ") })
    #expect(all.contains { $0.hasPrefix("GET /results/covers%2F") })
    #expect(all.contains { $0.hasSuffix(" generating") })
    for line in all {
      for secret in ["sk-secret", "hidden", "bossa", "nobody", "signature", "UklG", "generation_id"] {
        #expect(!line.contains(secret))
      }
    }
  }

  @Test("above the body limit is refused before its body is read, and the next connection is served")
  func tooLarge() async throws {
    var configuration = LocalServerConfiguration()
    configuration.maximumBodyBytes = 200_000
    try await withService(configuration) { baseURL in
      let message = try await offPool("test") { _ in
        var connection = try HTTPConnection(to: baseURL)
        // Only the head: the answer must not wait for the body.
        try connection.send(
          requestBytes("POST", generatePath, headers: ["Content-Length": "200001", "Content-Type": "application/json"]))
        let response = try connection.response()
        #expect(response.headers["connection"] == "close")
        return expectError(response, 413)
      }
      #expect(message == "the body is 200001 bytes, 1 over the limit of 200000")
      // A client that sends its whole body before it reads must still get the answer, not a reset.
      let whole = try await exchange(baseURL, "POST", generatePath, body: Data(repeating: 32, count: 3_000_000))
      expectError(whole, 413)
      #expect(try await exchange(baseURL, "POST", generatePath, body: try submission()).status == 200)
    }
  }

  @Test("that is chunked is read, and refused once it is above the limit")
  func chunked() async throws {
    var configuration = LocalServerConfiguration()
    configuration.maximumBodyBytes = 200_000
    try await withService(configuration) { baseURL in
      func send(_ body: Data, piece: Int) async throws -> HTTPConnection.Response {
        try await offPool("test") { _ in
          var connection = try HTTPConnection(to: baseURL)
          try connection.send(
            requestBytes(
              "POST", generatePath, headers: ["Transfer-Encoding": "chunked", "Content-Type": "application/json"]))
          var start = 0
          while start < body.count {
            let part = body[start..<min(start + piece, body.count)]
            try connection.send(Data((String(part.count, radix: 16) + "\r\n").utf8) + part + Data("\r\n".utf8))
            start += part.count
          }
          try connection.send(Data("0\r\n\r\n".utf8))
          return try connection.response()
        }
      }
      let accepted = try await send(try submission(), piece: 777)
      #expect(accepted.status == 200)
      let refused = try await send(Data(repeating: 32, count: 400_000), piece: 5000)
      #expect(expectError(refused, 413) == "the body is over the limit of 200000 bytes")
    }
  }

  @Test("may come in dribs and drabs")
  func slow() async throws {
    try await withService { baseURL in
      let bytes = requestBytes("POST", generatePath, body: try submission())
      let response = try await offPool("test") { _ in
        var connection = try HTTPConnection(to: baseURL)
        var start = 0
        while start < bytes.count {
          let end = min(start + bytes.count / 12 + 1, bytes.count)
          try connection.send(bytes[start..<end])
          start = end
          Thread.sleep(forTimeInterval: 0.02)
        }
        return try connection.response()
      }
      #expect(response.status == 200)
    }
  }

  @Test("that stops coming is a 408, and its place is free again")
  func stalled() async throws {
    var configuration = LocalServerConfiguration()
    configuration.idleTimeout = .milliseconds(300)
    configuration.queueLength = 0
    try await withService(configuration) { baseURL in
      let bytes = requestBytes("POST", generatePath, body: try submission())
      let response = try await offPool("test") { _ in
        var connection = try HTTPConnection(to: baseURL)
        try connection.send(bytes.prefix(20_000))
        return try connection.response()
      }
      #expect(expectError(response, 408) == "the body stopped coming for 0.3 seconds")
      #expect(response.headers["connection"] == "close")
      #expect(try await exchange(baseURL, "POST", generatePath, body: Data("{".utf8)).status == 400)
    }
  }

  @Test("whose body is cut off leaves nothing behind, and its place is free again")
  func truncated() async throws {
    try await withDirectory { directory in
      var configuration = LocalServerConfiguration()
      configuration.temporaryDirectory = directory
      configuration.queueLength = 0
      try await withService(configuration) { baseURL in
        let bytes = requestBytes("POST", generatePath, body: try submission(audio: wav(seconds: 60)))
        let response = try await offPool("test") { _ in
          var connection = try HTTPConnection(to: baseURL)
          try connection.send(bytes.prefix(600_000))
          connection.finishSending()
          return try connection.response()
        }
        let message = expectError(response, 400)
        #expect(message.hasPrefix("the body ended after ") && message.hasSuffix(" bytes"))
        try await offPool("test") { _ in
          let connection = try HTTPConnection(to: baseURL)
          try connection.send(bytes.prefix(600_000))
        }
        // The one place is given back when the server notices that the client has gone.
        var status = 429
        while status == 429 {
          let accepted = try await exchange(baseURL, "POST", generatePath, body: try submission())
          status = accepted.status
          if let id = accepted.json["id"] as? String { _ = try await finished(id, at: baseURL) }
        }
        #expect(status == 200)
        let names = try keptFiles(in: directory)
        #expect(names.count == 1 && names[0].hasPrefix("result-"))
      }
    }
  }

  @Test("can follow another on the same connection, also after an error and with its body unread")
  func keepAlive() async throws {
    try await withService { baseURL in
      let statuses = try await offPool("test") { _ in
        var connection = try HTTPConnection(to: baseURL)
        var statuses: [Int] = []
        try connection.send(requestBytes("GET", generatePath + "?generation_id=x"))
        statuses.append(try connection.response().status)
        try connection.send(requestBytes("POST", generatePath, body: Data("{".utf8)))
        statuses.append(try connection.response().status)
        try connection.send(requestBytes("POST", "/nowhere", body: Data("GET /smuggled HTTP/1.1\r\n\r\n".utf8)))
        statuses.append(try connection.response().status)
        try connection.send(requestBytes("POST", generatePath, body: try submission()))
        statuses.append(try connection.response().status)
        // A body that was never read must not be taken for a request: the connection ends.
        let smuggled = Data(String(repeating: "GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", count: 500).utf8)
        try connection.send(requestBytes("POST", "/nowhere", body: smuggled))
        let last = try connection.response()
        statuses.append(last.status)
        #expect(last.headers["connection"] == "close")
        let isAtEnd = connection.isAtEnd()
        #expect(isAtEnd)
        return statuses
      }
      #expect(statuses == [404, 400, 404, 200, 404])
    }
  }
}

/// Collects a log's lines.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])
  func add(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}
