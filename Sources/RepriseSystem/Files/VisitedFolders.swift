import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folders that the walks of one command have gone through, so that links in circles come to an end.
public final class VisitedFolders: Sendable {
  private struct Identity: Hashable {
    let device: Int64
    let number: Int64
  }

  private struct State {
    var folders: Set<Identity> = []
    var roots: [[UInt8]] = []
    var leftOut: [[UInt8]] = []
  }

  private let state = Mutex(State())

  /// None yet.
  public init() {}

  /// Notes that everything below a folder is walked through.
  public func addRoot(_ folder: RawPath) {
    guard let real = Self.realPath(folder) else { return }
    state.withLock { state in if !state.roots.contains(real) { state.roots.append(real) } }
  }

  /// Notes that a folder and all that is in it is not walked through, whatever leads there.
  package func leaveOut(_ folder: RawPath) {
    insert(folder)
    guard let real = Self.realPath(folder) else { return }
    state.withLock { $0.leftOut.append(real) }
  }

  private func isLeftOut(_ folder: RawPath) -> Bool {
    let leftOut = state.withLock { $0.leftOut }
    guard !leftOut.isEmpty, let real = Self.realPath(folder) else { return false }
    return leftOut.contains { Self.isPlace(real, in: $0) }
  }

  /// Whether a path without links is a folder's, or of something in it.
  package static func isPlace(_ path: [UInt8], in folder: [UInt8]) -> Bool {
    guard path.starts(with: folder) else { return false }
    return path.count == folder.count || folder.last == UInt8(ascii: "/") || path[folder.count] == UInt8(ascii: "/")
  }

  /// Whether a folder is come upon for the first time; one that can't be looked at always is, one that is left out never.
  @discardableResult package func insert(_ folder: RawPath) -> Bool {
    if isLeftOut(folder) { return false }
    var status = stat()
    guard unsafe folder.withCString({ unsafe stat($0, &status) }) == 0 else { return true }
    let identity = Identity(
      device: Int64(truncatingIfNeeded: status.st_dev), number: Int64(truncatingIfNeeded: status.st_ino))
    return state.withLock { $0.folders.insert(identity).inserted }
  }

  /// Where below one of the roots a path really leads; nil if it leads elsewhere.
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

  /// A path without links; nil where nothing is.
  package static func realPath(_ path: RawPath) -> [UInt8]? {
    guard let text = unsafe path.withCString({ unsafe realpath($0, nil) }) else { return nil }
    defer { unsafe free(text) }
    return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }
}
