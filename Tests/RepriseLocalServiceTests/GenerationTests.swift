import RepriseService
import Foundation
import RepriseLocalService
import TestSupport
import Testing

@Suite("A generation", .startsServers)
struct GenerationTests {
  @Test("goes from queued to completed, and its result comes back whole", arguments: [false, true])
  func happyPath(raw: Bool) async throws {
    let audio = wav(seconds: 7)
    try await withService { baseURL in
      let accepted = try await exchange(
        baseURL, "POST", generatePath, headers: ["X-Client-Request-Id": "test:1.a_b-c"],
        body: try submission(audio: audio, raw: raw, changing: ["audio_setting": ["format": "wav"]]))
      #expect(accepted.status == 200)
      #expect(accepted.headers["x-client-request-id"] == "test:1.a_b-c")
      #expect(accepted.json["status"] as? String == "queued")
      let id = try #require(accepted.json["id"] as? String)
      #expect(id.hasSuffix(":music-cover") && id.utf8.count == 33)

      let done = try await finished(id, at: baseURL)
      let generation = try JSONDecoder().decode(Contract.Generation.self, from: done.body)
      #expect(generation.status == .completed)
      #expect(generation.meta?.usage?.creditsUsed == 0 && generation.meta?.usage?.usdSpent == 0)
      #expect(generation.audioFile?.fileSize == audio.count)
      #expect(done.headers["x-inference-id"] == id)

      let result = try await exchange(baseURL, "GET", try resultTarget(done, at: baseURL))
      #expect(result.status == 200)
      #expect(result.headers["content-type"] == "audio/wav")
      #expect(result.headers["content-length"] == "\(audio.count)")
      #expect(result.body == audio)
    }
  }

  @Test("is queued, then generating, then completed, one at a time and in order; more than may wait are a 429")
  func order() async throws {
    let gate = Gate()
    let log = LogLines()
    var configuration = LocalServerConfiguration()
    configuration.queueLength = 2
    configuration.retryAfterSeconds = 3
    configuration.onEvent = { if case .generation(let id, let step) = $0 { log.add(id + " " + step.word) } }
    try await withService(configuration, maker: CopyingMaker(gate: gate)) { baseURL in
      var ids: [String] = []
      for _ in 0..<3 {
        let accepted = try await exchange(baseURL, "POST", generatePath, body: try submission())
        #expect(accepted.json["status"] as? String == "queued")
        ids.append(try #require(accepted.json["id"] as? String))
      }
      let refused = try await exchange(baseURL, "POST", generatePath, body: try submission())
      expectError(refused, 429)
      #expect(refused.headers["retry-after"] == "3")

      try await eventually { try await status(ids[0], at: baseURL) != "queued" }
      #expect(try await status(ids[0], at: baseURL) == "generating")
      #expect(try await status(ids[1], at: baseURL) == "queued")
      gate.open()
      for id in ids { #expect(try await finished(id, at: baseURL).json["status"] as? String == "completed") }
      #expect(try await exchange(baseURL, "POST", generatePath, body: try submission()).status == 200)
      let steps = log.all.filter { line in ids.contains { line.hasPrefix($0) } && !line.hasSuffix("progress") }
      for id in ids {
        #expect(
          steps.filter { $0.hasPrefix(id) }.map { $0.dropFirst(id.count + 1) } == ["queued", "generating", "completed"])
      }
      #expect(steps.filter { $0.hasSuffix("completed") } == ids.map { $0 + " completed" })
    }
  }

  private func status(_ id: String, at baseURL: String) async throws -> String? {
    let escaped = id.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return try await exchange(baseURL, "GET", generatePath + "?generation_id=" + escaped).json["status"] as? String
  }

  @Test("tells how much of it is done while it is made, and neither before nor after")
  func progress() async throws {
    let gate = Gate()
    try await withService(maker: CopyingMaker(gate: gate)) { baseURL in
      let first = try await exchange(baseURL, "POST", generatePath, body: try submission())
      let second = try await exchange(baseURL, "POST", generatePath, body: try submission())
      let ids = try [first, second].map { try #require($0.json["id"] as? String) }
      func ask(_ id: String) async throws -> [String: Any] {
        let escaped = id.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return try await exchange(baseURL, "GET", generatePath + "?generation_id=" + escaped).json
      }
      #expect(first.json["progress"] == nil)
      try await eventually { try await ask(ids[0])["progress"] != nil }
      let running = try await ask(ids[0])
      #expect(running["status"] as? String == "generating" && running["progress"] as? Double == 0.5)
      #expect(try await ask(ids[1])["progress"] == nil)
      gate.open()
      for id in ids { #expect(try await finished(id, at: baseURL).json["progress"] == nil) }
    }
  }

  @Test("that fails says why, in its class and words, without the service's own paths")
  func failure() async throws {
    struct Broken: Error, CustomStringConvertible { let description: String }
    struct PathMaker: CoverMaker {
      func makeCover(
        reference: String, prompt: String, lyrics: String?, setting: Contract.AudioSetting, output: String,
        progress: @escaping @Sendable (Double) -> Void
      ) async throws {
        try Data([1]).write(to: URL(fileURLWithPath: output))
        throw Broken(description: "\(reference): cannot be made into \(output)")
      }
    }
    try await withDirectory { directory in
      var configuration = LocalServerConfiguration()
      configuration.temporaryDirectory = directory
      try await withService(configuration, maker: PathMaker()) { baseURL in
        let error = try await failed(try submission(), at: baseURL)
        #expect(error == ["name": "GenerationError", "message": "the reference: cannot be made into the result"])
        #expect(try keptFiles(in: directory).isEmpty)
      }
      let named = CopyingMaker(failure: CoverFailure(name: "EngineError", message: "nothing to hear"))
      try await withService(configuration, maker: named) { baseURL in
        let error = try await failed(try submission(), at: baseURL)
        #expect(error == ["name": "EngineError", "message": "nothing to hear"])
      }
    }
  }

  private func failed(_ body: Data, at baseURL: String) async throws -> [String: String]? {
    let accepted = try await exchange(baseURL, "POST", generatePath, body: body)
    let id = try #require(accepted.json["id"] as? String)
    let done = try await finished(id, at: baseURL)
    #expect(done.status == 200)
    #expect(done.json["status"] as? String == "error")
    #expect(done.json["audio_file"] == nil)
    return done.json["error"] as? [String: String]
  }

  @Test("from a link fetches it by http, and follows redirects no further than http")
  func link() async throws {
    let audio = wav(seconds: 7)
    try await withFileHost(audio) { host in
      try await withService(fetcher: LinkedReferenceFetcher()) { baseURL in
        func run(_ link: String) async throws -> HTTPConnection.Response {
          let body = try submission(changing: ["reference_audio_url": link, "audio_setting": ["format": "wav"]])
          let accepted = try await exchange(baseURL, "POST", generatePath, body: body)
          return try await finished(try #require(accepted.json["id"] as? String), at: baseURL)
        }
        func error(_ link: String) async throws -> String {
          let error = try await run(link).json["error"] as? [String: String]
          #expect(error?["name"] == "ReferenceError")
          return error?["message"] ?? ""
        }
        for path in ["/audio.wav", "/redirect-to-audio"] {
          let done = try await run(host + path)
          #expect(try await exchange(baseURL, "GET", try resultTarget(done, at: baseURL)).body == audio)
        }
        #expect(try await error(host + "/nothing").contains("not there"))
        #expect(try await error(host + "/redirect-to-file").contains("file"))
        #expect(try await error(host + "/loop").contains("redirects"))
        #expect(try await error(host + "/text").contains("no audio"))
        #expect(try await error("http://127.0.0.1:1/").contains("could not be fetched"))
      }
      var configuration = LocalServerConfiguration()
      configuration.maximumReferenceBytes = audio.count - 1
      try await withService(configuration, fetcher: LinkedReferenceFetcher()) { baseURL in
        let body = try submission(changing: ["reference_audio_url": host + "/audio.wav"])
        let error = try await failed(body, at: baseURL)
        #expect(
          error?["message"] == "the reference could not be fetched: it is over the limit of \(audio.count - 1) bytes")
      }
    }
  }
}

extension LocalServerEvent.Step {
  fileprivate var word: String {
    switch self {
    case .queued: "queued"
    case .generating: "generating"
    case .progress: "progress"
    case .completed: "completed"
    case .failed: "failed"
    case .expired: "expired"
    }
  }
}
