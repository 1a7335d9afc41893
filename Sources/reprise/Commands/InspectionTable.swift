import AudioFiles
import Foundation

/// Inspections as people read them: a line a file, and under it what is worth knowing.
struct InspectionTable {
  private var hasHeader = false

  mutating func lines(for inspection: Inspection) -> [String] {
    var lines: [String] = []
    if !hasHeader {
      lines.append(Self.header)
      hasHeader = true
    }
    return lines + Self.lines(of: inspection)
  }

  /// What stands above the columns.
  static let header = "VERDICT     FORMAT                  RATE  CH      LENGTH        SIZE  FILE"

  /// The lines of one file, each with its end.
  @Sendable static func rows(_ inspection: Inspection) -> String {
    lines(of: inspection).map { $0 + "\n" }.joined()
  }

  private static func lines(of inspection: Inspection) -> [String] {
    var lines: [String] = []
    let length = inspection.duration.map { TimeText.text($0.seconds) } ?? "-"
    let columns = [
      pad(inspection.verdict.rawValue, 10), "  ", pad(format(inspection), 18),
      left(inspection.sampleRate.map { "\($0)" } ?? "-", 10), left(inspection.channels.map { "\($0)" } ?? "-", 4),
      left(length, 12), left(inspection.bytes.map(Console.size) ?? "-", 12), "  ", Console.printable(inspection.path),
    ]
    lines.append(columns.joined())
    for reason in inspection.reasons { lines.append("            \(reason.code.rawValue): \(reason.message)") }
    let told = inspection.reasons.map(\.message)
    for problem in inspection.integrity.problems where !told.contains(where: { $0.contains(problem) }) {
      lines.append("            \(problem)")
    }
    if let md5 = inspection.integrity.md5 { lines.append("            md5: \(md5.rawValue)") }
    if let duration = inspection.duration, differ(duration) {
      lines.append("            length: " + evidence(duration))
    }
    lines += SignalText.lines(inspection).map { "            " + $0 }
    return lines.map(Console.printable)
  }

  /// Declared, counted and decoded length side by side.
  static func evidence(_ duration: Inspection.Duration) -> String {
    let found: [(String, Double?)] = [
      ("declared", duration.declaredSeconds), ("counted", duration.countedSeconds),
      ("decoded", duration.decodedSeconds),
    ]
    let words = found.compactMap { name, seconds in seconds.map { "\(name) \(TimeText.text($0))" } }
    return words.joined(separator: ", ") + " (rests on \(duration.basis.rawValue))"
  }

  /// Whether the ways to know the length disagree by more than a frame of mp3.
  private static func differ(_ duration: Inspection.Duration) -> Bool {
    let all = [duration.declaredSeconds, duration.countedSeconds, duration.decodedSeconds].compactMap { $0 }
    guard let least = all.min(), let most = all.max() else { return false }
    return most - least > 0.03
  }

  private static func format(_ inspection: Inspection) -> String {
    let format = inspection.format.rawValue
    if inspection.format == .other { return inspection.codec }
    // The common kind of container goes without saying.
    let kind = inspection.container.map { $0 == "RIFF" ? format : "\(format)/\($0)" } ?? format
    return inspection.codec == format || inspection.codec == "unknown" ? kind : "\(kind) \(inspection.codec)"
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text.count >= width ? " " + text : String(repeating: " ", count: width - text.count) + text
  }
}
