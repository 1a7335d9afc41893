import Foundation
import RepriseLibrary
import RepriseSystem

/// The files that a scan's reports are going to stand in: none of them may be a source, whatever `--force` says.
struct ReportTargets: Sendable {
  private struct Target: Sendable {
    let option: String
    let path: String
    let stamp: FileStamp
  }

  /// What stands there already and is no earlier report.
  private let standing: [Target]

  /// Refuses what can't work before any work is done.
  ///
  /// - Parameter sources: what is named: files, folders, lists.
  /// - Throws: `CommandError` with 64 where both are one file, or one of them is a source.
  init(page: String?, table: String?, sources: [RawPath]) throws(CommandError) {
    if let page, let table, Self.isSame(page, table) {
      throw CommandError(.usage, "\(Console.printable(page)): can't hold both the page and the table; name two files")
    }
    var standing: [Target] = []
    for (option, path) in [("--report", page), ("--csv", table)] {
      guard let path, let stamp = FileStamp(at: RawPath(path)), !Self.isReport(path) else { continue }
      standing.append(Target(option: option, path: path, stamp: stamp))
    }
    self.standing = standing
    for source in sources { try check(source) }
  }

  /// Refuses a source that a report would replace.
  func check(_ source: RawPath) throws(CommandError) {
    guard !standing.isEmpty, let stamp = FileStamp(at: source) else { return }
    for target in standing where target.stamp.device == stamp.device && target.stamp.number == stamp.number {
      throw CommandError(
        .usage,
        "\(Console.printable(target.path)): is the source \(Console.printable(source.text)) itself, which is never "
          + "changed; name another file after \(target.option)")
    }
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    if let file = FileIdentity(at: one), file == FileIdentity(at: other) { return true }
    guard let folder = FileIdentity(at: PathText.folder(of: one)) else { return false }
    return folder == FileIdentity(at: PathText.folder(of: other)) && PathText.name(of: one) == PathText.name(of: other)
  }

  /// Whether an earlier scan made it: a report may be in the library itself, and is renewed there.
  private static func isReport(_ path: String) -> Bool {
    let starts = [CSVReport().header, HTMLReport.start].map { Array($0.utf8) }
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    let bytes = (try? file.read(upToCount: 4096)) ?? Data()
    return starts.contains { bytes.starts(with: $0) }
  }
}
