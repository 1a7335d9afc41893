import RepriseAudio
import Foundation

/// Inspections as text: a line for each file, followed by remarks.
struct InspectionTable {
  private let dress: InspectionDress
  private var hasHeader = false

  /// Creates a table.
  ///
  /// - Parameters:
  ///   - window: The width of the window in columns; `nil` if there is none.
  ///   - isColoured: `true` if verdicts are coloured.
  init(window: Int?, isColoured: Bool) { dress = InspectionDress(window: window, isColoured: isColoured) }

  /// Returns the lines of an inspection.
  ///
  /// - Parameters:
  ///   - inspection: The inspection.
  ///   - isOther: `true` if the file is neither named nor structured like audio, and so not judged.
  ///   - more: Remarks that follow, in columns.
  /// - Returns: The lines, without line ends.
  mutating func lines(for inspection: Inspection, isOther: Bool, then more: [String] = []) -> [String] {
    var lines: [String] = []
    if !hasHeader {
      lines.append(dress.header)
      hasHeader = true
    }
    return lines
      + dress.lines(Self.lines(of: inspection) + more, path: Console.printable(inspection.path), isOther: isOther)
  }

  /// Headings of the columns.
  static let header = "VERDICT     FORMAT                  RATE  CH      LENGTH        SIZE  FILE"

  /// Returns the lines of one file, each with its line end.
  @Sendable static func rows(_ inspection: Inspection) -> String {
    lines(of: inspection).map { $0 + "\n" }.joined()
  }

  private static func lines(of inspection: Inspection) -> [String] {
    var lines: [String] = []
    // What a skim read is told in each row; the length is as good as the header.
    let mark = inspection.integrity.checked == .skim ? "~" : ""
    let length = inspection.duration.map { mark + TimeText.text($0.seconds) } ?? "-"
    let columns = [
      pad(inspection.verdict.rawValue, 10), "  ", pad(format(inspection), 18),
      left(inspection.sampleRate.map { "\($0)" } ?? "-", 10), left(inspection.channels.map { "\($0)" } ?? "-", 4),
      left(length, 12), left(inspection.bytes.map(Console.size) ?? "-", 12), "  ", Console.printable(inspection.path),
    ]
    lines.append(columns.joined())
    for (index, reason) in inspection.reasons.enumerated() {
      let sentence = reason.finding.sentence(path: inspection.path, subject: "the file")
      lines.append("            \(reason.code.rawValue): \(SalvageAdvice.sentence(inspection, index, sentence))")
    }
    let reported = inspection.reasons.map(\.finding)
    for problem in inspection.integrity.problems where !reported.contains(problem) {
      lines.append("            \(problem.sentence(path: inspection.path))")
    }
    if let skim = inspection.integrity.skim, lines.count > 1 || skim.isEstimate {
      lines.append("            \(SkimText.remark(skim))")
    }
    if let md5 = inspection.integrity.md5 { lines.append("            md5: \(md5.rawValue)") }
    if let duration = inspection.duration, differ(duration) {
      lines.append("            length: " + evidence(duration))
    }
    lines += SignalText.lines(inspection).map { "            " + $0 }
    return lines.map(Console.printable)
  }

  /// Returns declared, counted and decoded length side by side.
  static func evidence(_ duration: Inspection.Duration) -> String {
    let found: [(String, Double?)] = [
      ("declared", duration.declaredSeconds), ("counted", duration.countedSeconds),
      ("decoded", duration.decodedSeconds),
    ]
    let parts = found.compactMap { name, seconds in seconds.map { "\(name) \(TimeText.text($0))" } }
    return parts.joined(separator: ", ") + " (rests on \(duration.basis.rawValue))"
  }

  /// Returns `true` if the lengths disagree by more than an MP3 frame.
  private static func differ(_ duration: Inspection.Duration) -> Bool {
    let all = [duration.declaredSeconds, duration.countedSeconds, duration.decodedSeconds].compactMap { $0 }
    guard let least = all.min(), let most = all.max() else { return false }
    return most - least > 0.03
  }

  private static func format(_ inspection: Inspection) -> String {
    let format = inspection.format.rawValue
    if inspection.format == .other {
      guard let container = inspection.container, container != inspection.codec else { return inspection.codec }
      return "\(container) \(inspection.codec)"
    }
    // The usual container is not mentioned.
    let kind = inspection.container.map { $0 == "RIFF" ? format : "\(format)/\($0)" } ?? format
    return inspection.codec == format || inspection.codec == "unknown" ? kind : "\(kind) \(inspection.codec)"
  }

  private static func pad(_ text: String, _ width: Int) -> String { TextWidth.padded(text, width) }

  private static func left(_ text: String, _ width: Int) -> String {
    TextWidth.of(text) >= width ? " " + text : TextWidth.aligned(text, width)
  }
}

/// The appearance of a file's lines: coloured verdicts and paths that fit on a terminal.
struct InspectionDress: Sendable {
  /// Width of the window in columns; `nil` if there is none.
  let window: Int?
  let isColoured: Bool

  /// Headings of the columns.
  var header: String {
    guard let window, TextWidth.of(InspectionTable.header) > window else { return InspectionTable.header }
    return TextWidth.beginning(of: Self.narrow(InspectionTable.header), width: window)
  }

  /// `true` if lines are shown unchanged.
  var isPlain: Bool { window == nil && !isColoured }

  /// Returns lines adapted to the window.
  ///
  /// - Parameters:
  ///   - lines: A row that begins with the verdict and ends with the path, followed by remarks.
  ///   - path: The path of the file.
  ///   - isOther: `true` if the file is not judged.
  /// - Returns: The adapted lines.
  func lines(_ lines: [String], path: String, isOther: Bool) -> [String] {
    guard var row = lines.first else { return lines }
    let verdict = row.prefix { $0 != " " }
    if isOther { row = TextWidth.padded("other", verdict.count) + row.dropFirst(verdict.count) }
    var shown = window.map { Self.fitting(row, path, $0) } ?? [row]
    if isColoured, let colour = isOther ? nil : Self.colour(of: verdict) {
      shown[0] = colour.paint(String(verdict)) + shown[0].dropFirst(verdict.count)
    }
    let remarks = lines.dropFirst()
    guard let window else { return shown + remarks }
    return shown + remarks.flatMap { TextWidth.wrapped($0, width: window) }
  }

  /// Returns the row with its path shortened to the remaining width, or on a separate line if that is too small.
  private static func fitting(_ row: String, _ path: String, _ window: Int) -> [String] {
    guard TextWidth.of(row) > window, row.hasSuffix(path) else { return [row] }
    let head = String(row.dropLast(path.count))
    let room = window - TextWidth.of(head)
    if room >= min(24, TextWidth.of(path)) { return [head + TextWidth.shortened(path, width: room, end: 0.66)] }
    let columns = String(head.reversed().drop { $0 == " " }.reversed())
    return [TextWidth.of(columns) > window ? TextWidth.beginning(of: narrow(columns), width: window) : columns]
      + ["  " + TextWidth.shortened(path, width: window - 2, end: 0.66)]
  }

  /// Returns a row without the spaces that align its columns.
  private static func narrow(_ row: String) -> String {
    row.split(separator: " ").joined(separator: " ")
  }

  static func colour(of verdict: some StringProtocol) -> Colour? {
    switch verdict {
    case "ready", "pass": .green
    case "preparable", "warn": .yellow
    case "rejected", "fail": .red
    default: nil
    }
  }
}
