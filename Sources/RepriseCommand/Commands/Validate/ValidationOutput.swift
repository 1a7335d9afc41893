import RepriseAudio
import Foundation
import RepriseLibrary
import RepriseSystem
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The output of a scan: a record or a row for each file, and a summary at the end.
final class ValidationOutput: Sendable {
  private struct State {
    var waiting: [UInt8] = []
    var written = ContinuousClock.now
    /// `true` once the header of the table is among the lines.
    var isBegun = false
  }

  private let json: Bool
  private let onlyProblems: Bool
  private let showsOthers: Bool
  private let view: ValidationProgressView
  private let dress = InspectionDress(
    window: Terminal.window(CommandContext.current.output), isColoured: Console.mayColourData)
  private let state: Mutex<State>

  /// Creates an output.
  ///
  /// - Parameters:
  ///   - json: `true` if records are printed instead of rows.
  ///   - onlyProblems: `true` if files without problems are left out.
  ///   - showsOthers: `true` if files that are neither named nor structured like audio are shown.
  ///   - view: The view of the progress.
  init(json: Bool, onlyProblems: Bool, showsOthers: Bool, view: ValidationProgressView) {
    self.json = json
    self.onlyProblems = onlyProblems
    self.showsOthers = showsOthers
    self.view = view
    state = Mutex(State())
  }

  func add(_ file: ScannedFile, _ response: CheckResponse) throws {
    if file.isOther && !showsOthers { return }
    if json {
      try put(file.record + [UInt8(ascii: "\n")])
    } else if !onlyProblems || response.verdict != .ready {
      try put(dress.isPlain && !file.isOther ? response.rows : dressed(file, response))
    }
  }

  private func dressed(_ file: ScannedFile, _ response: CheckResponse) -> [UInt8] {
    let lines = String(decoding: response.rows, as: UTF8.self).split(separator: "\n").map(String.init)
    let shown = dress.lines(lines, path: Console.printable(file.path.text), isOther: file.isOther)
    return Array((shown.joined(separator: "\n") + "\n").utf8)
  }

  func end(_ outcome: ScanOutcome) throws {
    if json {
      try putRecord(outcome)
    } else if outcome.summary.files > 0 {
      try put([])
      try putText(outcome)
    }
    try flush()
  }

  /// Writes buffered lines.
  func flush() throws {
    try state.withLock { state in try write(&state) }
  }

  /// Buffers lines, which are written in batches, without long delays while more follow.
  ///
  /// The header comes before the first of them, so that a scan that cannot begin writes none.
  private func put(_ bytes: [UInt8]) throws {
    try state.withLock { state in
      if !state.isBegun, !json { state.waiting += Array((dress.header + "\n").utf8) }
      state.isBegun = true
      state.waiting += bytes
      if state.waiting.count > 1 << 16 || state.written.duration(to: .now) > .milliseconds(200) { try write(&state) }
    }
  }

  private func write(_ state: inout State) throws {
    if !state.waiting.isEmpty {
      view.clear()
      try Console.data(state.waiting)
    }
    state.waiting.removeAll(keepingCapacity: true)
    state.written = .now
  }

  /// Writes the record in pieces, as the duplicates of a large library alone may be many megabytes.
  private func putRecord(_ outcome: ScanOutcome) throws {
    let summary = outcome.summary
    try put(Array("{\"bytes\":\(summary.bytes),\"duplicates\":[".utf8))
    var isFirst = true
    try outcome.duplicates { file in
      let name = try Console.json(file.path.text)
      try put(Array(((file.startsGroup ? isFirst ? "[" : "],[" : ",") + name).utf8))
      isFirst = false
    }
    try put(Array((isFirst ? "]," : "]],").utf8))
    if summary.nearDuplicates != nil {
      try put(Array("\"nearDuplicates\":[".utf8))
      isFirst = true
      try outcome.nearDuplicates { file in
        let name = try Console.json(file.path.text)
        try put(Array(((file.startsGroup ? isFirst ? "[" : "],[" : ",") + name).utf8))
        isFirst = false
      }
      try put(Array((isFirst ? "]," : "]],").utf8))
    }
    let rest = Rest(summary)
    try put(Array((try Console.json(rest).dropFirst() + "\n").utf8))
  }

  private struct Rest: Encodable {
    let schema = ScanSummary.schema
    let files: Int
    let ready: Int
    let preparable: Int
    let rejected: Int
    let other: Int
    let seconds: Double
    let special: Int
    let unreadableFolders: Int
    let skimmed: Int

    init(_ summary: ScanSummary) {
      files = summary.files
      ready = summary.ready
      preparable = summary.preparable
      rejected = summary.rejected
      other = summary.other
      seconds = summary.seconds
      special = summary.special
      unreadableFolders = summary.unreadableDirectories
      skimmed = summary.skimmed
    }
  }

  /// Returns the remark on files that were skimmed; empty if there are none.
  static func text(skimmed: Int, of files: Int) -> String {
    guard skimmed > 0 else { return "" }
    return "; \(skimmed == files ? "all" : "\(skimmed)") skimmed (~): lengths as claimed, and ready means that nothing "
      + "was found against it at both ends and a few places between"
  }

  private func putText(_ outcome: ScanOutcome) throws {
    let summary = outcome.summary
    if summary.duplicates.groups > 0 {
      try put(
        Array(
          "\nsame audio (\(counted(summary.duplicates.files, "file")), \(counted(summary.duplicates.groups, "recording"))):\n"
            .utf8))
      try outcome.duplicates { file in
        try put(Array(((file.startsGroup ? "  " : "    = ") + Console.printable(file.path.text) + "\n").utf8))
      }
    }
    if let near = summary.nearDuplicates, near.groups > 0 {
      try put(
        Array("\nnearly the same (\(counted(near.files, "file")), \(counted(near.groups, "recording"))):\n".utf8))
      try outcome.nearDuplicates { file in
        try put(Array(((file.startsGroup ? "  " : "    ~ ") + Console.printable(file.path.text) + "\n").utf8))
      }
    }
    let others =
      summary.other == 0
      ? ""
      : ", \(summary.other) other" + (showsOthers ? "" : " (neither named nor shaped like audio; --all lists them)")
    let message =
      "\(counted(summary.files, "file")), \(Console.size(summary.bytes)), \(TimeText.text(summary.seconds)) of audio: "
      + "\(summary.ready) ready, \(summary.preparable) preparable, \(summary.rejected) rejected\(others)"
      + Self.text(skimmed: summary.skimmed, of: summary.files - summary.other)
    let lines = dress.window.map { TextWidth.wrapped(message, width: $0) } ?? [message]
    try put(Array(("\n" + lines.joined(separator: "\n") + "\n").utf8))
  }
}
