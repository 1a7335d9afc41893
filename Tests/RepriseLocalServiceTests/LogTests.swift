import RepriseService
import Foundation
import RepriseLocalService
import TestSupport
import Testing

@Suite("The service's log", .startsServers)
struct LogTests {
  private static let path = "/v2/logs"

  private func entries(_ response: HTTPConnection.Response) throws -> [[String: Any]] {
    #expect(response.status == 200, "\(response.message)")
    return try #require(response.json["data"] as? [[String: Any]])
  }

  private func submit(_ baseURL: String, _ requestID: String?, _ body: Data? = nil) async throws -> String {
    let headers = requestID.map { ["X-Client-Request-Id": $0] } ?? [:]
    let accepted = try await exchange(
      baseURL, "POST", generatePath, headers: headers, body: try body ?? submission())
    return try #require(accepted.json["id"] as? String)
  }

  @Test("lists what was accepted, newest first, from the moment it is, with the id the client sent or null")
  func lists() async throws {
    let gate = Gate()
    try await withService(maker: CopyingMaker(gate: gate)) { baseURL in
      #expect(try entries(try await exchange(baseURL, "GET", Self.path)).isEmpty)
      let before = Date.now
      let first = try await submit(baseURL, "job:1.a_b-c")
      let second = try await submit(baseURL, nil)
      let third = try await submit(baseURL, "not an id / at all")
      let refused = try await exchange(
        baseURL, "POST", generatePath, headers: ["X-Client-Request-Id": "refused"],
        body: try submission(leavingOut: ["prompt"]))
      #expect(refused.status == 400)

      let running = try await exchange(
        baseURL, "GET", Self.path + "?period=24h&model=minimax/music-cover&limit=100&offset=0")
      let list = try entries(running)
      #expect(list.map { $0["inference_id"] as? String } == [third, second, first])
      #expect(list.map { $0["status"] as? String } == ["running", "running", "running"])
      #expect(list[2]["client_request_id"] as? String == "job:1.a_b-c")
      #expect(list.prefix(2).allSatisfy { $0["client_request_id"] is NSNull }, "null, and not left out")
      #expect(Set(list.compactMap { $0["request_id"] as? String }).count == 3)
      for entry in list {
        #expect(entry["model"] as? String == "minimax/music-cover")
        #expect(entry["cost"] as? [String: Int] == ["usd": 0, "credits": 0])
        let created = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(
          entry["created"] as? String ?? "")
        #expect(created >= before.addingTimeInterval(-1) && created <= .now.addingTimeInterval(1))
      }
      let pagination = try #require(running.json["pagination"] as? [String: Any])
      #expect(
        pagination["limit"] as? Int == 100 && pagination["offset"] as? Int == 0 && pagination["total"] as? Int == 3)
      #expect(pagination["has_more"] as? Bool == false)

      gate.open()
      for id in [first, second, third] { _ = try await finished(id, at: baseURL) }
      let done = try entries(try await exchange(baseURL, "GET", Self.path))
      #expect(done.map { $0["status"] as? String } == ["succeeded", "succeeded", "succeeded"])
    }
  }

  @Test("tells a failed generation")
  func failed() async throws {
    let maker = CopyingMaker(failure: CoverFailure(name: "EngineError", message: "nothing to hear"))
    try await withService(maker: maker) { baseURL in
      let id = try await submit(baseURL, "job-1")
      _ = try await finished(id, at: baseURL)
      #expect(try entries(try await exchange(baseURL, "GET", Self.path)).map { $0["status"] as? String } == ["failed"])
    }
  }

  @Test("comes in pages")
  func pages() async throws {
    try await withService { baseURL in
      var ids: [String] = []
      for number in 0..<5 { ids.insert(try await submit(baseURL, "job-\(number)"), at: 0) }
      func page(_ query: String) async throws -> ([String], Bool, Int) {
        let response = try await exchange(baseURL, "GET", Self.path + query)
        let pagination = try #require(response.json["pagination"] as? [String: Any])
        return (
          try entries(response).compactMap { $0["inference_id"] as? String },
          try #require(pagination["has_more"] as? Bool), try #require(pagination["total"] as? Int)
        )
      }
      #expect(try await page("?limit=2") == (Array(ids[0..<2]), true, 5))
      #expect(try await page("?limit=2&offset=2") == (Array(ids[2..<4]), true, 5))
      #expect(try await page("?limit=2&offset=4") == ([ids[4]], false, 5))
      #expect(try await page("?limit=5") == (ids, false, 5))
      #expect(try await page("?offset=\(Int.max)") == ([], false, 5))
      #expect(try await page("?model=other") == ([], false, 0))
      #expect(try await page("?start=2000-01-01T00:00:00Z") == (ids, false, 5))
      #expect(try await page("?end=2000-01-01T00:00:00%2B01:00") == ([], false, 0))
      #expect(try await page("?start=2000-01-01T00:00:00Z&end=2999-12-31T23:59:59.5Z&limit=1000") == (ids, false, 5))
      #expect(try await page("?period=30m") == (ids, false, 5))
    }
  }

  @Test(
    "refuses a query that makes no sense, in words",
    arguments: [
      "limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "limit=99999999999999999999", "offset=-1", "offset=1.5",
      "period=", "period=24", "period=0h", "period=h", "period=24hours", "period=367d", "start=yesterday",
      "start=2026-11-24", "start=2026-02-30T00:00:00Z", "start=2026-11-24T24:00:00Z", "start=2026-11-24T10:00:00",
      "start=2026-11-24T10:00:00Zjunk", "start=2026-11-24T10:00:00%2B99:00", "end=",
      "period=24h&start=2026-11-24T10:00:00Z",
      "start=2026-11-25T10:00:00Z&end=2026-11-24T10:00:00Z",
    ])
  func refuses(query: String) async throws {
    try await withService { baseURL in
      let name = query.prefix { $0 != "=" }
      let message = expectError(try await exchange(baseURL, "GET", Self.path + "?" + query), 400, path: Self.path)
      #expect(message.contains(name), "\(message)")
    }
  }

  @Test("is read only")
  func methods() async throws {
    try await withService { baseURL in
      let response = try await exchange(baseURL, "POST", Self.path, body: Data("{}".utf8))
      expectError(response, 405, path: Self.path)
      #expect(response.headers["allow"] == "GET, HEAD")
      let head = try await exchange(baseURL, "HEAD", Self.path)
      #expect(head.status == 200 && head.body.isEmpty)
    }
  }

  @Test("answers the client that asks it")
  func client() async throws {
    let gate = Gate()
    try await withService(maker: CopyingMaker(gate: gate)) { baseURL in
      let client = try CoverClient(service: .local(baseURL: baseURL), key: nil)
      let id = try await submit(baseURL, "job-1")
      func ask(_ name: String) async throws -> LogAnswer {
        try await client.logEntry(for: try ClientRequestID(name), submittedAfter: .now)
      }
      guard case .found(let running) = try await ask("job-1") else {
        throw HTTPConnection.Failure(message: "not found")
      }
      #expect(running.inferenceID == id && running.status == .generating && running.usd == 0 && running.credits == 0)
      #expect(try await ask("job-2") == .absent)
      gate.open()
      _ = try await finished(id, at: baseURL)
      guard case .found(let done) = try await ask("job-1") else { throw HTTPConnection.Failure(message: "not found") }
      #expect(done.inferenceID == id && done.status == .completed)
    }
  }
}
