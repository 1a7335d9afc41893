import RepriseAudio
import Foundation

/// Inspections as people read them: a line a file, and under it what is worth knowing.
struct InspectionTable {
  private let dress: InspectionDress
  private var hasHeader = false

  /// - Parameters:
  ///   - window: the width of the window; nil where there is none.
  ///   - isColoured: whether verdicts are coloured.
  init(window: Int?, isColoured: Bool) { dress = InspectionDress(window: window, isColoured: isColoured) }

  /// - Parameter isOther: whether it is neither named nor shaped like audio, and so not judged.
  mutating func lines(for inspection: Inspection, isOther: Bool) -> [String] {
    var lines: [String] = []
    if !hasHeader {
      lines.append(dress.header)
      hasHeader = true
    }
    return lines
      + dress.lines(Self.lines(of: inspection), path: Console.printable(inspection.path), isOther: isOther)
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
    for reason in inspection.reasons {
      let sentence = reason.finding.sentence(path: inspection.path, subject: "the file")
      lines.append("            \(reason.code.rawValue): \(sentence)")
    }
    let told = inspection.reasons.map(\.finding)
    for problem in inspection.integrity.problems where !told.contains(problem) {
      lines.append("            \(problem.sentence(path: inspection.path))")
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

  private static func pad(_ text: String, _ width: Int) -> String { TextWidth.padded(text, width) }

  private static func left(_ text: String, _ width: Int) -> String {
    TextWidth.of(text) >= width ? " " + text : TextWidth.aligned(text, width)
  }
}

/// How the lines of a file look where they are shown: verdicts in colour and paths that fit on a terminal.
struct InspectionDress: Sendable {
  /// The width of the window; nil where there is none.
  let window: Int?
  let isColoured: Bool

  /// What stands above the columns.
  var header: String {
    guard let window, TextWidth.of(InspectionTable.header) > window else { return InspectionTable.header }
    return TextWidth.beginning(of: Self.narrow(InspectionTable.header), width: window)
  }

  /// Whether lines are shown as they are.
  var isPlain: Bool { window == nil && !isColoured }

  /// - Parameters:
  ///   - lines: a row that begins with the verdict and ends with the path, and remarks.
  ///   - isOther: whether the file is not judged.
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

  /// The row with its path shortened to the room that is left, or on a line of its own where that is too little.
  private static func fitting(_ row: String, _ path: String, _ window: Int) -> [String] {
    guard TextWidth.of(row) > window, row.hasSuffix(path) else { return [row] }
    let head = String(row.dropLast(path.count))
    let room = window - TextWidth.of(head)
    if room >= min(24, TextWidth.of(path)) { return [head + TextWidth.shortened(path, width: room, end: 0.66)] }
    let columns = String(head.reversed().drop { $0 == " " }.reversed())
    return [TextWidth.of(columns) > window ? TextWidth.beginning(of: narrow(columns), width: window) : columns]
      + ["  " + TextWidth.shortened(path, width: window - 2, end: 0.66)]
  }

  /// A row without the blanks that align its columns.
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
