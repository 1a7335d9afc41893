package import RepriseAudio

/// How files are checked: the same for all files of a scan, and what a worker is told first.
package struct ScanOptions: Sendable, Equatable, Codable {
  /// What the service takes.
  package let limits: AudioLimits
  /// How far a check goes.
  package let depth: Inspection.Depth
  /// Whether workers are to tell the whole inspection beside its record.
  var wantsInspection = false

  /// Options of a scan.
  package init(limits: AudioLimits, depth: Inspection.Depth) {
    self.limits = limits
    self.depth = depth
  }

  /// The limits as a text that is the same whenever they are: a verdict holds for these alone.
  var limitsText: String {
    let formats = limits.formats.map(\.rawValue).sorted().joined(separator: ",")
    return "\(limits.minimumSeconds) \(limits.maximumSeconds) \(limits.maximumBytes) \(formats)"
  }
}
