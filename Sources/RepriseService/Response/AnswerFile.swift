import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The file that takes a synchronous service's response as it comes, so that a paid response outlives the process it
/// came to.
final class AnswerFile: Sendable {
  let path: String
  private let file: OwnedFile
  /// The open file.
  var descriptor: Int32 { file.descriptor }

  /// Makes the file, mode 0600, or takes one that is there and empty.
  ///
  /// - Throws: `ServiceError` (`io`) if it can't be made, or holds something already: that may be a response that was
  ///   paid for.
  init(path: String) throws(ServiceError) {
    file = try Self.open(path)
    self.path = path
  }

  private static func open(_ path: String) throws(ServiceError) -> OwnedFile {
    let file: OwnedFile
    do { file = try OwnedFile(openingOrCreating: path, followingLinks: false, doing: "write") } catch {
      throw ServiceError(.io, .nothingSent(error))
    }
    guard let status = try? file.status(), status.kind == .regular, status.byteCount == 0 else {
      throw ServiceError(.io, .result(.earlierAnswer(path: path)))
    }
    return file
  }

  /// Puts what came on the disk. Blocks.
  ///
  /// - Throws: `ServiceError` (`io`) if the disk would not take it.
  func settle() throws(ServiceError) {
    do { try file.sync() } catch { throw ServiceError(.io, .file(error)) }
  }

  /// Removes a file nobody will want: it is empty, or holds a refusal.
  func discard() { _ = unsafe unlink(path) }

  /// How much came.
  var bytes: Int { (try? file.status().byteCount) ?? 0 }
}
