import RepriseService
import RepriseSystem
import Foundation
import HostileServer
import Synchronization
import TestSupport
import Testing

@Suite("Submitting", .startsServers)
struct SubmissionTests {
  private static let accepted = #"{"id":"g1","status":"queued"}"#

  @Test(
    "a submission carries the file, its exact length, the key and the request id",
    arguments: [1, 2, 3, 147_455, 147_456, 147_457, 1_000_000])
  func carriesTheFile(size: Int) async throws {
    let scratch = try Scratch()
    let bytes = noise(size)
    let path = try scratch.file("song.wav", bytes)
    let whole = Mutex<ReceivedRequest?>(nil)
    try await withServer { connection, request in
      var request = request
      request.body = connection.readBody(Int(request["Content-Length"] ?? "") ?? 0)
      whole.withLock { $0 = request }
      connection.answer(
        "201 Created", Self.accepted, headers: ["X-Inference-Id: inf-1", "X-Aimlapi-Credits-Used: 390000"])
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: try key())
      let paid = try client.prepare(request(path), requestID: try ClientRequestID("job:1"))
      let length = paid.body.byteCount
      let submitted = try await client.submit(paid)
      #expect(submitted.generation.id == "g1")
      #expect(submitted.inferenceID == "inf-1")
      #expect(submitted.credits == 390_000)

      let got = try #require(whole.withLock { $0 })
      #expect(got.method == "POST" && got.target == "/v2/generate/audio")
      #expect(got["Content-Length"] == String(length))
      #expect(got["Transfer-Encoding"] == nil && got["Expect"] == nil)
      #expect(got["Authorization"] == "Bearer \(secret)")
      #expect(got["X-Client-Request-Id"] == "job:1")
      #expect(got["User-Agent"] == "reprise/\(RepriseVersion.current)")
      #expect(got.body.count == length)
      #expect(!String(decoding: got.body, as: UTF8.self).contains(#"\/"#))
      let json = try #require(got.json)
      #expect(json["prompt"] as? String == prompt)
      #expect(json["model"] as? String == "minimax/music-cover")
      let reference = try #require(json["reference_audio_url"] as? String)
      #expect(reference.hasPrefix("data:audio/wav;base64,"))
      let encoded = String(reference.drop { $0 != "," }.dropFirst())
      #expect(Data(base64Encoded: encoded) == Data(bytes))
    }
  }

  @Test("upload progress ends at the whole length")
  func progressEnds() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(3_000_000))
    let last = Mutex<CoverProgress?>(nil)
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer("200 OK", Self.accepted)
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let paid = try client.prepare(request(path))
      let length = paid.body.byteCount
      _ = try await client.submit(paid) { progress in last.withLock { $0 = progress } }
      let lastSeen = last.withLock { $0 }
      #expect(lastSeen == .uploading(sent: length, total: length))
    }
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    var status: String
    var body: String
    var headers: [String] = []
    var code: ServiceError.Code
    var accepted = false
    var tells: Fact
    var testDescription: String { "\(status) \(body.prefix(40))" }
  }

  /// A property that the error for a response must have.
  enum Fact: Sendable {
    /// The status that it has, or claims.
    case status(Int)
    /// The service's own words, or a part of them.
    case said(String)
    /// The meaning of the response.
    case meaning(ServiceError.AnswerProblem.Meaning)
    /// The reason why it is not known if the submission was accepted.
    case ambiguity(ServiceError.AnswerProblem.Ambiguity)
    /// That it is a web page.
    case page

    func holds(for answer: ServiceError.AnswerProblem) -> Bool {
      let ambiguity: ServiceError.AnswerProblem.Ambiguity? =
        if case .ambiguous(let ambiguity, _, _) = answer.meaning { ambiguity } else { nil }
      return switch self {
      case .status(let status): answer.status == status
      case .said(let words): answer.said?.contains(words) == true
      case .meaning(let meaning): answer.meaning == meaning
      case .ambiguity(let expected): ambiguity == expected
      case .page: if case .page? = ambiguity { true } else { false }
      }
    }
  }

  private static func words(_ message: String, _ status: Int) -> String {
    #"{"message":"\#(message)","path":"/v2/generate/audio","requestId":"r","statusCode":"\#(status)","timestamp":"t"}"#
  }

  static let refusals: [Refusal] = [
    Refusal(
      status: "400 Bad Request", body: words("prompt too short", 400), code: .validation,
      tells: .said("prompt too short")),
    Refusal(status: "422 Unprocessable", body: words("x", 422), code: .validation, tells: .status(422)),
    Refusal(
      status: "401 Unauthorized", body: words("bad key \(secret)", 401), code: .unauthorized,
      tells: .meaning(.unauthorized(keyOrigin: "AIML_API_KEY", variable: "AIML_API_KEY"))),
    Refusal(status: "402 Payment Required", body: "{}", code: .noCredit, tells: .meaning(.noCredit)),
    Refusal(
      status: "403 Forbidden", body: words("You've run out of credits", 403), code: .noCredit,
      tells: .said("run out of credits")),
    Refusal(status: "403 Forbidden", body: "error code: 1010", code: .refused, tells: .meaning(.blockedByCDN)),
    Refusal(
      status: "403 Forbidden", body: "<!DOCTYPE html><html><title>Access denied | Error code 1010</title></html>",
      code: .refused, tells: .said("1010")),
    Refusal(status: "404 Not Found", body: words("no such model", 404), code: .notFound, tells: .said("no such model")),
    Refusal(status: "413 Content Too Large", body: "<html>413</html>", code: .tooLarge, tells: .status(413)),
    Refusal(
      status: "429 Too Many Requests", body: words("slow down", 429), headers: ["Retry-After: 7"], code: .rateLimited,
      tells: .meaning(.busy)),
    Refusal(
      status: "503 Service Unavailable", body: words("overloaded", 503), code: .serverTrouble,
      tells: .said("overloaded")),
    // A gateway's own words: it may have handed the request on to what broke.
    Refusal(status: "503 Service Unavailable", body: "", code: .ambiguous, accepted: true, tells: .status(503)),
    Refusal(
      status: "503 Service Unavailable", body: "upstream connect error or disconnect/reset before headers",
      code: .ambiguous, accepted: true, tells: .ambiguity(.failed)),
    Refusal(
      status: "503 Service Unavailable", body: "<html><h1>503</h1></html>", code: .ambiguous, accepted: true,
      tells: .status(503)),
    Refusal(
      status: "503 Service Unavailable", body: #"{"message":"Service Unavailable"}"#, code: .ambiguous, accepted: true,
      tells: .status(503)),
    Refusal(
      status: "200 OK", body: #"{"message":"x","status":503}"#, code: .ambiguous, accepted: true, tells: .status(503)),
    Refusal(status: "501 Not Implemented", body: "", code: .refused, tells: .meaning(.serverTrouble)),
    Refusal(status: "405 Method Not Allowed", body: "", code: .refused, tells: .status(405)),
    Refusal(status: "408 Request Timeout", body: "", code: .ambiguous, accepted: true, tells: .status(408)),
    Refusal(
      status: "409 Conflict", body: words("duplicate", 409), code: .ambiguous, accepted: true, tells: .said("duplicate")
    ),
    Refusal(status: "499 Client Closed", body: "", code: .ambiguous, accepted: true, tells: .status(499)),
    Refusal(status: "425 Too Early", body: "", code: .rateLimited, tells: .meaning(.busy)),
    Refusal(status: "999 No", body: "", code: .ambiguous, accepted: true, tells: .status(999)),
    Refusal(
      status: "303 See Other", body: "", headers: ["Location: http://127.0.0.1:1/made/1"], code: .ambiguous,
      accepted: true, tells: .ambiguity(.redirected(to: "http://127.0.0.1:1"))),
    Refusal(
      status: "200 OK", body: #"{"id":"req_1","error":{"message":"over capacity"}}"#, code: .refused,
      tells: .said("over capacity")),
    Refusal(
      status: "500 Oops", body: #"{"id":"r","status":"error"}"#, code: .ambiguous, accepted: true, tells: .status(500)),
    Refusal(
      status: "400 Bad Request", body: #"{"id":"r","status":"rejected","error":"bad"}"#, code: .validation,
      tells: .said("bad")),
    Refusal(status: "502 Bad Gateway", body: #"{"id":"r"}"#, code: .ambiguous, accepted: true, tells: .status(502)),
    Refusal(
      status: "500 Internal Server Error", body: words("oops", 500), code: .ambiguous, accepted: true,
      tells: .ambiguity(.failed)),
    Refusal(status: "502 Bad Gateway", body: "<html>", code: .ambiguous, accepted: true, tells: .status(502)),
    Refusal(
      status: "504 Gateway Timeout", body: words("Generation timeout", 504), code: .ambiguous, accepted: true,
      tells: .ambiguity(.failed)),
    Refusal(
      status: "200 OK", body: words("insufficient balance", 403), code: .noCredit, tells: .said("insufficient balance")),
    Refusal(
      status: "200 OK", body: #"{"error":{"name":"X","message":"sensitive"}}"#, code: .refused,
      tells: .said("sensitive")),
    Refusal(status: "200 OK", body: #"{"message":"no","status":402}"#, code: .noCredit, tells: .status(402)),
    Refusal(status: "200 OK", body: #"{"id":"r-1","message":"no","status":402}"#, code: .noCredit, tells: .status(402)),
    Refusal(status: "202 Accepted", body: words("oops", 500), code: .ambiguous, accepted: true, tells: .said("oops")),
    Refusal(
      status: "200 OK", body: #"{"status":"queued"}"#, code: .ambiguous, accepted: true, tells: .ambiguity(.noID)),
    Refusal(status: "200 OK", body: "", code: .ambiguous, accepted: true, tells: .ambiguity(.noID)),
    Refusal(status: "200 OK", body: #"{"id":"g"#, code: .ambiguous, accepted: true, tells: .ambiguity(.noID)),
    Refusal(
      status: "200 OK", body: #"{"id":true}"#, code: .ambiguous, accepted: true, tells: .ambiguity(.unusableID)),
    Refusal(
      status: "200 OK", body: #"{"id":"a\u0001b","status":"queued"}"#, code: .ambiguous, accepted: true,
      tells: .ambiguity(.unusableID)),
    Refusal(
      status: "200 OK", body: #"{"id":null,"status":"queued"}"#, code: .ambiguous, accepted: true,
      tells: .ambiguity(.noID)
    ),
    Refusal(
      status: "201 Created", body: #"{"data":{"id":"g"},"message":"ok","error":null}"#, code: .ambiguous,
      accepted: true,
      tells: .said("ok")),
    Refusal(
      status: "200 OK", body: #"{"status":"queued","error":"logged"}"#, code: .ambiguous, accepted: true,
      tells: .ambiguity(.noID)),
    // The page may be a gateway's or a portal's, standing before a service that took the request: nobody knows.
    Refusal(
      status: "200 OK", body: "<html><body>Welcome</body></html>", code: .ambiguous, accepted: true,
      tells: .page),
    Refusal(
      status: "307 Temporary Redirect", body: "", headers: ["Location: http://127.0.0.1:1/elsewhere?sig=x"],
      code: .refused,
      tells: .meaning(.redirected(to: "http://127.0.0.1:1"))),
  ]

  @Test("an answer that is no acceptance ends in its own meaning", arguments: refusals)
  func refusal(_ refusal: Refusal) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer(refusal.status, refusal.body, headers: refusal.headers)
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: try key())
      let failure = try await submissionError(client, path)
      #expect(failure.code == refusal.code, "\(failure)")
      #expect(failure.mayHaveBeenAccepted == refusal.accepted)
      let answer = try #require(failure.answer)
      #expect(refusal.tells.holds(for: answer), "\(answer)")
      if !refusal.headers.isEmpty, refusal.code == .rateLimited { #expect(failure.retryAfter == .seconds(7)) }
      #expect(server.requests.count == 1, "a POST is sent once")
    }
  }

  @Test(
    "an id is taken by either name, as text or number",
    arguments: [
      (#"{"generation_id":"g7","status":"queued"}"#, "g7"), (#"{"id":true,"generation_id":"g8"}"#, "g8"),
      (#"{"id":"","generation_id":9}"#, "9"), (#"{"id":1}"#, "1"), (#"{"id":"g","message":"ok"}"#, "g"),
    ])
  func idByEitherName(body: String, id: String) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer("200 OK", body)
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let submitted = try await client.submit(try client.prepare(request(path)))
      #expect(submitted.generation.id == id)
    }
  }

  @Test(
    "a body that names a generation and how far it is counts at any status",
    arguments: ["500 Oops", "503 Service Unavailable", "504 Gateway Timeout", "409 Conflict", "303 See Other", "499 x"])
  func idAtAnyStatus(status: String) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer(status, Self.accepted)
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let submitted = try await client.submit(try client.prepare(request(path)))
      #expect(submitted.generation.id == "g1" && submitted.generation.status == .queued)
    }
  }

  @Test(
    "what a server says before it has the whole body is no acceptance, whatever it is",
    arguments: [
      "500 Oops", "502 Bad Gateway", "503 No", "504 Late", "409 Conflict", "408 Request Timeout", "303 There",
    ])
  func earlyFailure(status: String) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(30_000_000))
    try await withServer { connection, request in
      _ = connection.readBody(100_000)
      connection.answer(status, "")
      connection.waitForClose()
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let failure = try await submissionError(client, path)
      #expect(!failure.mayHaveBeenAccepted && failure.code != .ambiguous, "\(failure)")
    }
  }

  @Test("trailers don't change what an answer said", arguments: ["HTTP/1.1 400 Bad Request", "HTTP/1.1 400 x: y"])
  func trailer(line: String) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    for body in ["", "4\r\noops\r\n"] {
      try await withServer { connection, request in
        swallow(connection, request)
        connection.send(
          "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\(body)0\r\n\(line)\r\nX-A: b\r\n\r\n"
        )
      } _: { server in
        let client = try CoverClient(service: try quickService(server.url), key: nil)
        let failure = try await submissionError(client, path)
        #expect(failure.code == .ambiguous && failure.mayHaveBeenAccepted, "\(failure)")
      }
    }
  }

  @Test("a submission is never carried on to where a redirect leads", arguments: [301, 302, 303, 307, 308])
  func redirected(status: Int) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer("200 OK", Self.accepted)
    } _: { other in
      try await withServer { connection, request in
        swallow(connection, request)
        connection.answer("\(status) Elsewhere", "", headers: ["Location: \(other.url)/v2/generate/audio"])
      } _: { server in
        let client = try CoverClient(service: try quickService(server.url), key: try key())
        let failure = try await submissionError(client, path)
        // By 301 to 303 a request that was carried out may be answered.
        let isRefused = status == 307 || status == 308
        #expect(failure.code == (isRefused ? .refused : .ambiguous))
        #expect(failure.mayHaveBeenAccepted != isRefused)
        #expect(other.requests.isEmpty)
      }
    }
  }

  @Test("413 is understood while the body is still on its way")
  func earlyRefusal() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(20_000_000))
    try await withServer { connection, request in
      _ = connection.readBody(100_000)
      connection.answer("413 Content Too Large", "")
      connection.waitForClose()
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let failure = try await submissionError(client, path)
      #expect(failure.code == .tooLarge)
      #expect(!failure.mayHaveBeenAccepted)
    }
  }

  @Test("nobody there is unreachable, and surely not accepted")
  func connectionRefused() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    let server = try RawServer { _, _ in }
    server.stop()
    let client = try CoverClient(service: try quickService(server.url), key: nil)
    let failure = try await submissionError(client, path)
    #expect(failure.code == .unreachable)
    #expect(!failure.mayHaveBeenAccepted)
  }

  enum Drop: String, CaseIterable, Sendable { case afterHead, midBody, afterBody, midAnswer, notHTTP }

  @Test(
    "a connection that breaks is ambiguous once the whole body has left, and surely no acceptance before",
    arguments: Drop.allCases)
  func dropped(_ drop: Drop) async throws {
    let scratch = try Scratch()
    // More than both sockets' buffers hold, so that a body nobody reads can't leave whole.
    let path = try scratch.file("song.wav", noise(30_000_000))
    try await withServer { connection, request in
      switch drop {
      case .afterHead: break
      case .midBody: _ = connection.readBody(1_000_000)
      default: swallow(connection, request)
      }
      if drop == .midAnswer { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":") }
      if drop == .notHTTP { connection.send("220 mail.example.org ESMTP\r\n") }
      if drop == .midAnswer || drop == .notHTTP { connection.close() } else { connection.reset() }
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let failure = try await submissionError(client, path, requestID: try ClientRequestID("job-7"))
      if drop == .afterHead || drop == .midBody {
        #expect(failure.code == .unreachable, "\(failure)")
        #expect(!failure.mayHaveBeenAccepted)
        #expect(failure.isNotWhole)
      } else {
        #expect(failure.code == .ambiguous, "\(failure)")
        #expect(failure.mayHaveBeenAccepted)
        #expect(failure.trace == ServiceError.SubmissionTrace(requestID: "job-7", isLogged: true))
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test("a service that takes everything and never answers is ambiguous after the answer's time limit")
  func neverAnswers() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await withServer { connection, request in
      swallow(connection, request)
      connection.waitForClose()
    } _: { server in
      var service = try quickService(server.url)
      service.timeouts.answer = 0.3
      let client = try CoverClient(service: service, key: nil)
      let failure = try await submissionError(client, path)
      #expect(failure.code == .ambiguous)
    }
  }

  @Test("an answer that drips is cut off at the answer's time limit")
  func slowLoris() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await withServer { connection, request in
      swallow(connection, request)
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
      for _ in 0..<100 where connection.isOpen {
        connection.send(" ")
        Thread.sleep(forTimeInterval: 0.05)
      }
    } _: { server in
      var service = try quickService(server.url)
      service.timeouts.answer = 0.4
      let client = try CoverClient(service: service, key: nil)
      let failure = try await submissionError(client, path)
      #expect(failure.code == .ambiguous)
    }
  }

  @Test("an upload nobody reads is given up as stalled")
  func stalledUpload() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(30_000_000))
    try await withServer { connection, _ in
      connection.waitForHangUp()
      connection.reset()
    } _: { server in
      var service = try quickService(server.url)
      service.timeouts.stall = 0.3
      service.timeouts.connect = 0.3
      let client = try CoverClient(service: service, key: nil)
      let failure = try await submissionError(client, path)
      #expect(failure.code == .unreachable)
      #expect(!failure.mayHaveBeenAccepted)
      guard case .connection(.notWhole(let cause, let sent)) = failure.problem,
        case .connection(.tooSlow) = cause.problem
      else {
        Issue.record(failure)
        return
      }
      #expect(sent.bytes < sent.total)
    }
  }

  @Test("a JSON answer over a megabyte is cut off")
  func endlessAnswer() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    let sent = Atomic(0)
    try await withServer { connection, request in
      swallow(connection, request)
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n{\"id\":\"")
      let block = [UInt8](repeating: UInt8(ascii: "a"), count: 65536)
      for _ in 0..<1525 where connection.isOpen {
        connection.send(block)
        sent.add(1, ordering: .relaxed)
      }
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let failure = try await submissionError(client, path)
      #expect(failure.code == .ambiguous)
      #expect(failure.mayHaveBeenAccepted)
    }
  }

  @Test("cancelling in the middle of an upload ends it at once and says what may have happened")
  func cancelled() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(30_000_000))
    let ended = DispatchSemaphore(value: 0)
    try await withServer { connection, _ in
      // Whoever read on could have the whole body before a slow machine cancels.
      _ = connection.readBody(1_000_000)
      _ = ended.wait(timeout: .now() + 120)
    } _: { server in
      defer { ended.signal() }
      var service = try quickService(server.url)
      service.timeouts.stall = 60
      let client = try CoverClient(service: service, key: nil)
      let (started, signal) = AsyncStream.makeStream(of: Void.self)
      let task = Task {
        return try await submissionError(client, path) { _ in signal.yield() }
      }
      for await _ in started { break }
      task.cancel()
      let failure = try await task.value
      #expect(failure.code == .cancelled)
      #expect(!failure.mayHaveBeenAccepted)
      #expect(failure.isNotWhole)
    }
  }

  @Test("cancelled before it began, a submission sends nothing")
  func cancelledBefore() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(5000))
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer("200 OK", Self.accepted)
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let task = Task {
        // Nothing but the cancellation wakes it.
        try? await Task.sleep(for: .seconds(600))
        return try await submissionError(client, path)
      }
      task.cancel()
      let failure = try await task.value
      #expect(failure.code == .cancelled)
      #expect(!failure.mayHaveBeenAccepted)
      #expect(server.requests.isEmpty)
    }
  }

  @Test("a file that changes while it is sent never becomes a whole request")
  func fileChanges() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(20_000_000))
    let whole = Atomic(false)
    try await withServer { connection, request in
      let length = Int(request["Content-Length"] ?? "") ?? 0
      _ = connection.readBody(500_000)
      // The same file, one byte longer, while most of it is still to be read.
      if let file = FileHandle(forWritingAtPath: path) {
        file.seekToEndOfFile()
        file.write(Data([0]))
      }
      whole.store(connection.readBody(length - 500_000).count == length - 500_000, ordering: .relaxed)
    } _: { server in
      let client = try CoverClient(service: try quickService(server.url), key: nil)
      let failure = try await submissionError(client, path)
      #expect(failure.code == .io)
      #expect(failure.problem == .request(.changed(path: path)) || failure.isNotWhole, "\(failure)")
      let isWhole = whole.load(ordering: .relaxed)
      #expect(!isWhole)
    }
  }
}
