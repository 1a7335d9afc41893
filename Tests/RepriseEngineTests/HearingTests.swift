import RepriseAudio
import RepriseEngine
import Foundation
import Testing

@Suite("Analyzing")
struct HearingTests {
  @Test("a song whose truth is known is heard right", arguments: SyntheticSong.several)
  func song(song: SyntheticSong) async throws {
    let analysis = try await CoverEngine.analyze(song.audio)
    #expect(Score.chords(song.chords, analysis.chords) > 0.85)
    #expect(Score.melody(song.melody, analysis.melody) > 0.7)
    #expect(Score.beats(song.beats, analysis.beats) > 0.9)
    #expect(analysis.key == song.key)
    #expect(analysis.meter == song.meter)
    #expect(abs(analysis.tempo / song.tempo - 1) < 0.02)
    #expect(abs(analysis.tuning - song.detuned) < 0.06)
    #expect(analysis.beatConfidence > 0.5)
    let downbeats = stride(from: 0, to: song.beats.count, by: song.meter).map { song.beats[$0] }
    #expect(Score.beats(downbeats, analysis.downbeats) > 0.85)
  }

  @Test("times ascend, lie in the recording, and chords leave no gap")
  func order() async throws {
    let song = SyntheticSong()
    let analysis = try await CoverEngine.analyze(song.audio)
    #expect(analysis.beats == analysis.beats.sorted())
    #expect(Set(analysis.downbeats).isSubset(of: analysis.beats))
    #expect(analysis.levels.count == analysis.beats.count)
    #expect(analysis.chords.first?.start == 0)
    #expect(analysis.chords.last?.end == analysis.seconds)
    for (one, next) in zip(analysis.chords, analysis.chords.dropFirst()) { #expect(one.end == next.start) }
    for (one, next) in zip(analysis.melody, analysis.melody.dropFirst()) { #expect(one.end <= next.start + 1e-9) }
    try #require(!analysis.melody.isEmpty)
    #expect(analysis.melody.allSatisfy { $0.start >= 0 && $0.end <= analysis.seconds && $0.start < $0.end })
  }

  @Test("notes of the tune begin where they were played, within 25 ms for most")
  func onsets() async throws {
    let song = SyntheticSong()
    let heard = try await CoverEngine.analyze(song.audio).melody
    let errors = song.melody.compactMap { note in
      heard.filter { $0.pitch == note.pitch }.map { abs($0.start - note.start) }.min()
    }.sorted()
    #expect(errors.count == song.melody.count)
    #expect(errors[errors.count / 2] < 0.025)
  }

  @Test("the same recording gives the same analysis")
  func deterministic() async throws {
    let audio = SyntheticSong(bars: 4).audio
    #expect(try await CoverEngine.analyze(audio) == CoverEngine.analyze(audio))
  }

  @Test("silence and scraps are refused with the reason", arguments: [0.0, 1e-5])
  func silence(level: Float) async {
    let quiet = AudioBuffer(
      samples: (0..<441_000).map { $0.isMultiple(of: 2) ? level : -level }, channels: 1, sampleRate: 44100)
    await #expect { try await CoverEngine.analyze(quiet) } throws: { ($0 as? EngineError)?.code == .silent }
    let scrap = AudioBuffer(samples: [Float](repeating: 0.1, count: 44100 * 3), channels: 1, sampleRate: 44100)
    await #expect { try await CoverEngine.analyze(scrap) } throws: {
      ($0 as? EngineError)?.code == .tooShort && "\($0)".contains("3.0 s")
    }
    let nothing = AudioBuffer(samples: [], channels: 2, sampleRate: 44100)
    await #expect { try await CoverEngine.analyze(nothing) } throws: { ($0 as? EngineError)?.code == .tooShort }
  }

  enum Odd: CaseIterable { case noise, offset, steady, clipped, notNumbers, click, huge, manyChannels }

  @Test(
    "odd signals give an analysis or an error, never a crash or a time outside the recording", arguments: Odd.allCases)
  func odd(signal: Odd) async throws {
    let rate = 22050
    var noise: UInt64 = 88
    func random() -> Float {
      noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(noise >> 40) / Float(1 << 23) - 1
    }
    let samples = (0..<(rate * 7)).flatMap { index -> [Float] in
      let tone = Float(sin(2 * Double.pi * 330 * Double(index) / Double(rate)))
      switch signal {
      case .noise: return [random()]
      case .offset: return [0.9]
      case .steady: return [tone * 0.5]
      case .clipped: return [max(-1, min(1, tone * 40))]
      case .notNumbers: return [index.isMultiple(of: 1000) ? .nan : index.isMultiple(of: 777) ? .infinity : tone * 0.5]
      case .click: return [index == rate * 3 ? 1 : 0]
      case .huge: return [tone * 1e30]
      case .manyChannels: return [Float](repeating: tone * 0.3, count: 8)
      }
    }
    let audio = AudioBuffer(samples: samples, channels: signal == .manyChannels ? 8 : 1, sampleRate: rate)
    do {
      let analysis = try await CoverEngine.analyze(audio)
      #expect(analysis.tempo.isFinite && analysis.tempo > 0)
      #expect((0...1).contains(analysis.beatConfidence))
      #expect(analysis.beats.allSatisfy { $0 >= 0 && $0 <= audio.seconds })
      #expect(analysis.chords.allSatisfy { $0.start >= 0 && $0.end <= audio.seconds && $0.start < $0.end })
      #expect(signal != .offset, "a constant is silence")
      let arrangement = CoverEngine.arrange(analysis, prompt: "rock")
      #expect((0.8...1.25).contains(arrangement.seconds / audio.seconds))
    } catch let error as EngineError {
      #expect(error.code == .silent)
    }
  }

  @Test("analysis stops when its task is cancelled")
  func cancelled() async {
    let audio = SyntheticSong(bars: 24).audio
    let task = Task { try await CoverEngine.analyze(audio) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
