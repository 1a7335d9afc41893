import Foundation
package import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A result that is downloaded in pieces, also by successive processes.
///
/// A file that grows holds the bytes, and a second one beside it identifies the state of the result to which they
/// belong.
package struct PartialDownload: Sendable, Equatable {
  /// Directory of the two files, owned by the caller; only one process downloads into it at a time.
  package let directory: String

  /// Creates a reference to the download in a directory, begun or not.
  package init(in directory: String) { self.directory = directory }

  /// Path of the file with the bytes received so far.
  package var path: String { directory + "/result.part" }

  /// Path of the file with the facts known about the whole.
  var notesPath: String { directory + "/result.json" }

  /// Number of bytes received so far.
  package var byteCount: Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// `true` if all of the result is there.
  package var isWhole: Bool {
    guard let total = PartialNotes(at: notesPath)?.total else { return false }
    return total > 0 && byteCount == total
  }

  /// Removes both files.
  ///
  /// - Throws: `FileError` if one exists and cannot be removed.
  package func remove() throws(FileError) {
    // The notes last: bytes without them are downloaded anew, notes without bytes are harmless.
    for path in [path, notesPath] where unsafe unlink(path) != 0 && errno != ENOENT {
      throw FileError(errno: errno, path: path, doing: "remove")
    }
  }
}
