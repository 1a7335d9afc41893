#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A temporary file that only this user reads, which ends with this instance.
///
/// On Linux it never has a name, so that not even `kill -9` leaves it behind; its path is good in this process only.
package final class PrivateFile: Sendable {
  private let file: OwnedFile
  private let directory: String?
  /// Path by which the file is read.
  package let path: String

  /// Makes an empty file.
  ///
  /// - Parameter parent: The directory for temporary files.
  /// - Throws: `FileError` if the file can't be made there.
  package init(in parent: String) throws(FileError) {
    #if os(Linux)
      let file = try OwnedFile(namelessIn: parent, path: parent)
      path = file.alias
      directory = nil
      self.file = file
    #else
      let directory = try Directories.makePrivate(prefix: "reprise-", in: parent)
      self.directory = directory
      path = directory + "/input"
      file = try OwnedFile(creating: directory + "/input")
    #endif
  }

  /// The open file, for writing.
  package var borrowed: BorrowedFile { file.borrowed }

  deinit {
    guard let directory else { return }
    unsafe unlink(path)
    unsafe rmdir(directory)
  }
}
