import RepriseService
import Foundation
import HostileServer
import RepriseSystem
import Synchronization
import TestSupport
import Testing

@Suite("Waiting for a generation", .startsServers)
struct WaitingTests {
  /// A server that gives `answers` in order, the last one for ever, and a client whose pauses take no time.
  private func withAnswers<Value>(
    _ answers: [@Sendable (RawConnection) -> Void], waiting: Waiting = Waiting(ManualClock()),
    _ body: (CoverClient, RawServer) async throws -> Value
  ) async throws -> Value {
    let count = Atomic(0)
    return try await withServer { connection, _ in
      let index = count.wrappingAdd(1, ordering: .relaxed).oldValue
      answers[min(index, answers.count - 1)](connection)
    } _: { server in
      var client = try CoverClient(service: try quickService(server.url), key: try key())
      client.waiting = waiting
      return try await body(client, server)
    }
  }

  private static func status(_ word: String, _ more: String = "") -> @Sendable (RawConnection) -> Void {
    { $0.answer("200 OK", #"{"id":"g","status":"\#(word)"\#(more)}"#) }
  }

  private static let done = status("completed", #","audio_file":{"url":"https://x.example/a%2Fb?s=1"}"#)
  private let queued = Contract.Generation(id: "g", status: .queued)

  @Test("unknown words are pending, 'complete' is completed, and every answer is reported")
  func wholeWay() async throws {
    let seen = Mutex<[CoverProgress]>([])
    let words = ["queued", "waiting", "active", "generating"].map { Self.status($0) }
    let last = Self.status("complete", #","audio_file":{"url":"https://x.example/a%2Fb?s=1"}"#)
    try await withAnswers(words + [last]) { client, _ in
      let generation = try await client.waitForCompletion(of: queued) { progress in
        seen.withLock { $0.append(progress) }
      }
      #expect(generation.audioFile?.url == "https://x.example/a%2Fb?s=1")
      #expect(
        seen.withLock { $0 } == [
          .pending(.queued), .pending(.queued), .pending(.unknown("waiting")), .pending(.unknown("active")),
          .pending(.generating),
        ])
    }
  }

  @Test(
    "how much is done is read as a share or a percentage, and not guessed",
    arguments: [
      (#""progress":0.42"#, 0.42), (#""progress":42"#, 0.42), (#""progress":"42%""#, 0.42),
      (#""progress":"42 %""#, 0.42),
      (#""progress":"0.42""#, 0.42), (#""progress":0"#, 0), (#""progress":100"#, 1), (#""progress":"1%""#, 0.01),
      (#""percent":1"#, 0.01), (#""percentage":"42%""#, 0.42), (#""progress":{"percent":42.5}"#, 0.425),
      (#""meta":{"progress":0.5}"#, 0.5), (#""progress":1"#, nil), (#""progress":-3"#, nil), (#""progress":101"#, nil),
      (#""progress":"soon""#, nil), (#""progress":true"#, nil), (#""progress":null"#, nil), (#""percent":"nan""#, nil),
      (#""progress":[4]"#, nil), (#""x":1"#, nil),
    ] as [(String, Double?)])
  func progress(member: String, share: Double?) async throws {
    try await withAnswers([Self.status("generating", "," + member)]) { client, _ in
      let generation = try await client.generation(id: "g")
      #expect(generation.progress == share)
    }
  }

  @Test("how much is done is reported with the status")
  func progressIsReported() async throws {
    let seen = Mutex<[CoverProgress]>([])
    let answers = [Self.status("generating", #","progress":0.25"#), Self.status("generating"), Self.done]
    try await withAnswers(answers) { client, _ in
      _ = try await client.waitForCompletion(of: queued) { progress in seen.withLock { $0.append(progress) } }
      #expect(
        seen.withLock { $0 } == [.pending(.queued), .pending(.generating, share: 0.25), .pending(.generating)])
    }
  }

  @Test(
    "an id is percent-encoded whatever it holds",
    arguments: [
      ("uuid:minimax/music-cover", "uuid%3Aminimax%2Fmusic-cover"), ("50%_off", "50%25_off"), ("-dash", "-dash"),
      ("a b&c=d#e?f+é", "a%20b%26c%3Dd%23e%3Ff%2B%C3%A9"), ("..", ".."),
    ])
  func encodesIDs(id: String, encoded: String) async throws {
    try await withAnswers([{ $0.answer("200 OK", #"{"status":"generating"}"#) }]) { client, server in
      _ = try await client.generation(id: id)
      let request = try #require(server.requests.first)
      #expect(request.method == "GET")
      #expect(request.target == "/v2/generate/audio?generation_id=\(encoded)")
      #expect(request["Authorization"] == "Bearer \(secret)")
    }
  }

  @Test("429, 5xx, a gateway's 404, a drop and a wrong length are trouble that passes")
  func failurePasses() async throws {
    let troubles = Atomic(0)
    let answers: [@Sendable (RawConnection) -> Void] = [
      { $0.answer("429 Too Many Requests", "{}", headers: ["Retry-After: 0"]) },
      { $0.answer("500 Internal Server Error", "oops") },
      { $0.answer("504 Gateway Timeout", "<html>") },
      { $0.answer("404 Not Found", "<html><h1>404 Not Found</h1><hr>nginx</html>", type: "text/html") },
      { $0.reset() },
      { $0.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\":\"g\"") },
      Self.done,
    ]
    try await withAnswers(answers) { client, server in
      let generation = try await client.waitForCompletion(of: queued) {
        if case .retrying = $0 { troubles.add(1, ordering: .relaxed) }
      }
      #expect(generation.status == .completed)
      let count = troubles.load(ordering: .relaxed)
      #expect(count == 6)
      #expect(server.requests.count == 7)
    }
  }

  @Test(
    "a permanent answer ends the wait at once",
    arguments: [
      ("400 Bad Request", "{}", ServiceError.Code.validation), ("401 Unauthorized", "{}", .unauthorized),
      ("403 Forbidden", #"{"message":"no credits"}"#, .noCredit), ("403 Forbidden", "error code: 1010", .refused),
      ("410 Gone", "{}", .notFound), ("302 Found", "", .refused),
      ("200 OK", #"{"message":"wrong key","statusCode":"401"}"#, .unauthorized),
      ("200 OK", #"{"code":402,"msg":"top up"}"#, .noCredit),
    ])
  func permanent(status: String, body: String, code: ServiceError.Code) async throws {
    try await withAnswers([{ $0.answer(status, body, headers: ["Location: /login"]) }]) { client, server in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued) }
      #expect(failure.code == code)
      #expect(failure.generationID == "g")
      #expect(server.requests.count == 1)
    }
  }

  /// Answers to a poll that are no generation, and what they end in where they last.
  private static let useless: [(status: String, body: String, code: ServiceError.Code)] = [
    ("200 OK", "<!doctype html><html><body>Just a moment...</body></html>", .badAnswer), ("200 OK", "", .badAnswer),
    ("202 Accepted", "", .badAnswer), ("204 No Content", "", .badAnswer), ("200 OK", #"{"id":"g","sta"#, .badAnswer),
    ("200 OK", #"{"id":"g","status":"completed","audio_file":{"url":"https://x.exa"#, .badAnswer),
    ("200 OK", "null", .badAnswer), ("200 OK", "[]", .badAnswer), ("200 OK", "OK", .badAnswer),
    ("200 OK", #"{"models":["a","b"]}"#, .badAnswer), ("200 OK", #"{"error":"cache miss"}"#, .badAnswer),
    ("200 OK", #"{"id":"other","status":"generating"}"#, .badAnswer), ("404 Not Found", "{}", .notFound),
    ("200 OK", #"{"message":"gone","statusCode":404}"#, .notFound),
    ("200 OK", #"{"id":"g","status":"completed"}"#, .badAnswer),
  ]

  @Test("an answer that is no generation is trouble that passes", arguments: useless.indices)
  func uselessPasses(index: Int) async throws {
    let (status, body, code) = Self.useless[index]
    let useless: @Sendable (RawConnection) -> Void = { $0.answer(status, body) }
    // Four of them in a row, an answer, four more; one of those that end it sooner on a slow machine.
    let many = code == .notFound ? 1 : Polling.mostUnusable - 1
    let four = Array(repeating: useless, count: many)
    try await withAnswers(four + [Self.status("generating")] + four + [Self.done]) { client, server in
      let generation = try await client.waitForCompletion(of: queued)
      #expect(generation.audioFile?.url == "https://x.example/a%2Fb?s=1")
      #expect(server.requests.count == 2 * (many + 1))
    }
  }

  @Test("several of them in a row end the wait with what the last was", arguments: useless.indices)
  func uselessLasts(index: Int) async throws {
    let (status, body, code) = Self.useless[index]
    try await withAnswers([{ $0.answer(status, body) }]) { client, server in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued) }
      #expect(failure.code == code && failure.generationID == "g", "\(failure)")
      #expect((code == .notFound ? 2...Polling.mostUnusable : 5...5).contains(server.requests.count))
      guard case .generation(.abandoned(let last)) = failure.problem else {
        Issue.record(failure)
        return
      }
      #expect(last.code == code)
      // Also kept for whoever wants to look at it, if there is anything.
      let kept = failure.unrecognizedAnswer.map { String(decoding: $0, as: UTF8.self) }
      #expect(kept == (body.isEmpty ? nil : body))
    }
  }

  @Test("a generation that is not known half a minute after it was taken is not waited for long")
  func notFoundLater() async throws {
    try await withAnswers([{ $0.answer("404 Not Found", #"{"message":"no such generation"}"#) }]) { client, server in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued, age: 3600) }
      guard case .generation(.abandoned(let last)) = failure.problem else {
        Issue.record(failure)
        return
      }
      #expect(failure.code == .notFound && last.answer?.said == "no such generation")
      #expect(server.requests.count == 2)
    }
  }

  @Test(
    "a word for the end ends the wait, and the reason is reported",
    arguments: [
      ("canceled", .cancelled), ("Cancelled", .cancelled), ("ABORTED", .cancelled), ("expired", .expired),
      ("timed_out", .timedOut), ("timeout", .timedOut), ("rejected", .rejected), ("moderated", .rejected),
      ("TASK_STATUS_FAILED", .failed), ("failure", .failed),
    ] as [(String, StatusWord.Ending)])
  func over(word: String, ending: StatusWord.Ending) async throws {
    try await withAnswers([Self.status(word, #","failure_reason":"the GPU is on fire""#)]) { client, server in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued) }
      #expect(failure.code == .generationFailed && server.requests.count == 1)
      guard case .generation(.ended(let end)) = failure.problem else {
        Issue.record(failure)
        return
      }
      #expect(end.ending == ending && end.said == "the GPU is on fire", "\(end)")
    }
  }

  @Test(
    "an end without the generation's id passes, and ends the wait after several in a row as no failure",
    arguments: [
      #"{"status":"failed","message":"Too many requests, slow down"}"#, #"{"status":"forbidden","message":"busy"}"#,
      #"{"status":"not_found"}"#, #"{"status":"failed","message":"rate limited","data":{"id":"g"}}"#,
      #"{"status":"error","error":{"name":"N","message":"m"}}"#,
    ])
  func endWithoutID(body: String) async throws {
    let passing: @Sendable (RawConnection) -> Void = { $0.answer("200 OK", body) }
    try await withAnswers([passing, passing, Self.done]) { client, server in
      let generation = try await client.waitForCompletion(of: queued)
      #expect(generation.status == .completed && server.requests.count == 3)
    }
    try await withAnswers([passing]) { client, server in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued, age: 3600) }
      #expect(failure.code == .badAnswer && failure.generationID == "g", "\(failure)")
      #expect(server.requests.count == Polling.mostUnusable)
    }
  }

  @Test(
    "a word for a generation that is not known, beside its id, is what 404 is",
    arguments: ["not_found", "TaskNotFound"])
  func notFoundByWord(word: String) async throws {
    try await withAnswers([Self.status(word), Self.done]) { client, _ in
      let generation = try await client.waitForCompletion(of: queued)
      #expect(generation.status == .completed)
    }
    try await withAnswers([Self.status(word)]) { client, server in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued, age: 3600) }
      #expect(failure.code == .notFound && server.requests.count == 2, "\(failure)")
    }
  }

  @Test(
    "a refusal of a question says nothing of a submission, and tells the service's own words",
    arguments: [
      ("429 Too Many Requests", ServiceError.Code.rateLimited), ("400 Bad Request", .validation),
      ("422 Unprocessable Content", .validation), ("402 Payment Required", .noCredit), ("403 Forbidden", .noCredit),
      ("401 Unauthorized", .unauthorized), ("413 Content Too Large", .tooLarge),
      ("503 Service Unavailable", .serverTrouble),
      ("500 Internal Server Error", .serverTrouble), ("418 I'm a Teapot", .refused), ("200 OK", .badAnswer),
    ])
  func questions(status: String, code: ServiceError.Code) async throws {
    for (body, type) in [
      (#"{"message":"said so"}"#, "application/json"),
      (#"<?xml version="1.0"?><Error><Message>said so</Message></Error>"#, "application/xml"),
    ] {
      try await withAnswers([{ $0.answer(status, body, type: type) }]) { client, _ in
        let failure = try await error { _ = try await client.generation(id: "g") }
        let answer = try #require(failure.answer)
        #expect(failure.code == code && answer.said == "said so", "\(failure)")
        #expect(answer.asked == .generation && answer.untouched != nil, "\(failure)")
        switch answer.meaning {
        case .page, .gatewayPage, .blockedByCDN, .incomplete, .notFound: Issue.record(failure)
        default: break
        }
      }
    }
  }

  @Test(
    "what is said beside a word that denies something is reported",
    arguments: ["unprocessable", "no_credits", "unavailable"])
  func denials(word: String) async throws {
    let settings = Polling.Settings(firstInterval: 0.02, longestInterval: 0.05, timeout: 0.3)
    try await withAnswers([Self.status(word, #","message":"lyrics rejected""#)]) { client, _ in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued, settings: settings) }
      #expect(failure.code == .timedOut && failure.timeOut?.said == "lyrics rejected", "\(failure)")
      #expect(failure.timeOut?.isKnownStatus == false, "\(failure)")
    }
    let url = #","audio_file":{"url":"https://x.example/a"}"#
    try await withAnswers([Self.status("not_ready", url)]) { client, _ in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued, settings: settings) }
      #expect(failure.code == .timedOut, "a result beside a denial is not taken")
    }
  }

  @Test("a body that is still compressed is never kept")
  func keptCompressed() async throws {
    let noise: [UInt8] = (0..<200).map { UInt8(($0 * 37 + 129) % 256) }
    for encoding in ["deflate", "gzip", "identity"] {
      let answer: @Sendable (RawConnection) -> Void = {
        $0.send("HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(noise.count)\r\n\r\n")
        $0.send(noise)
      }
      try await withAnswers([answer]) { client, _ in
        let failure = try await error { _ = try await client.generation(id: "g") }
        #expect(failure.code == .badAnswer && failure.unrecognizedAnswer == nil)
      }
    }
  }

  @Test("an error beside a word that nobody knows is reported once, and in the end")
  func remark() async throws {
    let seen = Mutex<[CoverProgress]>([])
    let wobbling = Self.status("wobbling_v2", #","error":{"message":"no GPU is free"}"#)
    try await withAnswers([wobbling, wobbling, wobbling, Self.done]) { client, _ in
      _ = try await client.waitForCompletion(of: queued) { progress in seen.withLock { $0.append(progress) } }
      let remarks = seen.withLock { $0.filter { if case .remark = $0 { true } else { false } } }
      #expect(remarks == [.remark(status: "wobbling_v2", said: "no GPU is free")])
    }
    try await withAnswers([wobbling]) { client, _ in
      let settings = Polling.Settings(firstInterval: 0.02, longestInterval: 0.05, timeout: 0.5)
      let failure = try await error { _ = try await client.waitForCompletion(of: queued, settings: settings) }
      let timeOut = try #require(failure.timeOut)
      #expect(failure.code == .timedOut && timeOut.statusWord == "wobbling_v2" && timeOut.said == "no GPU is free")
      #expect(!timeOut.isKnownStatus, "nobody knows that it goes on")
    }
  }

  @Test("a result beside a word that nobody knows is taken once it has been reported three times; one under way is not")
  func settled() async throws {
    let url = #","audio_file":{"url":"https://x.example/a%2Fb?s=1"}"#
    try await withAnswers([Self.status("delivered", url)]) { client, server in
      let generation = try await client.waitForCompletion(of: queued)
      #expect(generation.audioFile?.url == "https://x.example/a%2Fb?s=1" && server.requests.count == 3)
    }
    for word in ["streaming", "FIRST_SUCCESS", "partially_done"] {
      try await withAnswers([Self.status(word, url)]) { client, _ in
        let settings = Polling.Settings(firstInterval: 0.02, longestInterval: 0.03, timeout: 0.4)
        let failure = try await error { _ = try await client.waitForCompletion(of: queued, settings: settings) }
        #expect(failure.code == .timedOut)
      }
    }
  }

  @Test("an answer about another generation is not taken for ours, and asked again")
  func foreign() async throws {
    let other: @Sendable (RawConnection) -> Void = {
      $0.answer("200 OK", #"{"id":"h","status":"completed","audio_file":{"url":"https://x.example/theirs"}}"#)
    }
    try await withAnswers([other, Self.done]) { client, _ in
      let one = try await error { _ = try await client.generation(id: "g") }
      guard case .generation(.foreign(_, id: "g", reported: "h")) = one.problem else {
        Issue.record(one)
        return
      }
      #expect(one.code == .badAnswer && one.generationID == "g")
      let generation = try await client.waitForCompletion(of: queued)
      #expect(generation.audioFile?.url == "https://x.example/a%2Fb?s=1")
    }
    try await withAnswers([other, Self.done]) { client, server in
      let generation = try await client.waitForCompletion(of: queued)
      #expect(generation.audioFile?.url == "https://x.example/a%2Fb?s=1")
      #expect(server.requests.count == 2)
    }
    // The same with the model behind it, either way round.
    try await withAnswers([Self.done]) { client, _ in
      let long = Contract.Generation(id: "g:minimax/music-cover", status: .queued)
      let generation = try await client.waitForCompletion(of: long)
      #expect(generation.id == long.id)
    }
  }

  @Test("a failed generation says why")
  func failed() async throws {
    let answer = Self.status("error", #","error":{"name":"Sensitive","message":"lyrics refused \u001b[31m"}"#)
    try await withAnswers([answer]) { client, _ in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued) }
      #expect(failure.code == .generationFailed)
      guard case .generation(.ended(let end)) = failure.problem else {
        Issue.record(failure)
        return
      }
      #expect(end.said?.hasPrefix("Sensitive: lyrics refused") == true)
      #expect(!end.description.contains("\u{1B}"), "a service's words may not steer the terminal")
    }
  }

  @Test("completed without a URL is a bad answer, not a success")
  func noURL() async throws {
    try await withAnswers([Self.status("completed")]) { client, _ in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued) }
      #expect(failure.code == .badAnswer)
    }
  }

  @Test("the deadline ends an endless generation and says how to go on with its id")
  func deadline() async throws {
    try await withAnswers([Self.status("generating")]) { client, server in
      let settings = Polling.Settings(firstInterval: 0.02, longestInterval: 0.05, timeout: 0.3)
      let failure = try await error {
        _ = try await client.waitForCompletion(of: queued, settings: settings)
      }
      #expect(failure.code == .timedOut)
      #expect(failure.generationID == "g")
      let timeOut = try #require(failure.timeOut)
      #expect(timeOut.id == "g" && timeOut.statusWord == "generating" && timeOut.isKnownStatus)
      #expect(!server.requests.isEmpty)
    }
  }

  @Test(
    "Retry-After beyond the deadline gives up without asking again",
    arguments: ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
  func longRetryAfter(value: String) async throws {
    try await withAnswers([{ $0.answer("429 Too Many Requests", "{}", headers: ["Retry-After: \(value)"]) }]) {
      client, server in
      let failure = try await error { _ = try await client.waitForCompletion(of: queued) }
      #expect(failure.code == .timedOut)
      #expect((failure.retryAfter ?? .zero) >= .seconds(3600))
      #expect(server.requests.count == 1)
      let timeOut = try #require(failure.timeOut)
      #expect(timeOut.delay ?? 0 >= 3600 && timeOut.seconds == 0, "\(failure)")
    }
  }

  @Test("where nobody was to wait, nobody has waited")
  func noWait() async throws {
    try await withAnswers([]) { client, server in
      let settings = Polling.Settings(firstInterval: 1, longestInterval: 1, timeout: 0)
      let failure = try await error { _ = try await client.waitForCompletion(of: queued, settings: settings) }
      #expect(failure.code == .timedOut && server.requests.isEmpty)
      #expect(failure.timeOut?.seconds == 0 && failure.timeOut?.delay == nil, "\(failure)")
    }
  }

  @Test("Retry-After as a date counts from the answer's own date")
  func retryAfterDate() async throws {
    let headers = ["Date: Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After: Sunday, 06-Nov-94 08:49:49 GMT"]
    try await withAnswers([{ $0.answer("503 Service Unavailable", "", headers: headers) }]) { client, _ in
      let failure = try await error { _ = try await client.generation(id: "g") }
      #expect(failure.retryAfter == .seconds(12))
    }
  }

  @Test("cancelling the wait ends it at once and says how to go on")
  func cancelled() async throws {
    try await withAnswers([Self.status("generating")], waiting: .machine) { client, _ in
      let settings = Polling.Settings(firstInterval: 60, longestInterval: 60)
      let (started, signal) = AsyncStream.makeStream(of: Void.self)
      let task = Task {
        try await error {
          _ = try await client.waitForCompletion(of: queued, settings: settings) { _ in signal.yield() }
        }
      }
      for await _ in started { break }
      task.cancel()
      let failure = try await task.value
      #expect(failure.code == .cancelled)
      #expect(failure.problem == .generation(.stopped(id: "g")))
    }
  }

  @Test("a question that is never answered does not outlive the deadline by long")
  func silentAtTheDeadline() async throws {
    try await withServer { connection, _ in
      connection.waitForClose(seconds: 300 * patience)
    } _: { server in
      var service = try quickService(server.url)
      // Far beyond what the test would wait for.
      service.timeouts.answer = 250 * Double(patience)
      service.polling.timeout = 0.5
      let client = try CoverClient(service: service, key: nil)
      let start = ContinuousClock.now
      let failure = try await error { _ = try await client.waitForCompletion(of: queued) }
      #expect(failure.code == .timedOut, "\(failure)")
      #expect(ContinuousClock.now - start < .seconds(200 * patience))
      let question = try await error { _ = try await client.generation(id: "g", within: .seconds(1)) }
      guard case .connection(.tooSlow(_, reason: "no whole answer came within 1 s")) = question.problem else {
        Issue.record(question)
        return
      }
      #expect(question.code == .unreachable)
    }
  }
}
