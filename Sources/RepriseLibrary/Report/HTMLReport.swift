package import RepriseAudio
package import RepriseSystem

/// A scan's result as one page for a browser: counts, histograms, and every file in a table that sorts and filters.
///
/// The page needs no network and no other file; its policy forbids both, and all scripts but its own. Names are
/// escaped: a file's name can neither become markup nor hide or reorder text.
package struct HTMLReport: Sendable {
  /// The files and directories that were scanned, named at the top.
  package var roots: [RawPath]
  /// The limits of the service, drawn into the histograms.
  package var limits: AudioLimits
  /// The page's note on files that were not decoded: the depth of the check, and a way to check more.
  package var remarkOnStructure: String

  /// The beginning of every page.
  package static let start = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"

  /// Creates a report on a scan.
  ///
  /// - Parameters:
  ///   - roots: The files and directories that were scanned.
  ///   - limits: The limits of the service.
  ///   - remarkOnStructure: The page's note if no file was decoded.
  package init(
    roots: [RawPath], limits: AudioLimits = AudioLimits(), remarkOnStructure: String = "structure checked"
  ) {
    self.roots = roots
    self.limits = limits
    self.remarkOnStructure = remarkOnStructure
  }
}

/// A writer that writes the page while files arrive.
package struct HTMLReportWriter: ~Copyable {
  private let report: HTMLReport
  private var output: ReportFile
  private var rows = PageRows()
  private var totals: ReportTotals

  /// Begins a page, nameless until `finish`.
  ///
  /// - Throws: `FileError` if the page can't be made there; `DigestError` if the system has no SHA-256.
  package init(_ report: HTMLReport, to path: String, replacing: Bool) throws {
    var begun = try ReportFile(path: path, replacing: replacing)
    try begun.write(try PageText.head())
    try begun.write(PageRows.opening)
    self.report = report
    totals = ReportTotals(limits: report.limits)
    output = begun
  }

  /// Appends a file.
  ///
  /// - Throws: `FileError` if the disk is full.
  package mutating func add(_ file: ScannedFile) throws(FileError) {
    let facts = file.facts
    totals.add(facts)
    try output.write(rows.row(path: VisibleText.name(file.path.bytes), facts: facts))
  }

  /// Writes the part above the table, which needs all files, and gives the page its name.
  ///
  /// - Parameter groups: The groups of rows with the same audio, by the order in which the files were added.
  /// - Throws: `FileError` if the disk is full or another file has taken the name; the errors of reading `groups`.
  package consuming func finish(_ groups: ReportGroups) throws {
    try output.write(rows.listOfWords)
    totals.same = try Self.write(groups.same, named: "same", to: &output)
    totals.near = try Self.write(groups.near, named: "near", to: &output)
    try output.write(PageRows.closing)
    try output.write(try PageText.rest(PageSummary(totals, report: report)))
    try output.commit()
  }

  /// Writes groups as arrays of row numbers; writes nothing if duplicates were not searched for.
  private static func write(
    _ groups: ReportGroups.Rows?, named name: String, to output: inout ReportFile
  ) throws -> GroupCount? {
    guard let groups else { return nil }
    var count = GroupCount()
    try output.write(",\n\"\(name)\":[")
    try groups { row, begins in
      try output.write((begins ? count.groups == 0 ? "[" : "],\n[" : ",") + "\(row)")
      count.files += 1
      if begins { count.groups += 1 }
    }
    try output.write(count.groups == 0 ? "]" : "]]")
    return count
  }
}
