#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The files below a folder, whatever their names are made of.
///
/// Foundation leaves out names that are not UTF-8. Here they come with their bad bytes replaced (U+FFFD).
public struct FolderWalk {
  /// The paths of all regular files, sorted by folder; hidden ones and links to folders are left out.
  public private(set) var files: [String] = []
  /// Folders that could not be read.
  public private(set) var failures: [FileError] = []

  /// Walks a folder; blocking.
  ///
  /// - Parameter check: called for every folder; throws to stop the walk.
  public init(_ folder: String, check: () throws -> Void) rethrows {
    var waiting = [folder]
    while let next = waiting.popLast() {
      try check()
      var folders: [String] = []
      do {
        let prefix = next.utf8.last == UInt8(ascii: "/") ? next : next + "/"
        for name in try Self.names(in: next).sorted() where name.utf8.first != UInt8(ascii: ".") {
          let path = prefix + name
          switch Self.kind(of: path) {
          case .folder: folders.append(path)
          case .file: files.append(path)
          // A name with replaced bytes is not found as it stands; whoever opens it knows how.
          case .nothing where name.unicodeScalars.contains("\u{FFFD}"): files.append(path)
          case .nothing, .special: continue
          }
        }
      } catch {
        failures.append(error)
      }
      waiting += folders.reversed()
    }
  }

  /// What is at a path; a link to a folder counts as nothing, since it may lead in circles.
  private static func kind(of path: String) -> FileKind {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return .nothing }
    let kind = FileKind(at: path)
    return status.st_mode & S_IFMT == S_IFLNK && kind == .folder ? .nothing : kind
  }

  private static func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = unsafe opendir(folder) else { throw FileError(errno: errno, path: folder, doing: "read") }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          unsafe String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}
