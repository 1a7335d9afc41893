/// A lock between processes, held from `init` until `release` or the value's end (flock(2)).
package struct FileLock: ~Copyable, Sendable {
  private let file: OwnedFile

  /// Waits until no other process holds the lock; makes the file if there is none.
  ///
  /// - Throws: `FileError` if the file can't be made or locked.
  package init(path: String) throws(FileError) {
    let file = try OwnedFile(openingOrCreating: path)
    _ = try file.lock(isWaiting: true)
    self.file = file
  }

  /// Takes the lock if no other process holds it, else returns `nil`; makes the file if there is none, but not through
  /// a link.
  ///
  /// - Throws: `FileError` if the file can't be made or locked.
  package init?(ifFree path: String) throws(FileError) {
    let file = try OwnedFile(openingOrCreating: path, followingLinks: false)
    guard try file.lock(isWaiting: false) else { return nil }
    self.file = file
  }

  /// Releases the lock.
  package consuming func release() {}
}
