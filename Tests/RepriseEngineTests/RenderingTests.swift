import RepriseAudio
import RepriseAnalysis
import RepriseEngine
import Foundation
import RepriseSignal
import Synchronization
import SyntheticMusic
import TestSupport
import Testing

@Suite("Rendering", .takesLong)
struct RenderingTests {
  private static func arrangement(_ notes: [Arrangement.Note], program: Int = 0, seconds: Double = 4) -> Arrangement {
    Arrangement(
      style: "test", timeScale: 1, seconds: seconds,
      tracks: [.init(role: .melody, program: program, channel: 0, volume: 100, pan: 0, reverb: 0, notes: notes)],
      notes: [])
  }

  private static func check(_ audio: AudioBuffer) throws {
    let loudness = try measureLoudness(interleaved: audio.samples, channels: 2, sampleRate: 44100)
    #expect(abs(loudness.integrated + 14) < 0.5)
    #expect(loudness.truePeak <= -1)
    try #require(!audio.samples.isEmpty)
    #expect(audio.samples.allSatisfy { $0.isFinite })
    #expect(audio.channels == 2 && audio.sampleRate == 44100)
  }

  @Test("notes sound when they should, at the pitch they should")
  func placed() async throws {
    let notes = [69, 76].enumerated().map {
      Arrangement.Note(time: 1 + Double($0.offset), duration: 0.6, pitch: $0.element, velocity: 100)
    }
    let audio = try await CoverEngine().render(Self.arrangement(notes, program: 73))
    let mono = audio.mono()
    let loudest = mono.map(abs).max() ?? 0
    let first = try #require(mono.firstIndex { abs($0) > loudest * 0.02 })
    // A flute takes its time, but never begins early; a block is 64 samples.
    #expect((44100 - 64...44100 + 4410).contains(first))
    for (time, hertz) in [(1.3, 440.0), (2.3, 659.26)] {
      var fft = RealFFT(size: 8192)
      var magnitudes: [Float] = []
      fft.magnitudes(of: Array(mono[Int(time * 44100)..<(Int(time * 44100) + 8192)]), into: &magnitudes)
      let near = magnitudes.indices.filter { Double($0) > 300 * 8192 / 44100 && Double($0) < 800 * 8192 / 44100 }
      let peak = try #require(near.max { magnitudes[$0] < magnitudes[$1] })
      #expect(abs(Double(peak) * 44100 / 8192 / hertz - 1) < 0.01)
    }
  }

  @Test("a drum track plays percussion: a closed hi-hat is bright, where the same key of a piano is low")
  func percussion() async throws {
    let notes = (0..<16).map { Arrangement.Note(time: Double($0) * 0.2, duration: 0.1, pitch: 42, velocity: 100) }
    let drums = Arrangement(
      style: "test", timeScale: 1, seconds: 4,
      tracks: [.init(role: .drums, program: 0, channel: 9, volume: 100, pan: 0, reverb: 0, notes: notes)], notes: [])
    let engine = try CoverEngine()
    // The bands from 27 up lie above 3.3 kHz.
    func brightness(_ audio: AudioBuffer) -> Float {
      let colour = Self.colour(audio)
      return (colour[27...].max() ?? 0) - (colour[..<27].max() ?? 0)
    }
    #expect(brightness(try await engine.render(drums)) > 3)
    #expect(brightness(try await engine.render(Self.arrangement(notes))) < -10)
  }

  @Test(
    "a cover is mastered to -14 LUFS with its true peak under -1 dBTP, and ends in silence",
    arguments: ["orchestral", "rock"])
  func mastered(prompt: String) async throws {
    let song = SyntheticSong(bars: 4)
    let audio = try await CoverEngine().render(CoverEngine.arrange(song.analysis, prompt: prompt))
    try Self.check(audio)
    try #require(audio.samples.count >= 200)
    #expect(audio.samples.suffix(200).allSatisfy { abs($0) < 1e-3 })
    #expect(!zip(audio.samples, audio.samples.dropFirst(2)).contains { abs($0) > 0.99 && $0 == $1 })
  }

  @Test("the loudest of attacks over the softest of notes is mastered without clipping")
  func peaks() async throws {
    var notes = (0..<8).map { Arrangement.Note(time: Double($0) * 2, duration: 0.05, pitch: 36, velocity: 127) }
    notes += [Arrangement.Note(time: 0.5, duration: 14, pitch: 60, velocity: 8)]
    try Self.check(try await CoverEngine().render(Self.arrangement(notes.sorted { $0.time < $1.time }, seconds: 16)))
  }

  @Test("an arrangement without a sound is refused, and one with impossible notes is played without them")
  func empty() async throws {
    let engine = try CoverEngine()
    await #expect { try await engine.render(Self.arrangement([])) } throws: { ($0 as? EngineError)?.code == .silent }
    let odd = [
      Arrangement.Note(time: -1, duration: 1, pitch: 60, velocity: 90),
      Arrangement.Note(time: 0.5, duration: -1, pitch: 60, velocity: 90),
      Arrangement.Note(time: 0.5, duration: 1, pitch: 400, velocity: 90),
      Arrangement.Note(time: .nan, duration: 1, pitch: 60, velocity: 90),
      Arrangement.Note(time: 1e300, duration: 1, pitch: 60, velocity: 90),
      Arrangement.Note(time: 1, duration: .infinity, pitch: 60, velocity: 900),
    ]
    try Self.check(try await engine.render(Self.arrangement(odd)))
  }

  @Test(
    "what is played can be heard again: chords and tune come back out of the cover", arguments: ["folk", "synthwave"])
  func roundTrip(prompt: String) async throws {
    let song = SyntheticSong(tempo: 104, bars: 12)
    let engine = try CoverEngine()
    let audio = try await engine.render(CoverEngine.arrange(song.analysis, prompt: prompt))
    let heard = try await Analyzer().analyze(audio)
    #expect(Score.chords(song.chords, heard.chords) > 0.75)
    // Without the learned models, steady sixteenths leave open whether the beat is twice as fast.
    let everyOther = (0..<2).map { first in heard.beats.indices.filter { $0 % 2 == first }.map { heard.beats[$0] } }
    #expect(([heard.beats] + everyOther).contains { Score.beats(song.beats, $0) > 0.75 })
    let folded = { (notes: [Analysis.MelodyNote]) in
      notes.map { Analysis.MelodyNote(start: $0.start, end: $0.end, pitch: $0.pitch % 12) }
    }
    #expect(Score.melody(folded(song.melody), folded(heard.melody)) > 0.45)
  }

  @Test("a cover is made from a recording: its length, progress and notes; two prompts differ in their spectra")
  func cover() async throws {
    let song = SyntheticSong(bars: 6)
    let engine = try CoverEngine()
    let seen = Mutex<[Double]>([])
    let one = try await engine.makeCover(of: song.audio, prompt: "acoustic folk", lyrics: "la la la la") { value in
      seen.withLock { $0.append(value) }
    }
    let progress = seen.withLock { $0 }
    #expect(progress == progress.sorted() && progress.last == 1 && progress.count > 5)
    try #require(!progress.isEmpty)
    #expect(progress.allSatisfy { (0...1).contains($0) })
    #expect((0.8...1.25).contains(one.audio.seconds / song.seconds))
    #expect(one.notes.contains { $0.contains("lyrics are not sung") })
    try Self.check(one.audio)
    let two = try await engine.makeCover(of: song.audio, prompt: "synthwave", lyrics: nil)
    #expect(!two.notes.contains { $0.contains("lyrics") })
    let distance = zip(Self.colour(one.audio), Self.colour(two.audio)).map { abs($0 - $1) }.reduce(0, +) / 40
    // In decibels a band; the same cover is 0 from itself.
    #expect(distance > 2)
  }

  // The mean level in each of 40 mel bands, in decibels.
  private static func colour(_ audio: AudioBuffer) -> [Float] {
    let mel = MelBands(count: 40, lowest: 30, highest: 16000, size: 2048, sampleRate: 44100)
    var transform = ShortTimeSpectrum(window: 2048, hop: 2048)
    var sums = [Float](repeating: 0, count: 40)
    var bands: [Float] = []
    transform.forEachFrame(of: audio.mono()) { _, magnitudes in
      mel.apply(to: magnitudes, into: &bands)
      for band in bands.indices { sums[band] += bands[band] }
    }
    return sums.map { 20 * log10($0 + 1e-6) }
  }

  @Test("rendering stops when its task is cancelled")
  func cancelled() async throws {
    let engine = try CoverEngine()
    let arrangement = CoverEngine.arrange(SyntheticSong(bars: 30).analysis, prompt: "orchestral")
    let task = Task { try await engine.render(arrangement) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
