import RepriseAudio
import RepriseLibrary
import RepriseSystem

extension HTMLReport {
  /// Writes a page of files that are all there, as the command does with files as they come.
  func write(
    _ files: some Sequence<ScannedFile>, groups: ReportGroups = ReportGroups(), to path: String, replacing: Bool
  ) throws {
    var writer = try HTMLReportWriter(self, to: path, replacing: replacing)
    for file in files { try writer.add(file) }
    try writer.finish(groups)
  }
}

extension CSVReport {
  /// Writes a table of files that are all there, as the command does with files as they come.
  func write(_ files: some Sequence<ScannedFile>, to path: String, replacing: Bool) throws(FileError) {
    var output = try ReportFile(path: path, replacing: replacing)
    try output.write(header)
    for file in files { try output.write(row(for: file)) }
    try output.commit()
  }
}
