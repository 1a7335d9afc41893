import Foundation
public import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A result that is fetched piece by piece, also by one process after another: a file that grows, and beside it which
/// state of the result its bytes are of.
public struct PartialDownload: Sendable, Equatable {
  /// The directory they are in, the caller's own; one fetches at a time.
  public let folder: String

  /// The download in a directory, begun or not.
  public init(in folder: String) { self.folder = folder }

  /// The bytes so far.
  public var path: String { folder + "/result.part" }

  /// What is known of the whole.
  var notesPath: String { folder + "/result.json" }

  /// How many bytes are there.
  public var byteCount: Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether all of the result is there.
  public var isWhole: Bool {
    guard let total = PartialNotes(at: notesPath)?.total else { return false }
    return total > 0 && byteCount == total
  }

  /// Forgets what is there.
  ///
  /// - Throws: `FileError` if something is and can't be removed.
  public func remove() throws(FileError) {
    // The notes last: bytes without them are begun anew, notes without bytes say nothing.
    for path in [path, notesPath] where unsafe unlink(path) != 0 && errno != ENOENT {
      throw FileError(errno: errno, path: path, doing: "remove")
    }
  }
}
