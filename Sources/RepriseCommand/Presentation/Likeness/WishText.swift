import RepriseAnalysis
import RepriseSystem
package import RepriseVerification

/// The text of a request for a cover and of what was found of it.
package enum WishText {
  /// Returns what was requested, such as `120 bpm`.
  package static func wanted(_ outcome: Likeness.WishOutcome) -> String {
    switch outcome.finding {
    case .tempo(let wanted, _):
      wanted.lowerBound == wanted.upperBound
        ? "\(number(wanted.lowerBound)) bpm" : "\(number(wanted.lowerBound))-\(number(wanted.upperBound)) bpm"
    case .pace(let isFaster, _): isFaster ? "faster" : "slower"
    case .key(let tonic, let isMinor, _):
      isMinor == nil
        ? tonicName(Triad(root: tonic, isMinor: false)) : keyName(Triad(root: tonic, isMinor: isMinor == true))
    case .transposition(let wanted, _): semitones(wanted)
    case .duration(let wanted, _): TimeText.clock(.seconds(wanted))
    case .instrumental: "instrumental"
    }
  }

  /// Returns what was found; nil if that is unknown.
  package static func found(_ outcome: Likeness.WishOutcome) -> String? {
    switch outcome.finding {
    case .tempo(_, let found): found.map { "\(number($0)) bpm" }
    case .pace(_, let ratio): ratio.map(LikenessText.tempo)
    case .key(_, _, let found): found.map(keyName)
    case .transposition(_, let found): found.map(semitones)
    case .duration(_, let found): TimeText.clock(.seconds(found))
    case .instrumental(let voice): voice == .played ? "an instrument's melody" : nil
    }
  }

  /// Returns both: `120 bpm wanted, 118.5 bpm found`.
  package static func sentence(_ outcome: Likeness.WishOutcome) -> String {
    "\(wanted(outcome)) wanted, \(found(outcome).map { "\($0) found" } ?? "unknown")"
  }

  private static func number(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
  }

  private static func keyName(_ key: Triad) -> String { KeySignature(key).name(.symbols) }

  private static func tonicName(_ key: Triad) -> String { KeySignature(key).tonic.text(.symbols) }

  private static func semitones(_ count: Int) -> String {
    count == 0 ? "the same key" : "\(counted(abs(count), "semitone")) \(count > 0 ? "up" : "down")"
  }
}
