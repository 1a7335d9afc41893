#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A walk over the files below a directory in the order of their paths' bytes, whatever bytes their names consist of.
///
/// Only the names in the directories that lead to the current file are in memory. Nothing is opened but directories.
/// Hidden names are left out. Items that appear or disappear during the walk may or may not be found.
package struct DirectoryWalk {
  /// The rules that decide which items are left out and which links are followed.
  package struct Rules: Sendable {
    /// Patterns (fnmatch(3)) of the only files that are wanted; empty to want all.
    package var included: [String] = []
    /// Patterns of files and directories that are left out; they take precedence.
    package var excluded: [String] = []
    /// `true` to follow links to directories, each directory once at most; links to files are always followed.
    package var followsLinks = false

    /// Creates rules by which everything is wanted and links to directories are not followed.
    package init() {}

    /// Returns `true` if one of the patterns matches the name or the path below the directory that was named.
    static func fits(_ patterns: [String], _ name: RawPath, _ path: RawPath) -> Bool {
      patterns.contains { pattern in
        [name, path].contains { text in unsafe text.withCString { unsafe fnmatch(pattern, $0, 0) } == 0 }
      }
    }
  }

  /// An item that a walk finds.
  package enum Step: Sendable {
    /// A file and its stamp; `nil` if the file is gone or may not be examined.
    case file(RawPath, FileStamp?)
    /// A pipe, socket or device, which is not opened.
    case special(RawPath)
    /// A directory that can't be read.
    case unreadable(FileError)
  }

  private struct Frame {
    let path: RawPath
    var listing: DirectoryListing
  }

  private let rules: Rules
  private let visited: VisitedDirectories
  private let rootLength: Int
  private var start: RawPath?
  private var frames: [Frame] = []

  /// Creates a walk through a directory, which is read at the first `next`.
  ///
  /// - Parameters:
  ///   - directory: The directory.
  ///   - rules: The rules that decide which items are found.
  ///   - visited: The directories that were walked through already, shared by the walks of one command.
  package init(_ directory: RawPath, rules: Rules = Rules(), visited: VisitedDirectories = VisitedDirectories()) {
    self.rules = rules
    self.visited = visited
    start = directory
    rootLength = directory.appending([]).bytes.count
  }

  /// Returns the next step; `nil` at the end.
  ///
  /// Blocks.
  package mutating func next() -> Step? {
    if let directory = start {
      start = nil
      visited.addRoot(directory)
      if let failure = enter(directory) { return .unreadable(failure) }
    }
    while let top = frames.indices.last {
      guard let (name, kind) = frames[top].listing.take() else {
        frames.removeLast()
        continue
      }
      let path = frames[top].path.appending(name)
      switch kind {
      case .special: if !fits(rules.excluded, path) { return .special(path) }
      case .directory, .linkedDirectory:
        if fits(rules.excluded, path) || kind == .linkedDirectory && (!rules.followsLinks || isFoundAnyway(path)) {
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

  /// Enters a directory, unless it was walked through before.
  private mutating func enter(_ directory: RawPath) -> FileError? {
    guard visited.insert(directory) else { return nil }
    do throws(FileError) {
      frames.append(Frame(path: directory, listing: try DirectoryListing(directory)))
      return nil
    } catch {
      return error
    }
  }

  /// Returns `true` if one of the patterns matches a path's last component, or all of the path below the directory that
  /// was named.
  private func fits(_ patterns: [String], _ path: RawPath) -> Bool {
    !patterns.isEmpty && Rules.fits(patterns, RawPath(path.name), RawPath(Array(path.bytes.dropFirst(rootLength))))
  }

  /// Returns `true` if a link leads to a directory below one that was named, which the walk reaches anyway: the files
  /// are then found by the shorter path.
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
