import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The directories that the walks of one command have gone through, so that cycles of links come to an end.
package final class VisitedDirectories: Sendable {
  private struct Identity: Hashable {
    let device: Int64
    let number: Int64
  }

  private struct State {
    var directories: Set<Identity> = []
    var roots: [[UInt8]] = []
    var leftOut: [[UInt8]] = []
  }

  private let state = Mutex(State())

  /// Creates an empty set.
  package init() {}

  /// Adds a directory as a root: everything below it is walked through.
  package func addRoot(_ directory: RawPath) {
    guard let real = Self.realPath(directory) else { return }
    state.withLock { state in if !state.roots.contains(real) { state.roots.append(real) } }
  }

  /// Excludes a directory and everything in it from the walk, whatever path leads there.
  package func leaveOut(_ directory: RawPath) {
    insert(directory)
    guard let real = Self.realPath(directory) else { return }
    state.withLock { $0.leftOut.append(real) }
  }

  private func isLeftOut(_ directory: RawPath) -> Bool {
    let leftOut = state.withLock { $0.leftOut }
    guard !leftOut.isEmpty, let real = Self.realPath(directory) else { return false }
    return leftOut.contains { Self.isPath(real, inside: $0) }
  }

  /// Returns `true` if a path without links is a directory's, or that of an item in it.
  package static func isPath(_ path: [UInt8], inside directory: [UInt8]) -> Bool {
    guard path.starts(with: directory) else { return false }
    return path.count == directory.count || directory.last == UInt8(ascii: "/")
      || path[directory.count] == UInt8(ascii: "/")
  }

  /// Returns `true` if a directory is found for the first time: always if it can't be examined, never if it is left
  /// out.
  @discardableResult package func insert(_ directory: RawPath) -> Bool {
    if isLeftOut(directory) { return false }
    var status = stat()
    guard unsafe directory.withCString({ unsafe stat($0, &status) }) == 0 else { return true }
    let identity = Identity(
      device: Int64(truncatingIfNeeded: status.st_dev), number: Int64(truncatingIfNeeded: status.st_ino))
    return state.withLock { $0.directories.insert(identity).inserted }
  }

  /// Returns the path without links, relative to the root that contains it; `nil` if no root does.
  func placeBelowRoot(_ path: RawPath) -> ArraySlice<UInt8>? {
    guard let real = Self.realPath(path) else { return nil }
    return state.withLock { state in
      for root in state.roots where real.starts(with: root) {
        if real.count == root.count { return [] }
        if root.last == UInt8(ascii: "/") { return real[root.count...] }
        if real[root.count] == UInt8(ascii: "/") { return real[(root.count + 1)...] }
      }
      return nil
    }
  }

  /// Returns a path without links; `nil` if there is no item.
  package static func realPath(_ path: RawPath) -> [UInt8]? {
    guard let text = unsafe path.withCString({ unsafe realpath($0, nil) }) else { return nil }
    defer { unsafe free(text) }
    return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }
}
