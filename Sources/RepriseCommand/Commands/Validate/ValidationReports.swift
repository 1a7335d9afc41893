import RepriseAudio
import RepriseLibrary
import RepriseSystem
import Synchronization

/// The files that a scan writes in addition to its output: a page and a table.
///
/// Each file appears complete at the end, or not at all.
final class ValidationReports: Sendable {
  private let page: Mutex<HTMLReportWriter?>
  private let table: Mutex<ReportFile?>
  private let targets: ReportTargets

  /// Opens the requested files before anything is checked.
  ///
  /// - Parameters:
  ///   - page: The path of the page; `nil` for none.
  ///   - table: The path of the table; `nil` for none.
  ///   - roots: The named files and directories.
  ///   - lists: The files that name further sources.
  ///   - limits: The limits of the service.
  ///   - replacing: `true` if existing files may be replaced.
  ///   - takesAll: `true` if the scan takes every file below the named directories that is not hidden.
  /// - Throws: `CommandError` if one of the files is a source; `FileError` if a file cannot be created, or exists and
  ///   must not be replaced.
  init(
    page: String?, table: String?, roots: [RawPath], lists: [String], limits: AudioLimits, replacing: Bool,
    takesAll: Bool
  ) throws {
    targets = try ReportTargets(
      page: page, table: table, sources: roots + lists.filter { $0 != "-" }.map { RawPath($0) }, takesAll: takesAll)
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

  /// Adds a checked file.
  ///
  /// - Parameter file: The file.
  /// - Throws: `CommandError` if a report would replace the file; `FileError` if the disk is full.
  func add(_ file: ScannedFile) throws {
    try targets.check(file.path)
    try page.withLock { try $0?.add(file) }
    try table.withLock { try $0?.write(CSVReport().row(for: file)) }
  }

  /// Gives the files their final names.
  ///
  /// - Parameter groups: The groups of files that hold the same audio.
  /// - Throws: `FileError` if a file cannot be written or renamed.
  func finish(_ groups: ReportGroups) throws {
    let page = page.withLock { $0.take() }
    try page?.finish(groups)
    let table = table.withLock { $0.take() }
    try table?.commit()
  }
}
