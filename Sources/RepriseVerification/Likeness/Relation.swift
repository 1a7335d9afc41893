import Foundation
import RepriseAnalysis
import RepriseSystem

/// How two recordings lie to each other: the transposition and the tempo at which most of one recurs in the other in
/// order.
struct Relation: Sendable {
  /// Semitones from the reference to the cover, −5…6.
  var transposition: Int
  /// Seconds of the reference in a second of the cover: the cover's tempo divided by the reference's.
  var tempoRatio: Double
  /// Share of the shorter recording in the longest chain of recurring frames, 0…1 and a little over.
  var value: Double
  /// The same at each other transposition, and at all transpositions against the cover played backwards: what chance
  /// reaches on this pair.
  var chances: [Double]

  /// The level that chance keeps below in 19 of 20 cases.
  var chance: Double { chances.quantile(0.95) }

  /// Length of a frame in seconds; shorter in short recordings, longer in very long ones.
  static func step(_ one: Double, _ other: Double) -> Double {
    max(min(0.464, max(0.116, min(one, other) / 100)), max(one, other) / 1000)
  }

  private static let stretch = 9
  /// Tempo ratios that are tried; chains bend by more than the distance between two.
  private static let ratios = [0.667, 0.76, 0.87, 1, 1.15, 1.31, 1.5]

  /// Finds the relation; nil if a recording is too short for a chain.
  ///
  /// - Throws: `CancellationError`.
  init?(_ reference: AnalyzedRecording, _ cover: AnalyzedRecording, cancellation: Cancellation) throws {
    let seconds = (reference.analysis.seconds, cover.analysis.seconds)
    let step = Self.step(seconds.0, seconds.1)
    let fixed = ChromaSequence(reference.pitchClasses, step: step, seconds: seconds.0)
    var forwards = [(value: Double, ratio: Double)](repeating: (0, 1), count: 12)
    var backwards = [Double](repeating: 0, count: 12)
    for ratio in Self.ratios {
      let moving = ChromaSequence(cover.pitchClasses, step: step / ratio, seconds: seconds.1)
      let shorter = Double(min(fixed.count, moving.count) - Self.stretch + 1)
      guard shorter >= 2 else { continue }
      let turned = moving.reversed
      for transposition in 0..<12 {
        try cancellation.check()
        let value = Self.share(fixed, moving, transposition, shorter)
        if value > forwards[transposition].value { forwards[transposition] = (value, ratio) }
        backwards[transposition] = max(backwards[transposition], Self.share(fixed, turned, transposition, shorter))
      }
    }
    guard let best = forwards.indices.max(by: { forwards[$0].value < forwards[$1].value }), forwards[best].value > 0
    else { return nil }
    transposition = best > 6 ? best - 12 : best
    tempoRatio = forwards[best].ratio
    value = forwards[best].value
    chances = forwards.indices.filter { $0 != best }.map { forwards[$0].value } + backwards
  }

  private static func share(
    _ reference: ChromaSequence, _ cover: ChromaSequence, _ transposition: Int, _ shorter: Double
  ) -> Double {
    let similarity = SimilarityMatrix(reference, cover, transposition: transposition, length: stretch)
    return Double(Recurrence(similarity).longest) / shorter
  }
}

extension [Double] {
  /// The value below which a share of the values lies; 0 if there are none.
  func quantile(_ share: Double) -> Double {
    guard !isEmpty else { return 0 }
    let sorted = self.sorted()
    let position = share * Double(count - 1)
    let below = Int(position)
    let above = Swift.min(below + 1, count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
  }
}
