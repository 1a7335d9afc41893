import RepriseAnalysis
import RepriseAudio
import Foundation
import SyntheticMusic
import TestSupport
import Testing

@Suite("Analyzing")
struct HearingTests {
  @Test("a song whose truth is known is heard right", .takesLong, arguments: SyntheticSong.several)
  func song(song: SyntheticSong) async throws {
    let analysis = try await song.heard()
    #expect(Score.chords(song.chords, analysis.chords) > 0.85)
    #expect(Score.melody(song.melody, analysis.melody) > 0.7)
    #expect(Score.beats(song.beats, analysis.beats) > 0.9)
    #expect(analysis.key == song.key)
    #expect(analysis.meter == song.meter)
    #expect(abs(analysis.tempo / song.tempo - 1) < 0.02)
    #expect(abs(analysis.tuning - song.detuned) < 0.06)
    #expect(analysis.confidence.beats > 0.5)
    #expect(analysis.confidence.melody > 0.5)
    let downbeats = stride(from: 0, to: song.beats.count, by: song.meter).map { song.beats[$0] }
    #expect(Score.beats(downbeats, analysis.downbeats) > 0.85)
  }

  @Test("times ascend, lie in the recording, and chords leave no gap", .takesLong)
  func order() async throws {
    let analysis = try await SyntheticSong().heard()
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

  @Test("notes of the tune begin where they were played, within 25 ms for most", .takesLong)
  func onsets() async throws {
    let song = SyntheticSong()
    let heard = try await song.heard().melody
    let errors = song.melody.compactMap { note in
      heard.filter { $0.pitch == note.pitch }.map { abs($0.start - note.start) }.min()
    }.sorted()
    #expect(errors.count == song.melody.count)
    #expect(errors[errors.count / 2] < 0.025)
  }

  @Test("the same recording gives the same analysis", .takesLong)
  func deterministic() async throws {
    let audio = SyntheticSong(bars: 4).audio
    #expect(try await Analyzer().analyze(audio) == Analyzer().analyze(audio))
  }

  @Test("silence and scraps are refused with the reason", arguments: [0.0, 1e-5])
  func silence(level: Float) async {
    let quiet = AudioBuffer(
      samples: (0..<441_000).map { $0.isMultiple(of: 2) ? level : -level }, channels: 1, sampleRate: 44100)
    await #expect(throws: AnalysisError.silent(below: -70)) { try await Analyzer().analyze(quiet) }
    let scrap = AudioBuffer(samples: [Float](repeating: 0.1, count: 44100 * 3), channels: 1, sampleRate: 44100)
    await #expect(throws: AnalysisError.tooShort(seconds: 3, minimum: 4)) { try await Analyzer().analyze(scrap) }
    let nothing = AudioBuffer(samples: [], channels: 2, sampleRate: 44100)
    await #expect(throws: AnalysisError.tooShort(seconds: 0, minimum: 4)) { try await Analyzer().analyze(nothing) }
  }

  @Test(
    "odd signals give an analysis or an error, never a crash or a time outside the recording", .takesLong,
    arguments: OddSignal.allCases)
  func odd(signal: OddSignal) async throws {
    let audio = signal.audio
    do {
      let analysis = try await signal.heard()
      #expect(analysis.tempo.isFinite && analysis.tempo > 0)
      #expect((0...1).contains(analysis.confidence.beats))
      #expect(analysis.confidence.melody < 0.25)
      #expect(analysis.melody.isEmpty, "noise, a click and one tone are no melody")
      #expect(analysis.beats.allSatisfy { $0 >= 0 && $0 <= audio.seconds })
      #expect(analysis.chords.allSatisfy { $0.start >= 0 && $0.end <= audio.seconds && $0.start < $0.end })
      #expect(signal != .offset, "a constant is silence")
    } catch let error as AnalysisError {
      #expect(error == .silent(below: -70))
    }
  }

  @Test(
    "one note in four seconds is heard at any sample rate, over any number of channels, with an offset", .takesLong,
    arguments: [(8000, 1), (192_000, 2), (44_100, 6)])
  func scraps(rate: Int, channels: Int) async throws {
    var samples: [Float] = []
    samples.reserveCapacity(4 * rate * channels)
    for index in 0..<(4 * rate) {
      let time = Double(index) / Double(rate) - 1
      let note = time < 0 ? 0 : 0.4 * exp(-4 * time) * sin(2 * Double.pi * 440 * time)
      for _ in 0..<channels { samples.append(Float(note + 0.1)) }
    }
    let analysis = try await Analyzer().analyze(
      AudioBuffer(samples: samples, channels: channels, sampleRate: rate))
    #expect(analysis.seconds == 4)
    #expect(analysis.tempo.isFinite && analysis.tempo > 0)
    #expect(analysis.beats.allSatisfy { (0...4).contains($0) })
    #expect(analysis.chords.first?.start == 0 && analysis.chords.last?.end == 4)
    #expect(analysis.melody.isEmpty, "one note is no melody")
    let confidence = analysis.confidence
    for value in [confidence.music, confidence.beats, confidence.key, confidence.melody] {
      #expect((0...1).contains(value))
    }
  }

  @Test("analysis stops when its task is cancelled", .takesLong)
  func cancelled() async {
    let audio = SyntheticSong(bars: 24).audio
    let task = Task { try await Analyzer().analyze(audio) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
