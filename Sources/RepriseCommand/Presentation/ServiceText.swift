import RepriseService
import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import RepriseSystem

/// The text of services.
enum ServiceText {
  /// Returns headings and one line per service; a star marks the service used by default.
  static func table(_ records: [ServiceRecord]) -> [String] {
    var rows = [["", "NAME", "BASE URL", "SHAPE", "MODEL", "PRICE", "KEY", "LIMITS", "FROM"]]
    for record in records {
      rows.append([
        record.isInForce ? "*" : "", record.name, record.baseURL ?? "here, on loopback", record.shape.rawValue,
        Console.printable(record.model), price(record), key(record.key), limits(record.limits), origin(record),
      ])
    }
    let window = Terminal.window(CommandContext.current.output)
    let concessions: [ColumnFit.Concession] =
      [(8, 12), (4, 10), (2, 24), (7, 12), (6, 8), (8, 8), (2, 16)].map { .shortening($0.0, least: $0.1) }
    return ColumnFit.lines(rows, window: window, conceding: concessions) ?? blocks(rows, window: window)
  }

  /// Returns each service in a block of lines, for a window too narrow for a table.
  private static func blocks(_ rows: [[String]], window: Int?) -> [String] {
    guard let heads = rows.first else { return [] }
    return rows.dropFirst().flatMap { row in
      [(row[0].isEmpty ? "  " : row[0] + " ") + row[1]]
        + zip(heads, row).dropFirst(2).flatMap { head, cell in
          let line = "    \(head.lowercased()): \(cell)"
          return window.map { TextWidth.wrapped(line, width: $0) } ?? [line]
        }
    }
  }

  /// Returns every setting of a service, one per line, named as in the configuration.
  static func everything(_ record: ServiceRecord) -> [String] {
    let limits = record.limits
    let looked = record.key.variables + [record.key.file].compactMap(\.self)
    var rows: [(String, String)] = [
      ("name", record.name + (record.isInForce ? " (used if --service is absent)" : "")),
      ("from", origin(record)), ("base_url", record.baseURL ?? "here, on loopback, on a free port at every run"),
      ("shape", record.shape.rawValue), ("model", record.model), ("price_usd", price(record)),
      ("key", "\(record.key.use.rawValue), \(key(record.key))"),
    ]
    if let problem = record.key.problem { rows.append(("", problem)) }
    if !looked.isEmpty { rows.append(("key looked for in", looked.joined(separator: ", "))) }
    rows += [
      ("concurrency", "\(counted(record.concurrency, "job")) at once"),
      ("log_delay", record.logDelay.map { "\(plain($0)) s" } ?? "not known"),
      ("base64", record.base64), ("result", record.result.rawValue),
      ("paths.generate", record.paths.generate), ("paths.logs", record.paths.logs ?? "none"),
    ]
    let fields = record.fields
    rows += [
      ("fields", "\(fields.model), \(fields.prompt), \(fields.lyrics), \(fields.setting), \(fields.reference)"),
      ("fields.reference_url", fields.referenceURL ?? fields.reference), ("fields.generation_id", fields.generationID),
      ("limits.seconds", "\(plain(limits.seconds[0])) to \(plain(limits.seconds[1]))"),
      ("limits.max_bytes", String(limits.bytes)), ("limits.max_result_bytes", String(limits.resultBytes)),
      ("limits.prompt", "\(limits.prompt[0]) to \(limits.prompt[1]) characters"),
      (
        "limits.lyrics",
        "\(limits.lyrics[0]) to \(limits.lyrics[1]) characters, " + (limits.lyricsRequired ? "required" : "optional")
      ),
      (
        "limits.formats",
        limits.formats.map { "\($0) (\(record.mediaTypes[$0] ?? "no media type"))" }.joined(separator: ", ")
      ),
      (
        "polling",
        "every \(plain(record.polling.firstInterval)) to \(plain(record.polling.longestInterval)) s, "
          + "for \(plain(record.polling.timeout)) s"
      ),
      (
        "timeouts",
        "connect \(plain(record.timeouts.connect)) s, answer \(plain(record.timeouts.answer)) s, "
          + "stall \(plain(record.timeouts.stall)) s"
      ),
    ]
    if let remark = record.remark { rows.append(("remark", remark)) }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map {
      trimmed($0.0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + Console.printable($0.1))
    }
  }

  private static func price(_ record: ServiceRecord) -> String {
    record.usdPerCover.map { $0 == 0 ? "free" : "$" + plain($0) } ?? "unknown"
  }

  private static func key(_ key: ServiceRecord.Key) -> String {
    switch key.state {
    case "found": "found in \(Console.printable(key.foundIn ?? ""))"
    case "none": "none is sent"
    case "unusable": "there, but can't be used"
    default: key.use == .optional ? "missing, optional" : "missing"
    }
  }

  private static func limits(_ limits: ServiceRecord.Limits) -> String {
    "\(plain(limits.seconds[0]))-\(plain(limits.seconds[1])) s, \(Console.size(limits.bytes)), "
      + "prompt \(limits.prompt[0])-\(limits.prompt[1]), lyrics \(limits.lyrics[0])-\(limits.lyrics[1])"
  }

  private static func origin(_ record: ServiceRecord) -> String {
    record.from.path.map { Console.printable($0) } ?? "built in"
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
