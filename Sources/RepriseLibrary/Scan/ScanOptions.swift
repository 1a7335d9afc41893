package import RepriseAudio

/// The options of checks, the same for all files of a scan: the first message to a worker.
package struct ScanOptions: Sendable, Equatable, Codable {
  /// The limits of the service.
  package let limits: AudioLimits
  /// The depth of a check.
  package let depth: Inspection.Depth
  /// `true` if workers are to send the whole inspection with its record.
  var wantsInspection = false

  /// Creates the options of a scan.
  package init(limits: AudioLimits, depth: Inspection.Depth) {
    self.limits = limits
    self.depth = depth
  }

  /// The limits as a text that is equal for equal limits: a verdict holds for these alone.
  var limitsText: String {
    let formats = limits.formats.map(\.rawValue).sorted().joined(separator: ",")
    return "\(limits.minimumSeconds) \(limits.maximumSeconds) \(limits.maximumBytes) \(formats)"
  }
}
