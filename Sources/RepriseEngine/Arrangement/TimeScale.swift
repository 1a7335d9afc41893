import Foundation

/// The change of duration from the reference to the cover.
struct TimeScale: Sendable {
  /// Ratio of cover time to reference time.
  let factor: Double
  /// A note to the listener; nil if the prompt asks for no tempo.
  let note: String?

  // With the ending's tail the whole stays within 1.25 times the reference, or 1.5 where a tempo was asked for.
  static let usual = 0.8...1.18
  static let asked = 0.68...1.42

  init(tempo: Double, requests: PromptInterpretation) {
    guard let wanted = requests.beatsPerMinute, tempo > 0 else {
      factor = min(Self.usual.upperBound, max(Self.usual.lowerBound, requests.pace))
      note = factor == 1 ? nil : String(format: "tempo: %.0f bpm, from %.0f", tempo / factor, tempo)
      return
    }
    // Tempos of 70 and 140 beats per minute are often equally valid: take the one nearer to the request.
    let ratios: [Double] = [tempo / wanted, tempo / 2 / wanted, tempo * 2 / wanted]
    let exact: Double = ratios.min { (a: Double, b: Double) -> Bool in abs(log(a)) < abs(log(b)) } ?? 1
    factor = min(Self.asked.upperBound, max(Self.asked.lowerBound, exact))
    if abs(factor - exact) < 1e-9 {
      note = String(format: "tempo: %.0f bpm as asked, from %.0f", wanted, wanted * exact)
    } else {
      note = String(
        format:
          "tempo: %.0f bpm, not the %.0f asked: the reference has %.0f, and a cover keeps within %.0f and %.0f %% of its length",
        wanted * exact / factor, wanted, wanted * exact, Self.asked.lowerBound * 100, Self.asked.upperBound * 100)
    }
  }
}
