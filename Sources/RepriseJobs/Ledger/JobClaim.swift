package import RepriseSystem

/// One process's exclusive claim on a job.
///
/// The claim ends with the value, and with the process in every case (flock(2)).
package final class JobClaim: Sendable {
  /// Directory of the job.
  package let directory: JobDirectory
  private let file: OwnedFile

  /// Claims a job, creating its directory if there is none.
  ///
  /// - Returns: The claim; nil if another process, or another claim of this one, holds the job.
  /// - Throws: `FileError` if the directory cannot be created or its lock cannot be opened.
  package static func take(_ directory: JobDirectory) throws(FileError) -> JobClaim? {
    while true {
      try directory.make()
      let file: OwnedFile
      do throws(FileError) { file = try OwnedFile(openingOrCreating: directory.lock) } catch {
        // The previous holder has just removed the directory.
        if error.code == .directoryMissing { continue }
        throw error
      }
      guard try file.lock(isWaiting: false) else { return nil }
      // A lock on a file that was removed in between excludes no other process.
      if isNamed(file) { return JobClaim(directory, file) }
    }
  }

  private init(_ directory: JobDirectory, _ file: consuming OwnedFile) {
    self.directory = directory
    self.file = file
  }

  private static func isNamed(_ file: borrowing OwnedFile) -> Bool {
    guard let held = try? file.status().stamp, let named = FileStamp(at: RawPath(file.path)) else { return false }
    return held.number == named.number && held.device == named.device
  }
}
