public import RepriseSystem

/// One process's hold on a job. It ends with the value, and with the process however that dies (flock(2)).
public final class JobClaim: Sendable {
  /// The job's folder.
  public let folder: JobFolder
  private let file: OwnedFile

  /// Takes hold of a job, making its folder where there is none.
  ///
  /// - Returns: nil if another process, or another claim of this one, has it.
  /// - Throws: `FileError` if the folder can't be made or its lock not opened.
  public static func take(_ folder: JobFolder) throws(FileError) -> JobClaim? {
    while true {
      try folder.make()
      let file: OwnedFile
      do throws(FileError) { file = try OwnedFile(openingOrCreating: folder.lock) } catch {
        // Whoever had it has just removed the folder.
        if error.code == .folderMissing { continue }
        throw error
      }
      guard try file.lock(isWaiting: false) else { return nil }
      // A lock on a file that was removed in between locks nothing out.
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
