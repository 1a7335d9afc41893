package import RepriseAudio
package import RepriseSystem

/// A scan's result as one page for a browser: counts, histograms, and every file in a table that sorts and filters.
///
/// The page needs no network and no other file; its policy forbids both, and all scripts but its own. Names are escaped:
/// what a file is called can neither become markup nor hide or reorder what is read.
package struct HTMLReport: Sendable {
  /// What was scanned, named at the top.
  package var roots: [RawPath]
  /// What the service takes, drawn into the histograms.
  package var limits: AudioLimits
  /// What the page says of files that were not decoded: how far the check went, and how to go further.
  package var remarkOnStructure: String

  /// What every page begins with.
  package static let start = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"

  /// A report on a scan.
  ///
  /// - Parameters:
  ///   - roots: what was scanned.
  ///   - limits: what the service takes.
  ///   - remarkOnStructure: what the page says where no file was decoded.
  package init(
    roots: [RawPath], limits: AudioLimits = AudioLimits(), remarkOnStructure: String = "structure checked"
  ) {
    self.roots = roots
    self.limits = limits
    self.remarkOnStructure = remarkOnStructure
  }
}

/// A page that is written as files come in.
package struct HTMLReportWriter: ~Copyable {
  private let report: HTMLReport
  private var output: ReportFile
  private var rows = PageRows()
  private var totals: ReportTotals

  /// Begins a page, nameless until `finish`.
  ///
  /// - Throws: `FileError` if it can't be made there; `DigestError` if the system has no SHA-256.
  package init(_ report: HTMLReport, to path: String, replacing: Bool) throws {
    var begun = try ReportFile(path: path, replacing: replacing)
    try begun.write(try PageText.head())
    try begun.write(PageRows.opening)
    self.report = report
    totals = ReportTotals(limits: report.limits)
    output = begun
  }

  /// Adds a file behind the last.
  ///
  /// - Throws: `FileError` if the disk is full.
  package mutating func add(_ file: ScannedFile) throws(FileError) {
    let facts = file.facts
    totals.add(facts)
    try output.write(rows.row(path: VisibleText.name(file.path.bytes), facts: facts))
  }

  /// Writes what stands above the table, which needs all files, and gives the page its name.
  ///
  /// - Parameter groups: which of the files, by the order in which they were added, hold the same audio.
  /// - Throws: `FileError` if the disk is full or another file has taken the name; what reading `groups` throws.
  package consuming func finish(_ groups: ReportGroups) throws {
    try output.write(rows.listOfWords)
    totals.same = try Self.write(groups.same, named: "same", to: &output)
    totals.near = try Self.write(groups.near, named: "near", to: &output)
    try output.write(PageRows.closing)
    try output.write(try PageText.rest(PageSummary(totals, report: report)))
    try output.commit()
  }

  /// Writes groups as arrays of row numbers, nothing where none were looked for.
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
