import RepriseSystem
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Directories for outputs that a run makes, so that those in which nothing came to be can be removed again.
enum NewDirectories {
  /// What a run has made.
  final class Made: Sendable {
    fileprivate let paths = Mutex<[String]>([])
  }

  /// Makes a directory and those above it that are missing.
  ///
  /// - Throws: `FileError` naming the directory that can't be made.
  static func make(_ path: String) throws(FileError) {
    var missing: [String] = []
    var next = path
    while FileKind(at: next) == .nothing, missing.last != next {
      missing.append(next)
      next = PathText.folder(of: next)
    }
    guard !missing.isEmpty else { return }
    try Folders.make(path, mode: 0o777)
    CommandContext.current.directories.paths.withLock { $0 += missing.reversed() }
  }

  /// Removes those that are still empty.
  static func removeEmpty() {
    let paths = CommandContext.current.directories.paths.withLock { made in
      defer { made = [] }
      return made
    }
    for path in paths.reversed() { _ = unsafe rmdir(path) }
  }
}
