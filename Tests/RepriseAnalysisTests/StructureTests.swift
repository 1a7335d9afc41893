import Foundation
import RepriseAnalysis
import RepriseAudio
import RepriseSystem
import SyntheticMusic
import TestSupport
import Testing

/// Chroma of made-up passages: each letter of a form is four stretches a bar of its own notes.
private struct Passages {
  let treble: [[Double]]
  let starts: [Int]
  static let bar = 4

  /// - Parameters:
  ///   - form: One letter a passage.
  ///   - bars: The number of bars of each passage.
  ///   - transposed: Semitones by which each passage is moved up.
  init(_ form: String, bars: [Int], transposed: [Int]) {
    var treble: [[Double]] = []
    for (index, letter) in form.utf8.enumerated() {
      var state = UInt64(letter)
      for _ in 0..<(bars[index] * Self.bar) {
        var vector = [Double](repeating: 0, count: 12)
        for _ in 0..<3 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          vector[(Int(state >> 33) + transposed[index]) % 12] += 1
        }
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        treble.append(vector.map { $0 / norm })
      }
    }
    self.treble = treble
    starts = Array(stride(from: 0, through: treble.count, by: Self.bar))
  }

  func found() throws -> (bars: [Int], groups: [Int]) {
    let similarity = SelfSimilarity(
      treble: treble, bass: treble, timbre: [Float](repeating: 0, count: treble.count), bands: 1)
    let bars = try SectionBoundaries(similarity, starts: starts, cancellation: Cancellation()).bars
    let spans = zip(bars, bars.dropFirst()).map { (starts[$0])..<(starts[$1]) }
    let groups = try SectionGroups(similarity, spans: spans, bar: Self.bar, cancellation: Cancellation()).groups
    return (bars, groups)
  }
}

@Suite("Structure")
struct StructureTests {
  @Test(
    "passages that are played again are sections with one label",
    arguments: [
      (form: "AABA", bars: [8, 8, 8, 8], transposed: [0, 0, 0, 0], groups: [0, 0, 1, 0]),
      (form: "IABAB", bars: [4, 8, 8, 8, 8], transposed: [0, 0, 0, 0, 0], groups: [0, 1, 2, 1, 2]),
      // The last time a tone higher.
      (form: "AABA", bars: [8, 8, 8, 8], transposed: [0, 0, 0, 2], groups: [0, 0, 1, 0]),
    ])
  func repetition(form: String, bars: [Int], transposed: [Int], groups: [Int]) throws {
    let found = try Passages(form, bars: bars, transposed: transposed).found()
    #expect(found.bars == bars.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) })
    #expect(found.groups == groups)
  }

  @Test("sections of an analysis leave no gap and begin with bars", .takesLong)
  func spans() async throws {
    let analysis = try await SyntheticSong().heard()
    #expect(analysis.sections.first?.start == 0)
    #expect(analysis.sections.last?.end == analysis.seconds)
    for (one, next) in zip(analysis.sections, analysis.sections.dropFirst()) {
      #expect(one.end == next.start)
      #expect(analysis.downbeats.contains(next.start))
    }
    #expect(analysis.keys.first?.start == 0)
    #expect(analysis.keys.last?.end == analysis.seconds)
  }
}

@Suite("Keys")
struct KeyTests {
  // Two intervals a bar of two seconds.
  private static func keys(_ chords: [String]) -> KeyTracker {
    let parsed = chords.map { Chord($0) }
    return KeyTracker(
      parsed, edges: (0...chords.count).map(Double.init),
      downbeats: stride(from: 0.0, to: Double(chords.count), by: 2).map { $0 })
  }

  private static let inC = ["C:maj", "A:min", "F:maj", "G:maj", "C:maj", "F:maj", "G:maj", "C:maj"]
  private static let inD = ["D:maj", "B:min", "G:maj", "A:maj", "D:maj", "G:maj", "A:maj", "D:maj"]
  private static let inEFlat = ["D#:maj", "C:min", "G#:maj", "A#:maj", "D#:maj", "G#:maj", "A#:maj", "D#:maj"]

  @Test("a key that changes for good is followed from its first bar")
  func modulation() {
    let found = Self.keys(Self.inC + Self.inC + Self.inC + Self.inD + Self.inD)
    #expect(found.spans.map(\.key.description) == ["C:maj", "D:maj"])
    #expect(found.spans.map(\.start) == [0, 24])
    #expect(found.spans.map(\.end) == [24, 40])
    #expect(found.key.description == "C:maj")
    #expect(found.confidence > 0.8)
  }

  @Test("the key that lasts longest is the key, wherever it comes")
  func longest() {
    #expect(Self.keys(Self.inC + Self.inC + Self.inEFlat + Self.inEFlat + Self.inEFlat).key.description == "D#:maj")
  }

  @Test("borrowed chords are no change of key")
  func borrowed() {
    let found = Self.keys(Self.inC + ["F:min", "A#:maj", "D#:maj", "G:maj"] + Self.inC + ["D:7", "G:7"] + Self.inC)
    #expect(found.spans.map(\.key.description) == ["C:maj"])
  }

  @Test("without chords there is a key, of which nothing speaks")
  func none() {
    let found = Self.keys(["N", "N", "N", "N"])
    #expect(found.spans.count == 1)
    #expect(found.confidence < 0.5)
  }
}

@Suite("Music or not")
struct MusicDetectorTests {
  @Test("a song is taken for music", .takesLong, arguments: [SyntheticSong(), SyntheticSong.several[1]])
  func song(song: SyntheticSong) async throws {
    let confidence = try await song.heard().confidence
    #expect(confidence.music > 0.5)
    #expect(confidence.key > 0.5)
  }

  @Test("drums alone are taken for music, a metronome is not", .takesLong)
  func drums() async throws {
    #expect(try await Self.struck("X..xS..hX.X.S.hh").confidence.music > 0.5)
    #expect(try await Self.struck("h...h...h...h...").confidence.music < 0.5)
  }

  // A bar of sixteenths at 100 beats a minute, nine times: X a low drum, S a snare, h and x short and long noise.
  private static func struck(_ bar: String) async throws -> Analysis {
    var random = Seeded(5)
    let rate = 22050
    var samples = (0..<(24 * rate)).map { _ in Float.random(in: -1e-4...1e-4, using: &random) }
    for step in 0..<144 {
      let kind = Array(bar)[step % 16]
      let start = rate / 5 + step * rate * 15 / 100
      for index in 0..<(kind == "." ? 0 : rate / 5) {
        let time = Double(index) / Double(rate)
        let noise = Double.random(in: -1...1, using: &random)
        let low = sin(2 * Double.pi * (60 * time + 2 * (1 - exp(-30 * time))))
        let sound: Double =
          switch kind {
          case "X": low * exp(-15 * time)
          case "S": (0.6 * noise + 0.4 * sin(2 * Double.pi * 190 * time)) * exp(-25 * time)
          case "x": 0.3 * noise * exp(-20 * time)
          default: 0.3 * noise * exp(-90 * time)
          }
        samples[start + index] += Float(0.8 * sound)
      }
    }
    return try await Analyzer().analyze(AudioBuffer(samples: samples, channels: 1, sampleRate: rate))
  }

  @Test(
    "noise, a tone and a click are taken for none, and have no key", .takesLong,
    arguments: [OddSignal.noise, .steady, .click, .huge, .manyChannels])
  func none(signal: OddSignal) async throws {
    let confidence = try await signal.heard().confidence
    #expect(confidence.music < 0.5)
    #expect(confidence.key < 0.5)
  }
}
