/// A major or minor triad; as a value, also the key named by its tonic triad.
package struct Triad: Sendable, Hashable, CustomStringConvertible {
  /// Pitch class of the root: 0 is C, 11 is B.
  package let root: Int
  /// `true` if the third is minor.
  package let isMinor: Bool

  /// Creates a triad on a pitch class, taken modulo 12.
  package init(root: Int, isMinor: Bool) {
    self.root = root.modulo(12)
    self.isMinor = isMinor
  }

  /// The pitch classes of the triads in root position: root, third, fifth.
  package var pitchClasses: [Int] { [root, (root + (isMinor ? 3 : 4)) % 12, (root + 7) % 12] }

  /// All 24 triads, major ones first.
  static let all = (0..<24).map { Triad(root: $0 % 12, isMinor: $0 >= 12) }

  /// Index in `all`.
  var index: Int { root + (isMinor ? 12 : 0) }

  static let names = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]

  /// The label in Harte's syntax (ISMIR 2005), with sharps: `C#:min`.
  package var description: String { Self.names[root] + (isMinor ? ":min" : ":maj") }

  /// Parses a plain triad in Harte's syntax, with sharps or flats; nil for anything else.
  package init?(_ label: String) {
    let parts = label.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1] == "maj" || parts[1] == "min", let root = PitchName.pitchClass(parts[0])
    else { return nil }
    self.init(root: root, isMinor: parts[1] == "min")
  }
}

/// Names of pitch classes: a letter, then sharps or flats.
enum PitchName {
  /// Returns the pitch class of a name, which may be negative or above 11; nil for anything else.
  static func pitchClass(_ name: Substring) -> Int? {
    guard let letter = name.first, let natural = naturals[letter] else { return nil }
    var result = natural
    for accidental in name.dropFirst() {
      switch accidental {
      case "#": result += 1
      case "b": result -= 1
      default: return nil
      }
    }
    return result
  }

  private static let naturals: [Character: Int] = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11]
}
