import Foundation

/// The beats at one of the metrical levels that a piece may be counted at, and what speaks for counting it so.
///
/// Eighths, quarters and halves are all regular, so that a period alone tells little. What tells more: beats are where
/// onsets are, few onsets are missed, little happens half-way between beats compared with the beats themselves, yet
/// something does (a level that nothing subdivides is likely the subdivision of another), and beats are even.
package struct MetricalLevel: Sendable {
  /// Times of the beats in seconds, ascending.
  package let beats: [Double]
  /// The logarithm of how likely this is the level to count, up to a constant.
  let score: Double
  /// What the score is made of.
  let traits: Traits

  /// Whether the beats divide into three.
  ///
  /// A fast beat that is followed by a note at two thirds is swung, a slow one is compound.
  package var isCompound: Bool { traits.thirds > 0.15 && traits.thirds > 2 * traits.halves && traits.octaves < 0 }

  /// How likely these are beats at all, 0…1.
  ///
  /// Weights of a logistic model of songs against speech, noise, tones and clicks. An even pulse is one, music or not.
  package var confidence: Double {
    let sum = 7.1 * traits.onsets - 4.3 * traits.missed - 95 * traits.unevenness + 1.4
    // Nothing is a beat where nothing begins, however even.
    return min(1, traits.onsets / 0.35) / (1 + exp(-sum))
  }

  /// What speaks for or against a level.
  struct Traits: Sendable {
    /// Mean likelihood of an onset on the beats, 0…1.
    var onsets = 0.0
    /// Share of the onsets' likelihood that lies away from the beats, 0…1.
    var missed = 1.0
    /// Mean flux half-way between the beats, compared with that on them.
    var halves = 0.0
    /// Mean flux at a third of the way between the beats, or at two, compared with that on them.
    var thirds = 0.0
    /// The greater of the two, at most 0.2.
    var subdivision: Double { min(0.2, max(halves, thirds)) }
    /// Mean distance of the intervals from their median, in logarithms.
    var unevenness = 0.0
    /// Distance from 100 beats per minute, in octaves.
    var octaves = 0.0
    /// As `onsets`, of the learned model's beats.
    var modelBeats = 0.0
    /// As `missed`, of the learned model's beats.
    var modelMissed = 0.0
    /// Likelihood of the learned model's beats half-way between these beats, compared with that on them.
    var modelHalves = 0.0
  }

  /// Finds the level to count.
  package init(_ evidence: PulseEvidence, seconds: Double) {
    let tempo = Tempo(envelope: evidence.envelope, rate: OnsetEnvelope.rate)
    let near = Near(evidence)
    let levels = tempo.periods.map { MetricalLevel(evidence, near, period: $0, seconds: seconds) }
    let best = levels.reduce(levels[0]) { $1.score > $0.score ? $1 : $0 }
    self.init(
      beats: Self.sounding(best.beats, flux: near.flux), score: best.score, traits: best.traits)
  }

  private init(beats: [Double], score: Double, traits: Traits) {
    self.beats = beats
    self.score = score
    self.traits = traits
  }

  // The beats between the first and the last onset: the tracker goes on through silence, and through the last chord's
  // end. An onset that no other is near to, such as a click where the file ends, is no beginning or end of music.
  private static func sounding(_ beats: [Double], flux: [Float]) -> [Double] {
    let heard = beats.map { mean(flux, at: [$0 * OnsetEnvelope.rate]) }
    let least = 0.1 * (heard.sorted()[safe: heard.count / 2] ?? 0)
    func isSupported(_ index: Int, _ direction: Int) -> Bool {
      heard[index] > least && (1...3).contains { (heard[safe: index + direction * $0] ?? 0) > least }
    }
    guard let first = heard.indices.first(where: { isSupported($0, 1) }),
      let last = heard.indices.last(where: { isSupported($0, -1) })
    else { return beats }
    return Array(beats[first...last])
  }

  // The greatest value within 35 ms of each frame.
  private struct Near {
    let flux: [Float]
    let onsets: [Float]
    let beats: [Float]

    init(_ evidence: PulseEvidence) {
      flux = Self.greatest(evidence.flux)
      onsets = Self.greatest(evidence.onsets)
      beats = Self.greatest(evidence.beats)
    }

    private static func greatest(_ values: [Float]) -> [Float] {
      values.indices.map { index in
        values[max(0, index - 3)...min(values.count - 1, index + 3)].reduce(0) { max($0, $1) }
      }
    }
  }

  private init(_ evidence: PulseEvidence, _ near: Near, period: Double, seconds: Double) {
    let tracked = BeatTracker(envelope: evidence.envelope, period: period).frames
    beats = tracked.map { $0 / OnsetEnvelope.rate }.filter { $0 >= 0 && $0 < seconds }
    guard beats.count > 3 else {
      score = -.infinity
      traits = Traits()
      return
    }
    let frames = beats.map { $0 * OnsetEnvelope.rate }
    let intervals = zip(frames, frames.dropFirst()).map { $1 - $0 }
    let median = intervals.sorted()[intervals.count / 2]
    func between(_ share: Double) -> [Double] { zip(frames, intervals).map { $0 + share * $1 } }
    var traits = Traits()
    traits.onsets = Self.mean(near.onsets, at: frames)
    traits.missed = Self.missed(evidence.onsets, by: frames)
    let flux = Self.mean(near.flux, at: frames) + 1e-3
    traits.halves = Self.mean(near.flux, at: between(0.5)) / flux
    traits.thirds = max(Self.mean(near.flux, at: between(1.0 / 3)), Self.mean(near.flux, at: between(2.0 / 3))) / flux
    traits.unevenness = intervals.reduce(0) { $0 + abs(log($1 / median)) } / Double(intervals.count)
    traits.octaves = log2(60 * OnsetEnvelope.rate / median / 100)
    if !evidence.beats.isEmpty {
      traits.modelBeats = Self.mean(near.beats, at: frames)
      traits.modelMissed = Self.missed(evidence.beats, by: frames)
      traits.modelHalves = Self.mean(near.beats, at: between(0.5)) / (traits.modelBeats + 0.01)
    }
    self.traits = traits
    score = evidence.beats.isEmpty ? Self.plainScore(traits) : Self.score(traits)
  }

  // Weights of a logistic model of the levels of 56 songs of three makes, of which two were made for it by MMA's
  // grooves; fitted to any two makes it finds the third's about as well.
  private static func score(_ traits: Traits) -> Double {
    16.5 * traits.onsets - 6.1 * traits.missed + 4.5 * log(traits.subdivision + 0.03) - 56.6 * traits.unevenness
      - 1.65 * traits.octaves * traits.octaves + 3.3 * traits.modelBeats - 6.0 * traits.modelMissed
      - 2.9 * traits.modelHalves * traits.modelHalves
  }

  // The same without the learned model.
  private static func plainScore(_ traits: Traits) -> Double {
    16.0 * traits.onsets - 13.7 * traits.missed + 5.0 * log(traits.subdivision + 0.03) - 50 * traits.unevenness
      - 1.7 * traits.octaves * traits.octaves
  }

  private static func mean(_ values: [Float], at frames: [Double]) -> Double {
    guard !frames.isEmpty, !values.isEmpty else { return 0 }
    let sum = frames.reduce(0.0) { $0 + Double(values[max(0, min(values.count - 1, Int($1.rounded())))]) }
    return sum / Double(frames.count)
  }

  // The share of the values that lies more than 50 ms from all frames.
  private static func missed(_ values: [Float], by frames: [Double]) -> Double {
    var isNear = [Bool](repeating: false, count: values.count)
    for frame in frames {
      let centre = Int(frame.rounded())
      for index in max(0, centre - 4)...(centre + 4) where index < values.count { isNear[index] = true }
    }
    let all = values.reduce(0, +)
    guard all > 0 else { return 1 }
    return Double(values.indices.reduce(Float(0)) { isNear[$1] ? $0 : $0 + values[$1] } / all)
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
