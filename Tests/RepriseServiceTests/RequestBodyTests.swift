import RepriseService
import Foundation
import RepriseSystem
import TestSupport
import Testing

@Suite("A request's body")
struct RequestBodyTests {
  private func written(_ body: RequestBody) throws -> [UInt8] {
    let scratch = try Scratch()
    let path = try scratch.file("body.json", [])
    let file = try #require(FileHandle(forWritingAtPath: path))
    try body.write(to: file.fileDescriptor, path: path, cancellation: Cancellation())
    try file.close()
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  @Test(
    "Base64 is Foundation's, and the length is known beforehand, at every edge of a block",
    arguments: [1, 2, 3, 4, 147_455, 147_456, 147_457, 294_912, 294_913, 1_000_003],
    ServiceDescription.Base64Form.allCases)
  func exactLength(size: Int, form: ServiceDescription.Base64Form) throws {
    let scratch = try Scratch()
    let bytes = noise(size)
    var service = ServiceDescription.aimlapi
    service.base64Form = form
    service.mediaTypes["wav"] = "audio/x-wav"
    let body = try RequestBody(request(try scratch.file("a.wav", bytes)), for: service)
    let text = try written(body)
    #expect(text.count == body.byteCount)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
    let expected = (form == .raw ? "" : "data:audio/x-wav;base64,") + Data(bytes).base64EncodedString()
    #expect(json["reference_audio_url"] as? String == expected)
  }

  @Test("any text survives, and no slash is escaped")
  func escaping() throws {
    let nasty = "a/b \\ \"q\" \u{0}\u{1}\u{8}\t\u{B}\u{1F}\u{7F} \u{2028}\u{2029} é e\u{301} 🎻 </script>"
    let lyrics = "[Verse]\r\nline/one\rline two\n\r\n[Chorus]"
    let setting = Contract.AudioSetting(sampleRate: 32000, bitrate: 128_000, format: .wav)
    let asked = CoverRequest(
      prompt: nasty, lyrics: lyrics, setting: setting, reference: .url("https://x.example/a%2Fb?c=d"))
    let text = try written(try RequestBody(asked, for: .aimlapi))
    #expect(!String(decoding: text, as: UTF8.self).contains(#"\/"#))
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
    let prompt = try #require(json["prompt"] as? String)
    #expect(Array(prompt.unicodeScalars) == Array(nasty.unicodeScalars))
    #expect(json["lyrics"] as? String == "[Verse]\nline/one\nline two\n\n[Chorus]")
    #expect(json["reference_audio_url"] as? String == "https://x.example/a%2Fb?c=d")
    let sent = try #require(json["audio_setting"] as? [String: Any])
    #expect(sent["sample_rate"] as? Int == 32000 && sent["bitrate"] as? Int == 128_000)
    #expect(sent["format"] as? String == "wav")
  }

  @Test("field names come from the service")
  func fieldNames() throws {
    var service = ServiceDescription.aimlapi
    service.fields.reference = "audio_url"
    service.model = "other/model"
    let asked = CoverRequest(prompt: prompt, reference: .url("https://x.example/a"))
    let text = try written(try RequestBody(asked, for: service))
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
    #expect(Set(json.keys) == ["model", "prompt", "audio_url"])
    #expect(json["model"] as? String == "other/model")
  }

  @Test(
    "lengths are counted in Unicode scalars and reported",
    arguments: [
      (9, nil, .length(of: .prompt, 9, allowed: 10...2000)), (10, nil, nil), (2000, nil, nil),
      (2001, nil, .length(of: .prompt, 2001, allowed: 10...2000)),
      (10, 9, .length(of: .lyrics, 9, allowed: 10...3000)), (10, 10, nil), (10, 3000, nil),
      (10, 3001, .length(of: .lyrics, 3001, allowed: 10...3000)),
    ] as [(Int, Int?, ServiceError.RequestProblem?)])
  func lengths(prompt: Int, lyrics: Int?, problem: ServiceError.RequestProblem?) async throws {
    // Each is one scalar, two UTF-16 units and four bytes; neighbours join into one flag each.
    let asked = CoverRequest(
      prompt: String(repeating: "🇫", count: prompt), lyrics: lyrics.map { String(repeating: "🇷", count: $0) },
      reference: .url("https://x.example/a"))
    guard let problem else {
      try asked.validate(for: .aimlapi)
      return
    }
    let failure = try await error { try asked.validate(for: .aimlapi) }
    #expect(failure.code == .validation)
    #expect(failure.problem == .request(problem))
  }

  @Test("a file of exactly the limit passes, one byte more does not, nor an empty one")
  func sizes() async throws {
    let scratch = try Scratch()
    var service = ServiceDescription.aimlapi
    service.limits.maximumBytes = 1_000_000
    _ = try RequestBody(request(try scratch.file("a.wav", noise(1_000_000))), for: service)
    let large = try scratch.file("b.wav", noise(1_000_001))
    let failure = try await error { _ = try RequestBody(request(large), for: service) }
    #expect(failure.code == .validation)
    #expect(failure.problem == .request(.tooLarge(path: large, bytes: 1_000_001, limit: 1_000_000)))
    let empty = try scratch.file("c.wav", [])
    let none = try await error { _ = try RequestBody(request(empty), for: service) }
    #expect(none.problem == .request(.empty(path: empty)))
  }

  @Test("what is not a readable plain file, a known format, a setting the service makes or a web URL is refused")
  func refused() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.wav", [1])
    let cases: [(CoverRequest, ServiceError.Code)] = [
      (request(scratch.root), .io), (request(scratch.path("none.wav")), .io),
      (request(path, format: "ogg"), .validation),
      (CoverRequest(prompt: prompt, reference: .url("file:///etc/passwd")), .refused),
      (
        CoverRequest(prompt: prompt, setting: .init(sampleRate: 48000), reference: .url("https://x.example/a")),
        .validation
      ),
      (CoverRequest(prompt: prompt, setting: .init(bitrate: 1), reference: .url("https://x.example/a")), .validation),
    ]
    for (asked, code) in cases {
      let failure = try await error { _ = try RequestBody(asked, for: .aimlapi) }
      #expect(failure.code == code, "\(failure)")
    }
  }

  @Test("a file that is replaced between measuring and sending is noticed")
  func replaced() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.wav", noise(1000))
    let body = try RequestBody(request(path), for: .aimlapi)
    _ = try scratch.file("a.wav", noise(1001))
    let failure = try await error { _ = try written(body) }
    #expect(failure.code == .io && failure.problem == .request(.changed(path: path)))
  }

  @Test("a cancelled or failing write says so")
  func stops() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.wav", noise(1000))
    let body = try RequestBody(request(path), for: .aimlapi)
    let cancelled = Cancellation()
    cancelled.cancel()
    #expect(try await error { try body.write(to: 1, path: "-", cancellation: cancelled) }.code == .cancelled)
    let unwritable = try #require(FileHandle(forReadingAtPath: path))
    let failure = try await error {
      try body.write(to: unwritable.fileDescriptor, path: "out.json", cancellation: Cancellation())
    }
    #expect(failure.code == .io && (failure.underlying as? FileError)?.path == "out.json")
  }
}
