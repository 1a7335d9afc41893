import Foundation
import RepriseAnalysis
import RepriseAudio
import RepriseSystem
import SyntheticMusic
import TestSupport
import Testing

@Suite("Beats and bars")
struct BeatTests {
  @Test(
    "the level that is counted is the one of the beat, slow or fast, without the learned model", .takesLong,
    arguments: [66.0, 84, 120, 160])
  func level(tempo: Double) throws {
    let song = SyntheticSong(tempo: tempo, bars: Int(tempo / 8))
    let level = try Self.level(song.audio.mono())
    let near = song.beats.filter { beat in level.beats.contains { abs($0 - beat) < 0.05 } }
    #expect(near.count >= song.beats.count - 2)
    #expect(level.beats.count <= song.beats.count + 1, "none at half-beats, and none behind the last")
    #expect(!level.isCompound)
    #expect(level.confidence > 0.7)
  }

  @Test("noise, a tone and clicks at random have no beats to be sure of", .takesLong, arguments: 0..<3)
  func nothing(kind: Int) throws {
    var random = Seeded(11)
    let rate = 22050
    var samples = [Float](repeating: 0, count: 25 * rate)
    for index in samples.indices {
      samples[index] = kind == 1 ? 0.5 * sin(2 * .pi * 440 * Float(index % rate) / Float(rate)) : 0
      if kind == 0 { samples[index] = Float.random(in: -1...1, using: &random) }
    }
    if kind == 2 {
      for _ in 0..<45 { samples[Int.random(in: samples.indices, using: &random)] = 1 }
    }
    #expect(try Self.level(samples).confidence < 0.5)
  }

  private static func level(_ samples: [Float]) throws -> MetricalLevel {
    let onsets = try OnsetEnvelope(of: samples, cancellation: Cancellation())
    return MetricalLevel(PulseEvidence(onsets, nil), seconds: Double(samples.count) / 22050)
  }

  @Test("beats of dotted quarters are divided into eighths for a score, others stay")
  func eighths() {
    let dotted = Self.analysis(meter: 6, beats: (0..<8).map { Double($0) }, downbeats: [0, 2, 4, 6])
    let counted = dotted.inEighths
    #expect(counted.beats.count == 24 && counted.levels.count == 24)
    #expect(zip(counted.beats, 0...).allSatisfy { abs($0 - Double($1) / 3) < 1e-9 })
    #expect(counted.tempo == 180 && counted.downbeats == dotted.downbeats)
    #expect(counted.inEighths == counted)
    let plain = Self.analysis(meter: 4, beats: (0..<8).map { Double($0) }, downbeats: [0, 4])
    #expect(plain.inEighths == plain)
  }

  private static func analysis(meter: Int, beats: [Double], downbeats: [Double]) -> Analysis {
    Analysis(
      seconds: 20, tempo: 60, meter: meter, key: Triad(root: 0, isMinor: false), beats: beats, downbeats: downbeats,
      chords: [], melody: [], confidence: .init(), tuning: 0, levels: beats.map { _ in 1 })
  }

  @Test("bars begin at the accents, whatever beat comes first", arguments: [3, 4], [0, 1, 2])
  func bars(meter: Int, first: Int) {
    var random = Seeded(UInt64(meter * 10 + first))
    let accents = (0..<60).map {
      ($0 % meter == first ? 1.0 : 0.2) + Double.random(in: -0.3...0.3, using: &random)
    }
    let bars = BarFinder(accents: accents)
    #expect(bars.meter == meter)
    #expect(bars.downbeats == Array(stride(from: first, to: 60, by: meter)))
  }

  @Test("an accent out of place moves no bar line, a bar that is a beat short does")
  func slips() {
    var accents = (0..<64).map { $0 % 4 == 0 ? 1.0 : 0 }
    accents[30] = 1.5
    #expect(BarFinder(accents: accents).downbeats == Array(stride(from: 0, to: 64, by: 4)))
    accents = (0..<64).map { ($0 < 32 ? $0 % 4 == 0 : $0 % 4 == 3) ? 1.0 : 0 }
    let downbeats = BarFinder(accents: accents).downbeats
    #expect(downbeats.filter { $0 < 30 } == Array(stride(from: 0, to: 29, by: 4)))
    #expect(downbeats.filter { $0 > 40 } == Array(stride(from: 43, to: 64, by: 4)))
  }

  @Test("two beats of three eighths are a bar of six, and so are six beats whose fourth is weak")
  func compound() {
    let two = (0..<48).map { $0 % 2 == 0 ? 1.0 - ($0 % 4 == 2 ? 0.2 : 0) : 0 }
    #expect(BarFinder(accents: two, isCompound: true).meter == 6)
    #expect(BarFinder(accents: two, isCompound: true).downbeats == Array(stride(from: 0, to: 48, by: 2)))
    #expect(BarFinder(accents: two).meter == 4)
    let four = (0..<48).map { $0 % 4 == 0 ? 1.0 : 0 }
    #expect(BarFinder(accents: four, isCompound: true).meter == 4)
    let six = (0..<60).map { [1.0, 0.4, 0.4, 0, 0.4, 0.4][$0 % 6] }
    #expect(BarFinder(accents: six).meter == 6)
    #expect(BarFinder(accents: six).downbeats == Array(stride(from: 0, to: 60, by: 6)))
    #expect(BarFinder(accents: []).downbeats.isEmpty)
    #expect(BarFinder(accents: [1]).downbeats.count == 1)
  }
}
