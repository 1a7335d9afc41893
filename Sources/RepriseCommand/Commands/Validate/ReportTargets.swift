import Foundation
import RepriseLibrary
import RepriseSystem

/// The paths of a scan's reports: none of them may be a source, whatever `--force` says.
struct ReportTargets: Sendable {
  private struct Target: Sendable {
    let option: String
    let path: String
    let stamp: FileStamp
  }

  /// Existing files at these paths that are not earlier reports.
  private let standing: [Target]

  /// Checks the paths before any work is done.
  ///
  /// - Parameters:
  ///   - page: The path of the page; `nil` for none.
  ///   - table: The path of the table; `nil` for none.
  ///   - sources: The named files, directories and lists.
  /// - Throws: `CommandError` with exit code 64 if both are the same file, or one of them is a source.
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

  /// Throws if a report would replace a source.
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
    guard let directory = FileIdentity(at: PathText.directory(of: one)) else { return false }
    return directory == FileIdentity(at: PathText.directory(of: other))
      && PathText.name(of: one) == PathText.name(of: other)
  }

  /// Returns `true` if a file is the report of an earlier scan, which may be inside the library and is renewed there.
  private static func isReport(_ path: String) -> Bool {
    let starts = [CSVReport().header, HTMLReport.start].map { Array($0.utf8) }
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    let bytes = (try? file.read(upToCount: 4096)) ?? Data()
    return starts.contains { bytes.starts(with: $0) }
  }
}
