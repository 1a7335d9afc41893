import CoverService
import Foundation
import LocalService
import Testing

@Suite("A generation")
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
}
