/// A chord in Harte's syntax (ISMIR 2005): a root, a quality and the bass.
package struct Chord: Sendable, Hashable, CustomStringConvertible {
  /// The kind of a chord; the raw value is Harte's shorthand.
  package enum Quality: String, Sendable, CaseIterable {
    case major = "maj"
    case minor = "min"
    case augmented = "aug"
    case diminished = "dim"
    case majorSixth = "maj6"
    case minorSixth = "min6"
    case dominantSeventh = "7"
    case majorSeventh = "maj7"
    case minorSeventh = "min7"
    case minorMajorSeventh = "minmaj7"
    case diminishedSeventh = "dim7"
    case halfDiminishedSeventh = "hdim7"
    case suspendedSecond = "sus2"
    case suspendedFourth = "sus4"

    /// The notes above the root in semitones, the root first.
    package var intervals: [Int] {
      switch self {
      case .major: [0, 4, 7]
      case .minor: [0, 3, 7]
      case .augmented: [0, 4, 8]
      case .diminished: [0, 3, 6]
      case .majorSixth: [0, 4, 7, 9]
      case .minorSixth: [0, 3, 7, 9]
      case .dominantSeventh: [0, 4, 7, 10]
      case .majorSeventh: [0, 4, 7, 11]
      case .minorSeventh: [0, 3, 7, 10]
      case .minorMajorSeventh: [0, 3, 7, 11]
      case .diminishedSeventh: [0, 3, 6, 9]
      case .halfDiminishedSeventh: [0, 3, 6, 10]
      case .suspendedSecond: [0, 2, 7]
      case .suspendedFourth: [0, 5, 7]
      }
    }

    /// `true` if the third is minor.
    package var isMinor: Bool { intervals.contains(3) }
  }

  /// Pitch class of the root: 0 is C, 11 is B.
  package let root: Int
  /// The kind of the chord.
  package let quality: Quality
  /// Pitch class of the lowest note; the root's unless the chord is inverted or has a foreign bass.
  package let bass: Int

  /// Creates a chord of pitch classes, taken modulo 12; without a bass, in root position.
  package init(root: Int, quality: Quality, bass: Int? = nil) {
    self.root = root.modulo(12)
    self.quality = quality
    self.bass = bass?.modulo(12) ?? self.root
  }

  /// Creates a triad in root position.
  package init(_ triad: Triad) { self.init(root: triad.root, quality: triad.isMinor ? .minor : .major) }

  /// The major or minor triad closest to the chord; a suspended chord's third is taken to be major.
  package var triad: Triad { Triad(root: root, isMinor: quality.isMinor) }

  /// The pitch classes of the chord, the root first, without a foreign bass.
  package var pitchClasses: [Int] { quality.intervals.map { (root + $0) % 12 } }

  private static let degrees = ["1", "b2", "2", "b3", "3", "4", "b5", "5", "#5", "6", "b7", "7"]

  /// The label in Harte's syntax, with sharps: `C#:min7`, `F:maj/3`.
  package var description: String {
    let name = Triad.names[root] + ":" + quality.rawValue
    return bass == root ? name : name + "/" + Self.degrees[(bass - root).modulo(12)]
  }

  /// Parses a chord in Harte's syntax, without added or omitted notes; nil for anything else.
  package init?(_ label: String) {
    let halves = label.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count <= 2, let first = halves.first else { return nil }
    let parts = first.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let root = PitchName.pitchClass(parts[0]), let quality = Quality(rawValue: String(parts[1]))
    else { return nil }
    var bass: Int?
    if halves.count == 2 {
      guard let interval = Self.interval(halves[1]) else { return nil }
      bass = root + interval
    }
    self.init(root: root, quality: quality, bass: bass)
  }

  /// Returns the semitones of a scale degree such as `b7`; nil for anything else.
  private static func interval(_ degree: Substring) -> Int? {
    let accidentals = degree.prefix { $0 == "b" || $0 == "#" }
    guard let number = Int(degree.dropFirst(accidentals.count)), (1...7).contains(number) else { return nil }
    return accidentals.reduce([0, 2, 4, 5, 7, 9, 11][number - 1]) { $0 + ($1 == "#" ? 1 : -1) }
  }
}
