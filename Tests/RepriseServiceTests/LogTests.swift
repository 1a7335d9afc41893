import RepriseService
import Foundation
import HostileServer
import RepriseSystem
import Synchronization
import TestSupport
import Testing

@Suite("Asking a service's log for a submission", .startsServers)
struct LogTests {
  private static let wanted = "job-1"
  private static let submitted = Date(timeIntervalSince1970: 1_800_000_000)
  /// Without the optimiser and with all other tests beside them, these take minutes.
  private static let patience = Duration.seconds(1800)

  private static func entry(
    _ client: String?, status: String = "succeeded", id: String? = "g1:m", created: Date = submitted
  ) -> [String: Any] {
    [
      "created": created.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)), "status": status,
      "model": "minimax/music-cover", "cost": ["usd": 0.195, "credits": 390_000], "request_id": "r1",
      "inference_id": id as Any? ?? NSNull(), "client_request_id": client as Any? ?? NSNull(),
    ]
  }

  private static func page(_ data: [Any], hasMore: Bool = false, offset: Int = 0) -> String {
    let fields: [String: Any] = [
      "data": data,
      "pagination": ["limit": 100, "offset": offset, "total": offset + data.count, "has_more": hasMore],
    ]
    // What tests make of strings and numbers always is JSON.
    return (try? JSONSerialization.data(withJSONObject: fields)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// The value of a parameter of the request's query.
  private static func value(_ name: String, of target: String) -> String? {
    URLComponents(string: target)?.queryItems?.first { $0.name == name }?.value
  }

  /// An HTTP date that many seconds from the submission on.
  private static func date(after seconds: Double) -> String {
    "Date: " + HTTPDate.text(submitted.addingTimeInterval(seconds))
  }

  private func ask(
    since submission: Date = .now, _ script: @escaping @Sendable (RawConnection, ReceivedRequest) -> Void
  ) async throws -> (LogAnswer, [ReceivedRequest]) {
    try await withServer(script) { server in
      var client = try CoverClient(service: try quickService(server.url), key: try key())
      client.logTimeout = Self.patience
      let answer = try await client.logEntry(for: try ClientRequestID(Self.wanted), submittedAfter: submission)
      return (answer, server.requests)
    }
  }

  @Test("an entry with the id is found, with what it cost; null and other ids never match")
  func found() async throws {
    let (answer, requests) = try await ask { connection, _ in
      let others = [nil, "", "job-10", "JOB-1", "null"].map { Self.entry($0, id: "other") }
      connection.answer("200 OK", Self.page(others + [Self.entry(Self.wanted)]))
    }
    guard case .found(let entry) = answer else { throw NoError() }
    #expect(entry.status == .completed && entry.inferenceID == "g1:m" && entry.requestID == "r1")
    #expect(entry.usd == 0.195 && entry.credits == 390_000 && entry.created == Self.submitted)
    let request = try #require(requests.first)
    #expect(requests.count == 1 && request.method == "GET")
    #expect(request.target == "/v2/logs?period=24h&limit=100&offset=0")
    #expect(request["Authorization"] == "Bearer \(secret)")
  }

  @Test(
    "a log without the id says that it is absent, if its clock is ours; else how far back it was read is not known",
    arguments: [(Double?(0), LogAnswer.absent), (-7200, .notSeen), (7200, .notSeen), (nil, .notSeen)])
  func absent(skew: Double?, expected: LogAnswer) async throws {
    let (answer, _) = try await ask { connection, _ in
      let clock = skew.map { ["Date: " + HTTPDate.text(.now.addingTimeInterval($0))] } ?? []
      connection.answer("200 OK", Self.page([Self.entry(nil), Self.entry("job-2")]), headers: clock)
    }
    #expect(answer == expected)
  }

  @Test(
    "the log's words are read as the contract's",
    arguments: [
      ("succeeded", Contract.Status.completed), ("failed", .error), ("running", .generating),
      ("billing", .unknown("billing")),
    ])
  func words(word: String, status: Contract.Status) async throws {
    let (answer, _) = try await ask { connection, _ in
      connection.answer("200 OK", Self.page([Self.entry(Self.wanted, status: word)]))
    }
    guard case .found(let entry) = answer else { throw NoError() }
    #expect(entry.status == status)
  }

  @Test("of a refusal and the one that was taken, whichever is newer, the latter counts")
  func taken() async throws {
    let failed: @Sendable () -> [String: Any] = { Self.entry(Self.wanted, status: "failed", id: "no") }
    let (answer, requests) = try await ask { connection, request in
      let isFirst = Self.value("offset", of: request.target) == "0"
      connection.answer("200 OK", Self.page([isFirst ? failed() : Self.entry(Self.wanted)], hasMore: isFirst))
    }
    guard case .found(let entry) = answer else { throw NoError() }
    #expect(entry.inferenceID == "g1:m" && requests.count == 2)
    let (only, _) = try await ask { connection, _ in connection.answer("200 OK", Self.page([failed()])) }
    guard case .found(let refused) = only else { throw NoError() }
    #expect(refused.status == .error)
  }

  @Test("pages are turned by what they held, until there are no more", arguments: [true, false])
  func pages(reportsMore: Bool) async throws {
    let (answer, requests) = try await ask { connection, request in
      let offset = Int(Self.value("offset", of: request.target) ?? "") ?? -1
      // A service may hand out fewer than were asked for.
      let data = (offset..<min(offset + 40, 100)).map { $0 == 95 ? Self.entry(Self.wanted) : Self.entry("other-\($0)") }
      if reportsMore { return connection.answer("200 OK", Self.page(data, hasMore: offset + 40 < 100, offset: offset)) }
      connection.answer("200 OK", Self.page(data).replacingOccurrences(of: "pagination", with: "paging"))
    }
    guard case .found = answer else { throw NoError() }
    #expect(requests.map { Self.value("offset", of: $0.target) } == ["0", "40", "80"])
  }

  @Test("pages older than the submission by the service's clock are not read; a wrong clock of ours changes nothing")
  func stopsEarly() async throws {
    let ours = Date.now
    for (skew, pages) in [(0.0, 2), (7200.0, 2)] {
      // The service's clock shows `submitted` + skew now; the submission was just sent.
      let now = Self.submitted.addingTimeInterval(skew)
      let (answer, requests) = try await ask(since: ours) { connection, request in
        let age = Self.value("offset", of: request.target) == "0" ? 300.0 : 700
        let data = [age, age + 1].map { Self.entry("other", created: now.addingTimeInterval(-$0)) }
        connection.answer("200 OK", Self.page(data, hasMore: true), headers: [Self.date(after: skew)])
      }
      #expect(answer == .notSeen)
      #expect(requests.count == pages)
    }
  }

  @Test("a log out of order, or without dates, is read to its end", arguments: ["order", "dates", "clock"])
  func readsOn(kind: String) async throws {
    let (answer, requests) = try await ask { connection, request in
      let offset = Int(Self.value("offset", of: request.target) ?? "") ?? -1
      let old = Self.submitted.addingTimeInterval(-90_000)
      var data = (0..<2).map {
        Self.entry("other", created: old.addingTimeInterval(kind == "order" ? Double($0) : -Double($0)))
      }
      if kind == "dates" { data[1]["created"] = "yesterday" }
      if offset == 6 { data[0] = Self.entry(Self.wanted, created: old) }
      let headers = kind == "clock" ? [] : [Self.date(after: 0)]
      connection.answer("200 OK", Self.page(data, hasMore: offset < 8), headers: headers)
    }
    guard case .found = answer else { throw NoError() }
    #expect(requests.count == 4)
  }

  @Test("a submission of more than 23 hours ago is looked for between two dates")
  func longAgo() async throws {
    let then = Date.now.addingTimeInterval(-3 * 86_400)
    let (_, requests) = try await ask(since: then) { connection, _ in connection.answer("200 OK", Self.page([])) }
    let target = try #require(requests.first?.target)
    #expect(Self.value("period", of: target) == nil)
    let style = Date.ISO8601FormatStyle()
    let start = try style.parse(Self.value("start", of: target) ?? "")
    let end = try style.parse(Self.value("end", of: target) ?? "")
    #expect(start < then && start > then.addingTimeInterval(-86_400) && end > Date.now)
    #expect(target.contains("Z&end="), "in UTC: \(target)")
  }

  @Test(
    "a service without a log says so", arguments: ["404 Not Found", "405 Method Not Allowed", "501 Not Implemented"])
  func noLog(status: String) async throws {
    let (answer, _) = try await ask { connection, _ in connection.answer(status, #"{"message":"no such path"}"#) }
    #expect(answer == .noLog)
    var service = try quickService("http://127.0.0.1:1")
    service.paths.logs = nil
    var client = try CoverClient(service: service, key: nil)
    client.logTimeout = Self.patience
    #expect(try await client.logEntry(for: .random(), submittedAfter: .now) == .noLog)
  }

  static let troubles:
    [(
      name: String, code: ServiceError.Code, tells: @Sendable (ServiceError.Problem) -> Bool,
      script: @Sendable (RawConnection) -> Void
    )] = [
      (
        "no key", .unauthorized, { $0.answer?.said == "bad key" },
        { $0.answer("401 Unauthorized", #"{"message":"bad key"}"#) }
      ),
      (
        "a page", .badAnswer, { if case .page? = $0.answer?.meaning { true } else { false } },
        { $0.answer("200 OK", "<html>hi</html>", type: "text/html") }
      ),
      ("no list", .badAnswer, { $0.answer?.meaning == .unrecognized }, { $0.answer("200 OK", #"{"data":{"id":1}}"#) }),
      ("invalid JSON", .badAnswer, { $0.answer?.meaning == .unrecognized }, { $0.answer("200 OK", #"{"data":["#) }),
      (
        "an error in a 200", .unauthorized, { $0.answer?.status == 401 && $0.answer?.said == "no" },
        { $0.answer("200 OK", #"{"statusCode":401,"message":"no"}"#) }
      ),
      (
        "lasting trouble", .serverTrouble, { $0.answer?.status == 500 && $0.answer?.meaning == .serverTrouble },
        { $0.answer("500 Oops", "{}") }
      ),
      (
        "a gateway", .serverTrouble, { $0.answer?.meaning == .gatewayPage },
        { $0.answer("404 Not Found", "<html>nginx</html>", type: "text/html") }
      ),
      (
        "a long wait", .rateLimited, { $0.answer?.status == 429 && $0.answer?.meaning == .busy },
        { $0.answer("429 Too Many Requests", "{}", headers: ["Retry-After: 3600"]) }
      ),
      (
        "a redirect", .refused, { $0.answer?.meaning == .redirected(to: "https://x.example") },
        { $0.answer("302 Found", "", headers: ["Location: https://x.example/"]) }
      ),
      ("nothing", .unreachable, { if case .connection = $0 { true } else { false } }, { $0.reset() }),
      (
        "an empty page with more behind it", .badAnswer, { if case .log(.emptyPage) = $0 { true } else { false } },
        { $0.answer("200 OK", #"{"data":[],"pagination":{"has_more":true}}"#) }
      ),
      (
        "no end", .badAnswer, { if case .log(.tooLong(_, _, requestID: "job-1")) = $0 { true } else { false } },
        { $0.answer("200 OK", #"{"data":[{"client_request_id":"x"}],"pagination":{"has_more":true}}"#) }
      ),
    ]

  @Test("what is no log is an error, never an absent entry", arguments: troubles)
  func trouble(
    name: String, code: ServiceError.Code, tells: @Sendable (ServiceError.Problem) -> Bool,
    script: @escaping @Sendable (RawConnection) -> Void
  ) async throws {
    let failure = try await error { _ = try await ask { connection, _ in script(connection) } }
    #expect(failure.code == code, "\(failure)")
    #expect(tells(failure.problem), "\(failure)")
    #expect(!failure.mayHaveBeenAccepted)
  }

  @Test("trouble that passes is waited for")
  func failurePasses() async throws {
    let count = Atomic(0)
    let (answer, requests) = try await ask { connection, _ in
      switch count.wrappingAdd(1, ordering: .relaxed).oldValue {
      case 0: connection.answer("429 Too Many Requests", "{}", headers: ["Retry-After: 0"])
      case 1: connection.reset()
      default: connection.answer("200 OK", Self.page([Self.entry(Self.wanted)]))
      }
    }
    guard case .found = answer else { throw NoError() }
    #expect(requests.count == 3)
  }

  @Test("wrong types in an entry cost no more than the field")
  func forgiving() async throws {
    let (answer, _) = try await ask { connection, _ in
      connection.answer(
        "200 OK",
        #"""
        {"data":[7,null,"x",{"client_request_id":7},{"client_request_id":"job-1","status":3,"cost":"free","created":{},
        "inference_id":12345,"request_id":["a"]}],"pagination":{"total":"5","offset":"0","limit":"100"}}
        """#)
    }
    guard case .found(let entry) = answer else { throw NoError() }
    #expect(entry.inferenceID == "12345" && entry.requestID == nil && entry.usd == nil && entry.created == nil)
    #expect(!entry.status.isFinal)
  }
}
