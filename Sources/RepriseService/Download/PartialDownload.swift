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
  /// The folder they are in, the caller's own; one fetches at a time.
  public let folder: String

  /// The download in a folder, begun or not.
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

  /// Copies the whole result to its destination, in this or another file system, and gives it its name there. What was
  /// fetched stays: remove it once the destination is noted. Blocks: call it inside `offPool`.
  ///
  /// - Parameters:
  ///   - destination: the final path.
  ///   - replacing: whether a file there may be replaced.
  ///   - cancellation: asked before every block.
  /// - Returns: the bytes copied.
  /// - Throws: `ServiceError`: `io` if the result is not whole, the destination exists, or its disk is full or not
  ///   writable; `cancelled`. Nothing is left at the destination then, and nothing is lost here.
  @discardableResult public func place(
    at destination: String, replacing: Bool = false, cancellation: Cancellation = Cancellation()
  ) throws(ServiceError) -> Int {
    guard isWhole else {
      throw ServiceError(.io, .result(.partial(path: path, bytes: byteCount)))
    }
    do {
      return try FileCopy.copy(path, to: destination, replacing: replacing, cancellation: cancellation)
    } catch is CancellationError {
      throw ServiceError(
        .cancelled, .detail("stopped before \(destination) was written; the result is kept in \(path)"))
    } catch let error as FileError {
      throw ServiceError(.io, .result(.notPlaced(.file(error), path: path)))
    } catch {
      throw ServiceError(.io, .result(.notPlaced(.failed(path: nil, ServiceError.Cause(error)), path: path)))
    }
  }
}
