public import RepriseAudio

/// How files are checked: the same for all of a scan.
public struct CheckTerms: Sendable, Equatable, Codable {
  /// How far a check goes; each goes further than the one before it.
  public enum Depth: Int, Sendable, Codable, Comparable {
    /// Headers, frames and sizes.
    case quick
    /// Everything is decoded.
    case deep
    /// And its loudness measured.
    case loudness

    /// Whether one looks less far than the other.
    public static func < (one: Depth, other: Depth) -> Bool { one.rawValue < other.rawValue }
  }

  /// What the service takes.
  public let limits: AudioLimits
  /// How far to look.
  public let depth: Depth

  /// Terms of a scan.
  public init(limits: AudioLimits, depth: Depth) {
    self.limits = limits
    self.depth = depth
  }

  /// The limits as a text that is the same whenever they are: a verdict holds for these alone.
  var limitsText: String {
    let formats = limits.formats.map(\.rawValue).sorted().joined(separator: ",")
    return "\(limits.minimumSeconds) \(limits.maximumSeconds) \(limits.maximumBytes) \(formats)"
  }
}
