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
  private let folder: String?
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
      folder = nil
      self.file = file
    #else
      let folder = try Folders.makePrivate(prefix: "reprise-", in: parent)
      self.folder = folder
      path = folder + "/input"
      file = try OwnedFile(creating: folder + "/input")
    #endif
  }

  /// The open file, for writing.
  package var borrowed: BorrowedFile { file.borrowed }

  deinit {
    guard let folder else { return }
    unsafe unlink(path)
    unsafe rmdir(folder)
  }
}
