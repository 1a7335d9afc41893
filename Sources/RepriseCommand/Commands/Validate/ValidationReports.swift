import RepriseAudio
import RepriseLibrary
import RepriseSystem
import Synchronization

/// The files that a scan writes beside what it prints: a page, a table. Each appears whole at the end, or not at all.
final class ValidationReports: Sendable {
  private let page: Mutex<HTMLReportWriter?>
  private let table: Mutex<ReportFile?>
  private let targets: ReportTargets

  /// Opens what was asked for, before anything is checked.
  ///
  /// - Parameter lists: files that name further sources.
  /// - Throws: `CommandError` where one of the files is a source; `FileError` where a file can't be made, or exists and may not
  ///   be replaced.
  init(page: String?, table: String?, roots: [RawPath], lists: [String], limits: AudioLimits, replacing: Bool) throws {
    targets = try ReportTargets(
      page: page, table: table, sources: roots + lists.filter { $0 != "-" }.map { RawPath($0) })
    self.page = Mutex(
      try page.map { try HTMLReportWriter(Self.report(roots, limits), to: $0, replacing: replacing) })
    self.table = Mutex(try table.map { try Self.table(at: $0, replacing: replacing) })
  }

  private static func report(_ roots: [RawPath], _ limits: AudioLimits) -> HTMLReport {
    HTMLReport(
      roots: roots, limits: limits,
      remarkOnStructure: "structure checked; damage inside of frames is found by --deep")
  }

  private static func table(at path: String, replacing: Bool) throws -> ReportFile {
    var file = try ReportFile(path: path, replacing: replacing)
    try file.write(CSVReport().header)
    return file
  }

  /// Adds a file that was checked.
  ///
  /// - Throws: `CommandError` where it is what a report would replace; `FileError` if the disk is full.
  func add(_ file: ScannedFile) throws {
    try targets.check(file.path)
    try page.withLock { try $0?.add(file) }
    try table.withLock { try $0?.write(CSVReport().row(for: file)) }
  }

  /// Gives the files their names.
  ///
  /// - Parameter groups: which of the files hold the same audio.
  func finish(_ groups: ReportGroups) throws {
    let page = page.withLock { $0.take() }
    try page?.finish(groups)
    let table = table.withLock { $0.take() }
    try table?.commit()
  }
}
