#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is written beside its destination and takes its name only once it is whole.
///
/// Unless `commit` is called the file is removed when the value goes, on every path out. A crash can leave
/// `.NAME.XXXXXX.part` behind, never a half-written NAME.
public struct TemporaryFile: ~Copyable {
  /// The open file, for reading and writing, positioned at its start.
  public let descriptor: Int32
  /// Where the bytes are until the file is committed.
  public let path: String
  /// The name the file gets.
  public let destination: String
  private var finished = false

  /// Creates the file in the destination's folder.
  ///
  /// - Parameters:
  ///   - destination: the final path.
  ///   - replacing: whether a file already there may be replaced, in the end.
  /// - Throws: `FileError` if the folder is missing or not writable, the destination is a folder, or it exists and
  ///   may not be replaced.
  public init(for destination: String, replacing: Bool) throws(FileError) {
    var status = stat()
    if unsafe stat(destination, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { throw FileError(.isFolder, path: destination, doing: "write") }
      if !replacing { throw FileError(.exists, path: destination) }
    }
    let folder = PathText.folder(of: destination)
    // A name may already be as long as the file system takes (255 bytes), so only its beginning is kept.
    let stem = String(PathText.name(of: destination).prefix(40))
    let template = folder + "/.\(stem).XXXXXX.part"
    var bytes = Array(template.utf8CString)
    let descriptor = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let base = buffer.baseAddress else { return -1 }
      return unsafe mkstemps(base, 5)
    }
    guard descriptor >= 0 else { throw FileError(errno: errno, path: destination, doing: "create") }
    // mkstemp makes files 0600; give the destination what any new file would get.
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, 0o666 & ~mask)
    self.descriptor = descriptor
    self.path = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    self.destination = destination
    self.replacing = replacing
  }

  private let replacing: Bool

  /// Puts the bytes on the disk and gives the file its name.
  ///
  /// - Throws: `FileError` if the disk is full or the destination has appeared meanwhile and may not be replaced; the
  ///   file is then removed.
  public consuming func commit() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw FileError(errno: errno, path: destination, doing: "write") }
    if replacing {
      guard unsafe rename(path, destination) == 0 else {
        throw FileError(errno: errno, path: destination, doing: "rename to")
      }
      finished = true
    } else {
      // link() refuses an existing name where rename() would silently replace it.
      guard unsafe link(path, destination) == 0 else {
        if errno == EEXIST { throw FileError(.exists, path: destination) }
        guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOTSUP else {
          throw FileError(errno: errno, path: destination, doing: "name")
        }
        guard unsafe rename(path, destination) == 0 else {
          throw FileError(errno: errno, path: destination, doing: "rename to")
        }
        finished = true
        return
      }
    }
  }

  deinit {
    close(descriptor)
    if !finished { unsafe unlink(path) }
  }
}
