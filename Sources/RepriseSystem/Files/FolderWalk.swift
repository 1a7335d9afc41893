#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The files below a folder, one after another in the order of their paths' bytes, whatever their names are made of.
///
/// Of the tree only the names in the folders that lead to the current file are in memory. Nothing is opened but folders.
/// Hidden names are left out. What appears or goes while the walk is under way is found or not.
public struct FolderWalk {
  /// What is left out and what is followed.
  public struct Rules: Sendable {
    /// Patterns (fnmatch(3)) of files that alone are wanted; all if there are none.
    public var included: [String] = []
    /// Patterns of files and folders that are left out; they win.
    public var excluded: [String] = []
    /// Whether links to folders are followed, each folder once at most; links to files always are.
    public var followsLinks = false

    /// Everything is wanted, links to folders are not followed.
    public init() {}

    /// Whether one of the patterns fits the name or the path below the folder that was named.
    static func fits(_ patterns: [String], _ name: RawPath, _ path: RawPath) -> Bool {
      patterns.contains { pattern in
        [name, path].contains { text in unsafe text.withCString { unsafe fnmatch(pattern, $0, 0) } == 0 }
      }
    }
  }

  /// What a walk comes upon.
  public enum Step: Sendable {
    /// A file, and what was seen of it; nil if it went away or may not be looked at.
    case file(RawPath, FileStamp?)
    /// A pipe, socket or device, which is not opened.
    case special(RawPath)
    /// A folder that can't be read.
    case unreadable(FileError)
  }

  private struct Frame {
    let path: RawPath
    var listing: FolderListing
  }

  private let rules: Rules
  private let visited: VisitedFolders
  private let rootLength: Int
  private var start: RawPath?
  private var frames: [Frame] = []

  /// A walk through a folder, which is read at the first `next`.
  ///
  /// - Parameter visited: the folders that were walked through already, shared by walks of one command.
  public init(_ folder: RawPath, rules: Rules = Rules(), visited: VisitedFolders = VisitedFolders()) {
    self.rules = rules
    self.visited = visited
    start = folder
    rootLength = folder.appending([]).bytes.count
  }

  /// The next step; nil at the end. Blocks.
  public mutating func next() -> Step? {
    if let folder = start {
      start = nil
      visited.addRoot(folder)
      if let failure = enter(folder) { return .unreadable(failure) }
    }
    while let top = frames.indices.last {
      guard let (name, kind) = frames[top].listing.take() else {
        frames.removeLast()
        continue
      }
      let path = frames[top].path.appending(name)
      switch kind {
      case .special: if !fits(rules.excluded, path) { return .special(path) }
      case .folder, .linkedFolder:
        if fits(rules.excluded, path) || kind == .linkedFolder && (!rules.followsLinks || isFoundAnyway(path)) {
          continue
        }
        if let failure = enter(path) { return .unreadable(failure) }
      case .file, .nothing:
        if fits(rules.excluded, path) { continue }
        if rules.included.isEmpty || fits(rules.included, path) {
          return .file(path, kind == .file ? FileStamp(at: path) : nil)
        }
      }
    }
    return nil
  }

  /// Goes into a folder, unless it was walked through before.
  private mutating func enter(_ folder: RawPath) -> FileError? {
    guard visited.insert(folder) else { return nil }
    do throws(FileError) {
      frames.append(Frame(path: folder, listing: try FolderListing(folder)))
      return nil
    } catch {
      return error
    }
  }

  /// Whether one of the patterns fits a path's last part, or all of it that is below the folder that was named.
  private func fits(_ patterns: [String], _ path: RawPath) -> Bool {
    !patterns.isEmpty && Rules.fits(patterns, RawPath(path.name), RawPath(Array(path.bytes.dropFirst(rootLength))))
  }

  /// Whether a link leads to a folder below one that was named, where the walk comes by itself: files are then told by
  /// the shorter path.
  private func isFoundAnyway(_ link: RawPath) -> Bool {
    guard let inside = visited.placeBelowRoot(link) else { return false }
    var path: [UInt8] = []
    for part in inside.split(separator: UInt8(ascii: "/")) {
      path += (path.isEmpty ? [] : [UInt8(ascii: "/")]) + part
      if part.first == UInt8(ascii: ".") || Rules.fits(rules.excluded, RawPath(Array(part)), RawPath(path)) {
        return false
      }
    }
    return true
  }
}
