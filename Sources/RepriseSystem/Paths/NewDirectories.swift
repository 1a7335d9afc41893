internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The output directories that a run makes, so that those that stay empty can be removed again.
package final class NewDirectories: Sendable {
  private let made = Mutex<[String]>([])

  /// Creates a list that is empty.
  package init() {}

  /// Makes a directory and those above it that are missing.
  ///
  /// - Parameter path: The directory.
  /// - Throws: `FileError` naming the directory that can't be made.
  package func make(_ path: String) throws(FileError) {
    var missing: [String] = []
    var next = path
    while FileKind(at: next) == .nothing, missing.last != next {
      missing.append(next)
      next = PathText.directory(of: next)
    }
    guard !missing.isEmpty else { return }
    try Directories.make(path, mode: 0o777)
    made.withLock { $0 += missing.reversed() }
  }

  /// Removes the directories that are still empty.
  package func removeEmpty() {
    let paths = made.withLock { made in
      defer { made = [] }
      return made
    }
    for path in paths.reversed() { _ = unsafe rmdir(path) }
  }
}
