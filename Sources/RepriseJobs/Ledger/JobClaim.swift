package import RepriseSystem

/// One process's exclusive claim on a job.
///
/// The claim ends with the value, and with the process in every case (flock(2)).
package final class JobClaim: Sendable {
  /// Directory of the job.
  package let folder: JobFolder
  private let file: OwnedFile

  /// Claims a job, creating its directory if there is none.
  ///
  /// - Returns: The claim; nil if another process, or another claim of this one, holds the job.
  /// - Throws: `FileError` if the directory cannot be created or its lock cannot be opened.
  package static func take(_ folder: JobFolder) throws(FileError) -> JobClaim? {
    while true {
      try folder.make()
      let file: OwnedFile
      do throws(FileError) { file = try OwnedFile(openingOrCreating: folder.lock) } catch {
        // The previous holder has just removed the directory.
        if error.code == .folderMissing { continue }
        throw error
      }
      guard try file.lock(isWaiting: false) else { return nil }
      // A lock on a file that was removed in between excludes no other process.
      if isNamed(file) { return JobClaim(folder, file) }
    }
  }

  private init(_ folder: JobFolder, _ file: consuming OwnedFile) {
    self.folder = folder
    self.file = file
  }

  private static func isNamed(_ file: borrowing OwnedFile) -> Bool {
    guard let held = try? file.status().stamp, let named = FileStamp(at: RawPath(file.path)) else { return false }
    return held.number == named.number && held.device == named.device
  }
}
