import RepriseSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that takes a synchronous service's response as it arrives, so that a paid response outlives the process.
final class AnswerFile: Sendable {
  let path: String
  private let file: OwnedFile
  /// Descriptor of the open file.
  var descriptor: Int32 { file.descriptor }

  /// Creates the file with mode 0600, or opens an existing empty one.
  ///
  /// - Parameter path: The path of the file.
  /// - Throws: `ServiceError` (`io`) if the file cannot be created, or is not empty, since it may hold a response that
  ///   was paid for.
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

  /// Flushes the received bytes to disk.
  ///
  /// Blocks.
  ///
  /// - Throws: `ServiceError` (`io`) if the disk rejects them.
  func settle() throws(ServiceError) {
    do { try file.sync() } catch { throw ServiceError(.io, .file(error)) }
  }

  /// Removes a file that is of no use, because it is empty or holds a refusal.
  func discard() { _ = unsafe unlink(path) }

  /// Number of bytes received.
  var bytes: Int { (try? file.status().byteCount) ?? 0 }
}
