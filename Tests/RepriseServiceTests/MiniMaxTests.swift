import RepriseService
import Foundation
import HostileServer
import RepriseSystem
import Synchronization
import TestSupport
import Testing

/// MiniMax's interface served at `url`, given up on quickly.
func miniMax(_ url: String, _ form: ServiceDescription.ResultForm = .url) -> ServiceDescription {
  var service = ServiceDescription.minimax
  service.baseURL = url
  service.resultForm = form
  service.timeouts.connect = 3
  service.timeouts.answer = 5
  service.timeouts.stall = 3
  return service
}

/// `bytes` as MiniMax's answer holds them.
func hexAnswer(_ bytes: [UInt8], trace: String = #","trace_id":"t-1""#) -> String {
  let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  return #"{"data":{"audio":"\#(digits)","status":2}\#(trace),"extra_info":{"music_duration":1000},"#
    + #""base_resp":{"status_code":0,"status_msg":"success"}}"#
}

@Suite("MiniMax's own interface", .startsServers)
struct MiniMaxTests {
  /// Submits the file at `path`, the answer kept at `answer`.
  private func submit(_ client: CoverClient, _ path: String, keeping answer: String?) async throws -> Submitted {
    let request = CoverRequest(
      prompt: prompt, lyrics: "words to\nbe sung", setting: Contract.AudioSetting(),
      reference: .file(path: path, format: "wav"))
    return try await client.submit(
      try client.prepare(request, requestID: try ClientRequestID("job-1")), keepingAnswerAt: answer)
  }

  @Test("a request is what MiniMax's reference says, and its URL comes back completed")
  func url() async throws {
    let scratch = try Scratch()
    let bytes = noise(1000)
    let path = try scratch.file("song.wav", bytes)
    let whole = Mutex<ReceivedRequest?>(nil)
    try await withServer { connection, request in
      var request = request
      request.body = connection.readBody(Int(request["Content-Length"] ?? "") ?? 0)
      whole.withLock { $0 = request }
      connection.answer(
        "200 OK",
        #"{"data":{"audio":"https://cdn.example/a%2Fb?x=1","status":2},"trace_id":"t:1","base_resp":{"status_code":0}}"#
      )
    } _: { server in
      let client = try CoverClient(service: miniMax(server.url), key: try key())
      let submitted = try await submit(client, path, keeping: scratch.path("answer"))
      #expect(submitted.generation.status == .completed && submitted.generation.id == "t:1")
      #expect(submitted.generation.audioFile?.url == "https://cdn.example/a%2Fb?x=1")
      #expect(submitted.inlineAnswer == nil)
      // Waiting for it asks nobody.
      let finished = try await client.waitForCompletion(of: submitted.generation)
      #expect(finished.audioFile?.url == "https://cdn.example/a%2Fb?x=1" && server.requests.count == 1)

      let got = try #require(whole.withLock { $0 })
      #expect(got.method == "POST" && got.target == "/v1/music_generation")
      #expect(got["Authorization"] == "Bearer \(secret)")
      let json = try #require(got.json)
      #expect(json["model"] as? String == "music-cover" && json["prompt"] as? String == prompt)
      #expect(json["lyrics"] as? String == "words to\nbe sung" && json["output_format"] as? String == "url")
      #expect((json["audio_setting"] as? [String: Any])?["sample_rate"] as? Int == 44100)
      #expect(Data(base64Encoded: json["audio_base64"] as? String ?? "") == Data(bytes))
      #expect(json["reference_audio_url"] == nil && json["audio_url"] == nil)
      // What came is on the disk, for its owner alone.
      let mode = try FileManager.default.attributesOfItem(atPath: scratch.path("answer"))[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test("a linked reference travels under MiniMax's name for it")
  func linked() throws {
    let request = CoverRequest(prompt: prompt, reference: .url("https://x.example/a.mp3"))
    let body = try RequestBody(request, for: .minimax)
    let scratch = try Scratch()
    let path = try scratch.file("body", [])
    let file = try #require(FileHandle(forWritingAtPath: path))
    try body.write(to: file.fileDescriptor, path: path, cancellation: .init())
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any]
    #expect(json?["audio_url"] as? String == "https://x.example/a.mp3" && json?["audio_base64"] == nil)
  }

  @Test("MiniMax's tighter limits hold before anything is sent")
  func limits() async throws {
    let client = try CoverClient(service: .minimax, key: try key())
    for (words, lyrics) in [(String(repeating: "a", count: 301), nil), (prompt, String(repeating: "b", count: 1001))] {
      let failure = try await error {
        _ = try client.prepare(CoverRequest(prompt: words, lyrics: lyrics, reference: .url("https://x.example/a")))
      }
      guard case .request(.length) = failure.problem else {
        Issue.record(failure)
        return
      }
      #expect(failure.code == .validation)
    }
  }

  @Test("an answer that comes as gzip unasked, in a list, with NaN in it, is the cover all the same")
  func odd() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(100))
    let audio = [0x00] + noise(20_000)
    let text = Array("[\(hexAnswer(audio).replacingOccurrences(of: ":1000}", with: ":NaN}"))]".utf8)
    // Stored blocks, which need no encoder: RFC 1951, section 3.2.4.
    let length = [UInt8(text.count & 0xFF), UInt8(text.count >> 8)]
    let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1]
    let body = head + length + length.map { ~$0 } + text + [UInt8](repeating: 0, count: 8)
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer("200 OK", body)
    } _: { server in
      let client = try CoverClient(service: miniMax(server.url, .hex), key: try key())
      let submitted = try await submit(client, path, keeping: scratch.path("answer"))
      let answer = try #require(submitted.inlineAnswer)
      let output = scratch.path("cover.mp3")
      let made = try await client.unpack(answerAt: answer, to: output)
      #expect(made.bytes == audio.count)
      #expect(try Data(contentsOf: URL(filePath: output)) == Data(audio))
      let mode = try FileManager.default.attributesOfItem(atPath: answer)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test("audio in the answer is kept, and decoded to the byte", arguments: [1, 2, 3000, 8192, 8193, 400_000])
  func hex(size: Int) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(100))
    // Not text, whatever its length.
    let audio = [0x00] + noise(size - 1)
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer("200 OK", hexAnswer(audio, trace: ""))
    } _: { server in
      let client = try CoverClient(service: miniMax(server.url, .hex), key: try key())
      let submitted = try await submit(client, path, keeping: scratch.path("answer"))
      let answer = try #require(submitted.inlineAnswer)
      #expect(submitted.generation.status == .completed && submitted.generation.id == "request:job-1")
      let output = scratch.path("cover.mp3")
      let made = try await client.unpack(answerAt: answer, to: output)
      #expect(made.bytes == size)
      #expect(try Data(contentsOf: URL(filePath: output)) == Data(audio))
      // A process that did not live to tell finds it again.
      let again = try await client.submitted(answerKeptAt: answer, requestID: try ClientRequestID("job-1"))
      #expect(again?.inlineAnswer == answer && again?.generation.id == "request:job-1")
    }
  }

  @Test("without a place for the answer nothing is sent; a place that holds one is left alone")
  func places() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(100))
    let earlier = try scratch.file("answer", Array("paid".utf8))
    try await withServer { connection, _ in
      connection.answer("500 Internal Server Error", "")
    } _: { server in
      let client = try CoverClient(service: miniMax(server.url, .hex), key: try key())
      for answer in [nil, earlier, scratch.path("none/answer")] {
        let failure = try await error { _ = try await submit(client, path, keeping: answer) }
        switch failure.problem {
        case .nothingSent, .result(.earlierAnswer), .detail: break
        default: Issue.record(failure)
        }
        #expect(failure.code == .io)
      }
      #expect(server.requests.isEmpty)
      #expect(try Data(contentsOf: URL(filePath: earlier)) == Data("paid".utf8))
    }
  }

  struct Answer: Sendable, CustomTestStringConvertible {
    var body: String
    var code: ServiceError.Code
    var tells: SubmissionTests.Fact
    var status = "200 OK"
    /// `true` if the response may contain something that was paid for.
    var isKept: Bool { code == .ambiguous && status == "200 OK" && !body.isEmpty }
    var testDescription: String { "\(status) \(body.prefix(60))" }
    /// An answer with one of MiniMax's codes.
    static func code(_ number: Int, _ code: ServiceError.Code, _ tells: SubmissionTests.Fact) -> Answer {
      Answer(
        body: #"{"base_resp":{"status_code":\#(number),"status_msg":"its words \#(secret)"},"trace_id":"t"}"#,
        code: code,
        tells: tells)
    }
  }

  static let answers: [Answer] = [
    .code(1002, .rateLimited, .meaning(.busy)),
    .code(1004, .unauthorized, .meaning(.unauthorized(keyOrigin: "AIML_API_KEY", variable: "MINIMAX_API_KEY"))),
    .code(2049, .unauthorized, .meaning(.unauthorized(keyOrigin: "AIML_API_KEY", variable: "MINIMAX_API_KEY"))),
    .code(1008, .noCredit, .meaning(.noCredit)),
    .code(1026, .validation, .meaning(.content)), .code(1027, .validation, .meaning(.content)),
    .code(2013, .validation, .meaning(.invalid)), .code(1000, .ambiguous, .ambiguity(.unnamed)),
    .code(1024, .generationFailed, .meaning(.failed)), .code(1033, .generationFailed, .meaning(.failed)),
    .code(1001, .ambiguous, .ambiguity(.gaveUp)), .code(9999, .ambiguous, .ambiguity(.undocumented)),
    .code(-1, .ambiguous, .ambiguity(.undocumented)),
    .init(body: #"{"base_resp":{"status_code":0}}"#, code: .ambiguous, tells: .ambiguity(.noAudio)),
    // Not the whole cover yet.
    .init(
      body: #"{"data":{"audio":"00ff","status":1},"base_resp":{"status_code":0}}"#, code: .ambiguous,
      tells: .ambiguity(.inProgress)),
    .init(
      body: #"{"data":{"status":1,"audio":"https://x.example/a"},"base_resp":{"status_code":0}}"#, code: .ambiguous,
      tells: .ambiguity(.inProgress)),
    // A refusal is believed only if it came whole.
    .init(body: #"{"base_resp":{"status_code":1008}"#, code: .ambiguous, tells: .ambiguity(.noVerdict)),
    .init(
      body: #"{"base_resp":{"status_code":1008},"data":{"audio":"00"}"#, code: .ambiguous, tells: .ambiguity(.noVerdict)
    ),
    .init(body: #"{"data":{"audio":""},"base_resp":{"status_code":0}}"#, code: .ambiguous, tells: .ambiguity(.noAudio)),
    .init(body: #"{"data":{"audio":7},"base_resp":{"status_code":0}}"#, code: .ambiguous, tells: .ambiguity(.noAudio)),
    .init(body: #"{"data":{"audio":"https://x.example/a"}}"#, code: .ambiguous, tells: .ambiguity(.noVerdict)),
    .init(body: "", code: .ambiguous, tells: .ambiguity(.noVerdict)),
    .init(body: "<html>", code: .ambiguous, tells: .ambiguity(.noVerdict)),
    .init(body: "[1]", code: .ambiguous, tells: .ambiguity(.noVerdict)),
    .init(body: #"{"base_resp":"#, code: .ambiguous, tells: .ambiguity(.noVerdict)),
    .init(body: "no", code: .rateLimited, tells: .meaning(.busy), status: "429 Too Many Requests"),
    .init(
      body: #"{"base_resp":{"status_msg":"said"}}"#, code: .unauthorized, tells: .said("said"),
      status: "401 Unauthorized"),
    .init(
      body: "", code: .ambiguous, tells: .ambiguity(.failed),
      status: "502 Bad Gateway"),
    .init(
      body: #"{"message":"busy","statusCode":503}"#, code: .ambiguous, tells: .ambiguity(.failed),
      status: "503 Service Unavailable"),
    .init(body: "", code: .ambiguous, tells: .status(501), status: "501 Not Implemented"),
  ]

  @Test("each of MiniMax's answers has its meaning, and only a plain refusal may be sent again", arguments: answers)
  func meaning(_ answer: Answer) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(100))
    let kept = scratch.path("answer")
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer(answer.status, answer.body)
    } _: { server in
      let client = try CoverClient(service: miniMax(server.url), key: try key())
      let failure = try await error { _ = try await submit(client, path, keeping: kept) }
      #expect(failure.code == answer.code, "\(failure)")
      #expect(failure.mayHaveBeenAccepted == (answer.code == .ambiguous))
      let reported = try #require(failure.answer)
      #expect(answer.tells.holds(for: reported), "\(reported)")
      if answer.code == .ambiguous { #expect(failure.trace?.isLogged == false) }
      // A refusal makes room for another attempt; what may have been paid for stays.
      let isThere = FileManager.default.fileExists(atPath: kept)
      #expect(isThere == answer.isKept)
      if isThere, let answer = failure.answer, case .ambiguous(_, _, let keptAt) = answer.meaning {
        #expect(keptAt == kept || failure.status != 200)
      }
      let found = try await client.submitted(answerKeptAt: kept, requestID: .random())
      #expect(found == nil)
    }
  }

  @Test("what came of an answer that broke off is kept, and nobody is advised to send it again")
  func broken() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(100))
    let kept = scratch.path("answer")
    let text = hexAnswer([0] + noise(50_000))
    try await withServer { connection, request in
      swallow(connection, request)
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n" + text.prefix(60_000))
      connection.close()
    } _: { server in
      let client = try CoverClient(service: miniMax(server.url, .hex), key: try key())
      let failure = try await error { _ = try await submit(client, path, keeping: kept) }
      #expect(failure.code == .ambiguous && failure.mayHaveBeenAccepted)
      guard case .connection(.ambiguous(let ambiguity)) = failure.problem else {
        Issue.record(failure)
        return
      }
      #expect(ambiguity.keptAt == kept && !ambiguity.trace.isLogged)
      #expect(try Data(contentsOf: URL(filePath: kept)).count == 60_000)
      let output = scratch.path("cover.mp3")
      let unpacking = try await error { _ = try await client.unpack(answerAt: kept, to: output) }
      #expect(unpacking.code == .badAnswer && unpacking.problem == .inline(.endsInString(path: kept)))
      #expect(!FileManager.default.fileExists(atPath: output))
    }
  }

  @Test(
    "an answer that breaks off behind its audio has the audio",
    arguments: [#","status":2},"extra_info":{"music_dur"#, "", #","status":2},"base_resp":{"status_code":0"#])
  func brokenBehind(end: String) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(100))
    let kept = scratch.path("answer")
    for bytes in [[0] + noise(50_000), [0, 1, 2]] {
      let whole = hexAnswer(bytes, trace: "")
      let text = whole.prefix(upTo: try #require(whole.range(of: #","status""#)).lowerBound) + end
      try await withServer { connection, request in
        swallow(connection, request)
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(whole.utf8.count)\r\n\r\n" + text)
        connection.close()
      } _: { server in
        let client = try CoverClient(service: miniMax(server.url, .hex), key: try key())
        let submitted = try await submit(client, path, keeping: kept)
        #expect(submitted.generation.status == .completed && submitted.inlineAnswer == kept)
        // A process that died then finds it the same.
        let found = try await client.submitted(answerKeptAt: kept, requestID: .random())
        #expect(found?.inlineAnswer == kept)
        let output = scratch.path("cover")
        _ = try await client.unpack(answerAt: kept, to: output, replacing: true)
        #expect(try Data(contentsOf: URL(filePath: output)) == Data(bytes))
      }
      try FileManager.default.removeItem(atPath: kept)
    }
  }

  @Test("a URL is one in either case", arguments: ["HTTPS://cdn.example/A", "Http://cdn.example/A"])
  func upperCase(url: String) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(100))
    try await withServer { connection, request in
      swallow(connection, request)
      connection.answer("200 OK", #"{"data":{"audio":"\#(url)"},"base_resp":{"status_code":0}}"#)
    } _: { server in
      let client = try CoverClient(service: miniMax(server.url), key: try key())
      let submitted = try await submit(client, path, keeping: scratch.path("answer"))
      #expect(submitted.generation.audioFile?.url == url && submitted.inlineAnswer == nil)
    }
  }

  @Test("an answer that is whole but for its announced length is as good as any")
  func wrongLength() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(100))
    let text = hexAnswer([0] + noise(50_000))
    try await withServer { connection, request in
      swallow(connection, request)
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count + 10)\r\n\r\n" + text)
      connection.close()
    } _: { server in
      let client = try CoverClient(service: miniMax(server.url, .hex), key: try key())
      let submitted = try await submit(client, path, keeping: scratch.path("answer"))
      #expect(
        try await client.unpack(answerAt: try #require(submitted.inlineAnswer), to: scratch.path("c")).bytes == 50_001
      )
    }
  }

  @Test("a head that comes long before its body is waited for as an answer, not as a transfer")
  func earlyHead() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("song.wav", noise(100))
    let clock = ManualClock()
    try await withServer { connection, request in
      swallow(connection, request)
      let text = hexAnswer([0, 1, 2])
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n")
      connection.waitUntilRead()
      clock.advance(by: .seconds(10))
      // Until the client has looked, and gone on.
      let looks = clock.looks
      eventuallyOnThread { clock.looks > looks + 2 }
      connection.send(text)
    } _: { server in
      var service = miniMax(server.url, .hex)
      service.timeouts.stall = 0.5
      service.timeouts.answer = 30
      var client = try CoverClient(service: service, key: try key())
      client.waiting = Waiting(clock)
      #expect(try await submit(client, path, keeping: scratch.path("answer")).inlineAnswer != nil)
    }
  }

  @Test("nothing can be asked of it later")
  func noPolling() async throws {
    let client = try CoverClient(service: .minimax, key: try key())
    let failure = try await error { _ = try await client.generation(id: "t") }
    #expect(failure.code == .notFound && failure.generationID == "t")
  }
}
