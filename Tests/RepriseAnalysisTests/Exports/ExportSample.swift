import RepriseAnalysis
import Foundation
import Testing

/// An analysis made by hand, for what is made of analyses.
struct ExportSample: Sendable, CustomTestStringConvertible {
  /// What is special in it.
  let name: String
  let analysis: Analysis

  var testDescription: String { name }

  /// How a sample is made.
  struct Recipe {
    var seed: UInt64
    var meter = 4
    /// Beats that were heard in a bar, where each of them is several eighths; nil for `meter`.
    var pulses: Int?
    var tempo = 100.0
    /// Time of the first beat in seconds.
    var lead = 0.3
    /// Beats before the first downbeat.
    var pickup = 0
    /// Share by which beats get longer towards the end.
    var drift = 0.0
    var bars = 16
    /// Keys, each with the share of the duration at which it begins.
    var keys: [(Double, String)] = [(0, "C:maj")]
    /// `true` if a beat is missing in a bar.
    var slips = false
    /// `true` if there is a pause of a bar in which no beats were heard.
    var pauses = false
    var hasMelody = true
    var hasChords = true
  }

  static let all: [ExportSample] = {
    var samples = [
      ExportSample("four beats", Recipe(seed: 1)),
      ExportSample("three beats", Recipe(seed: 2, meter: 3, tempo: 140, lead: 2.2)),
      ExportSample("six beats", Recipe(seed: 3, meter: 6, tempo: 180, pickup: 1, keys: [(0, "D#:min")])),
      ExportSample("two dotted beats", Recipe(seed: 12, meter: 6, pulses: 2, tempo: 60, pickup: 1)),
      ExportSample("two dotted beats from the start", Recipe(seed: 13, meter: 6, pulses: 2, tempo: 66, lead: 0.02)),
      ExportSample("lead of a tenth of a beat", Recipe(seed: 14, tempo: 120, lead: 0.05)),
      ExportSample("lead of a third of a beat", Recipe(seed: 15, meter: 3, tempo: 75, lead: 0.27, pickup: 1)),
      ExportSample("lead of the 40th of a beat", Recipe(seed: 16, tempo: 120, lead: 0.0125, pickup: 3)),
      ExportSample("slow", Recipe(seed: 17, tempo: 30, lead: 0.3, bars: 4)),
      ExportSample("fast", Recipe(seed: 18, meter: 3, tempo: 300, lead: 0.09, bars: 30)),
      ExportSample("one beat", Recipe(seed: 19, lead: 0.2, pickup: 1, bars: 0)),
      ExportSample("pickup", Recipe(seed: 4, tempo: 90, pickup: 2, keys: [(0, "F:maj"), (0.5, "F#:min")])),
      ExportSample("drift", Recipe(seed: 5, tempo: 120, drift: 0.3, keys: [(0, "A#:maj")])),
      ExportSample("slip", Recipe(seed: 6, tempo: 110, slips: true)),
      ExportSample("pause", Recipe(seed: 7, lead: 6, pauses: true)),
      ExportSample("no melody", Recipe(seed: 8, hasMelody: false)),
      ExportSample("no chords", Recipe(seed: 9, pickup: 3, hasChords: false)),
      ExportSample("sixteen seconds of lead", Recipe(seed: 10, meter: 3, lead: 16, pickup: 2, keys: [(0, "G#:min")])),
    ]
    var beatless = ExportSample("no beats", Recipe(seed: 11)).analysis
    (beatless.beats, beatless.downbeats, beatless.levels) = ([], [], [])
    samples.append(ExportSample(name: "no beats", analysis: beatless))
    samples.append(
      ExportSample(
        name: "nothing",
        analysis: Analysis(
          seconds: 5, tempo: 0, meter: 4, key: Triad(root: 0, isMinor: false), beats: [], downbeats: [], chords: [],
          melody: [], confidence: .init(music: 0), tuning: 0, levels: [])))
    let names = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
    for (index, name) in names.enumerated() {
      let keys = [(0, name + ":maj"), (0.4, names[index * 5 % 12] + ":min")]
      samples.append(
        ExportSample(
          "key of \(name)",
          Recipe(
            seed: 100 + UInt64(index), meter: [3, 4, 6][index % 3], tempo: 50 + 15 * Double(index),
            lead: Double(index) * 0.27, pickup: index % 3, drift: Double(index - 6) / 30, bars: 1 + 2 * index,
            keys: keys, slips: index % 4 == 1, pauses: index % 4 == 2)))
    }
    return samples
  }()

  init(name: String, analysis: Analysis) { (self.name, self.analysis) = (name, analysis) }

  init(_ name: String, _ recipe: Recipe) {
    var random = Numbers(recipe.seed)
    let period = 60 / recipe.tempo
    var (beats, downbeats): ([Double], [Double]) = ([], [])
    var time = recipe.lead
    let meter = recipe.pulses ?? recipe.meter
    let count = recipe.pickup + recipe.bars * meter
    for beat in 0..<count {
      let place = beat - recipe.pickup
      // A beat within a bar is left out, never a downbeat.
      if !(recipe.slips && place == 5 * meter + 1) { beats.append(time.tidied) }
      if place >= 0, place.isMultiple(of: meter) { downbeats.append(time.tidied) }
      time += period * (1 + recipe.drift * Double(beat) / Double(count)) * random.within(0.99...1.01)
      if recipe.pauses, place == 8 * meter - 1 { time += period * Double(meter) }
    }
    let seconds = (time + 0.7).tidied
    let keys = recipe.keys.indices.map { index in
      Analysis.KeySpan(
        start: (recipe.keys[index].0 * seconds).tidied,
        end: index + 1 < recipe.keys.count ? (recipe.keys[index + 1].0 * seconds).tidied : seconds,
        key: Triad(recipe.keys[index].1) ?? Triad(root: 0, isMinor: false))
    }
    let quarter = (0...4).map { (seconds * Double($0) / 4).tidied }
    let sections = zip(["A", "B", "A", "C"], zip(quarter, quarter.dropFirst())).map { label, span in
      Analysis.Section(start: span.0, end: span.1, label: label, isChorus: label == "B")
    }
    self.name = name
    analysis = Analysis(
      seconds: seconds, tempo: recipe.tempo, meter: recipe.meter, key: keys[0].key, beats: beats, downbeats: downbeats,
      chords: recipe.hasChords
        ? Self.chords(beats, seconds, &random) : [.init(start: 0, end: seconds, chord: nil)],
      melody: recipe.hasMelody ? Self.melody(from: max(0, recipe.lead - 0.2), to: seconds - 1, period, &random) : [],
      keys: keys, sections: sections, confidence: .init(), tuning: 0, levels: beats.map { _ in 1 })
  }

  private static func chords(_ beats: [Double], _ seconds: Double, _ random: inout Numbers) -> [Analysis.ChordSpan] {
    var result: [Analysis.ChordSpan] = []
    var edges = [0.0]
    for beat in stride(from: 2, to: beats.count, by: 2) { edges.append(beats[beat]) }
    edges.append(seconds)
    for (start, end) in zip(edges, edges.dropFirst()) {
      if !result.isEmpty, random.below(10) < 4 {
        result[result.count - 1].end = end
        continue
      }
      let root = random.below(12)
      let quality = Chord.Quality.allCases[random.below(Chord.Quality.allCases.count)]
      let bass = [root, root, root + quality.intervals[1], root + 10][random.below(4)]
      let chord = random.below(12) == 0 ? nil : Chord(root: root, quality: quality, bass: bass)
      if result.last?.chord != chord || result.isEmpty {
        result.append(.init(start: start, end: end, chord: chord))
      } else {
        result[result.count - 1].end = end
      }
    }
    return result
  }

  private static func melody(
    from start: Double, to end: Double, _ period: Double, _ random: inout Numbers
  ) -> [Analysis.MelodyNote] {
    var result: [Analysis.MelodyNote] = []
    var (time, pitch) = (start, 67)
    while time < end {
      let length = [0.25, 0.5, 0.5, 1, 1, 1.5, 2, 3][random.below(8)] * period * random.within(0.9...1.1)
      pitch = max(50, min(88, pitch + random.below(9) - 4))
      if random.below(5) > 0 {
        result.append(.init(start: time.tidied, end: (time + length * 0.95).tidied, pitch: pitch))
      }
      time += length
    }
    return result
  }
}

/// Pseudo-random numbers, the same for the same seed.
struct Numbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// A number from 0 to 1.
  mutating func next() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(state >> 11) / Double(1 << 53)
  }

  mutating func below(_ count: Int) -> Int { min(count - 1, Int(next() * Double(count))) }

  mutating func within(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + next() * (range.upperBound - range.lowerBound)
  }
}

extension Double {
  /// The number to 0.1 ms, as it is written.
  fileprivate var tidied: Double { (self * 10_000).rounded() / 10_000 }
}
