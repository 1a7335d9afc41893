import RepriseAudio
import Foundation
import RepriseLocalService
import RepriseSystem
import TestSupport
import Testing

@Suite("The engine behind the service", .startsServers)
struct EngineTests {
  private static var recording: Data {
    get throws {
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      return try Data(contentsOf: root.appendingPathComponent("Fixtures/recording.mp3"))
    }
  }

  @Test(
    "makes a cover of a real recording in the encoding asked for",
    arguments: [("mp3", 16000, 256_000), ("wav", 24000, 32000), ("pcm", 32000, 32000)])
  func cover(format: String, sampleRate: Int, bitrate: Int) async throws {
    let body = try submission(
      audio: try Self.recording,
      changing: [
        "prompt": "gentle piano ballad",
        "audio_setting": ["format": format, "sample_rate": sampleRate, "bitrate": bitrate] as [String: Any],
      ])
    let server = try LocalServer()
    let result = try await withLocalServer(server) { baseURL in
      let accepted = try await exchange(baseURL, "POST", generatePath, body: body)
      #expect(accepted.status == 200, "\(accepted.message)")
      let id = try #require(accepted.json["id"] as? String)
      return try await exchange(baseURL, "GET", try resultTarget(try await finished(id, at: baseURL), at: baseURL)).body
    }
    // The recording lasts 26 s.
    if format == "pcm" {
      #expect((20.0...33.0).contains(Double(result.count) / 4 / Double(sampleRate)))
      return
    }
    try await withDirectory { directory in
      let path = directory + "/cover"
      try result.write(to: URL(fileURLWithPath: path))
      let inspection = await inspect(path: path, limits: AudioLimits(), deep: true)
      #expect(inspection.verdict == .ready)
      #expect(inspection.format.rawValue == format)
      #expect(inspection.sampleRate == sampleRate && inspection.channels == 2)
      #expect((20.0...33.0).contains(inspection.duration?.seconds ?? 0))
    }
  }

  @Test("refuses what is no recording, or one that is too short, too long or cut off, before it is queued")
  func unfit() async throws {
    let recording = try Self.recording
    try await withLocalServer(try LocalServer()) { baseURL in
      for (audio, words) in [
        (Data(String(repeating: "no audio ", count: 100).utf8), "not audio"), (wav(seconds: 5.9), "5.9"),
        (wav(seconds: 361), "361"), (Data(wav(seconds: 30).prefix(300_000)), "are missing"),
        (Data(recording.prefix(recording.count / 3)), "are missing"),
      ] {
        let response = try await exchange(baseURL, "POST", generatePath, body: try submission(audio: audio))
        let message = expectError(response, 400)
        #expect(message.hasPrefix("reference_audio_url: ") && message.contains(words), "\(message)")
        #expect(!message.contains("/reference-"))
      }
    }
  }
}
