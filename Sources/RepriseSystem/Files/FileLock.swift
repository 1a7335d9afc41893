/// A lock between processes, held from `init` until `release` or the value's end (flock(2)).
public struct FileLock: ~Copyable, Sendable {
  private let file: OwnedFile

  /// Waits until nobody else holds the lock; makes the file if there is none.
  ///
  /// - Throws: `FileError` if the file can't be made or locked.
  public init(path: String) throws(FileError) {
    let file = try OwnedFile(openingOrCreating: path)
    _ = try file.lock(isWaiting: true)
    self.file = file
  }

  /// The lock if nobody else holds it now, else nil; makes the file if there is none, but not through a link.
  ///
  /// - Throws: `FileError` if the file can't be made or locked.
  public init?(ifFree path: String) throws(FileError) {
    let file = try OwnedFile(openingOrCreating: path, followingLinks: false)
    guard try file.lock(isWaiting: false) else { return nil }
    self.file = file
  }

  /// Lets others have it.
  public consuming func release() {}
}
