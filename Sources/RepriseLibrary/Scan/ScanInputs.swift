internal import RepriseSystem

/// All files of a scan, found on demand, in the order of their paths' bytes, each path once.
struct ScanInputs {
  /// An item that a scan finds.
  enum Step {
    /// A file and its stamp.
    case file(RawPath, FileStamp?, isNamed: Bool)
    /// A pipe, socket or device, which is not opened.
    case special(RawPath)
    /// A directory that can't be read.
    case unreadable(FileError)
  }

  /// A walk below a directory that was named, and its current step.
  private struct Walk {
    var walk: DirectoryWalk
    var path: RawPath
    /// `.file` or `.unreadable`.
    var head: Step
  }

  private let list: PathList
  private let rules: DirectoryWalk.Rules
  private let visited = VisitedDirectories()
  private var page: [RawPath] = []
  private var pageNext = 0
  private var lastNamed: RawPath?
  private var isListDone = false
  private var walks: [Walk] = []
  private var aside: [Step] = []
  private var last: RawPath?

  init(_ list: PathList, rules: DirectoryWalk.Rules, leftOut: [RawPath]) {
    self.list = list
    self.rules = rules
    for directory in leftOut { visited.leaveOut(directory) }
  }

  /// Returns the next step; `nil` at the end.
  ///
  /// Blocks.
  mutating func next() throws -> Step? {
    while true {
      if let step = aside.popLast() { return step }
      let named = try nextNamed()
      let earliest = walks.indices.min { walks[$0].path < walks[$1].path }
      if let named, earliest.map({ named <= walks[$0].path }) ?? true {
        pageNext += 1
        lastNamed = named
        if FileKind(at: named) == .directory {
          advance(DirectoryWalk(named, rules: rules, visited: visited), at: nil)
        } else if named != last {
          last = named
          return .file(named, FileStamp(at: named), isNamed: true)
        }
      } else if let earliest {
        let (path, head) = (walks[earliest].path, walks[earliest].head)
        advance(walks[earliest].walk, at: earliest)
        guard case .file = head else { return head }
        // The path is below a directory that was named as well.
        if path == last { continue }
        last = path
        return head
      } else if aside.isEmpty {
        return nil
      }
    }
  }

  private mutating func nextNamed() throws -> RawPath? {
    if pageNext == page.count, !isListDone {
      page = try list.page(after: lastNamed)
      pageNext = 0
      isListDone = page.isEmpty
    }
    return pageNext < page.count ? page[pageNext] : nil
  }

  /// Advances a walk to its next file or unreadable directory; special files on the way are set aside.
  private mutating func advance(_ from: DirectoryWalk, at index: Int?) {
    var walk = from
    var met: [Step] = []
    var found: Walk?
    while found == nil, let step = walk.next() {
      switch step {
      case .file(let path, let stamp):
        found = Walk(walk: walk, path: path, head: .file(path, stamp, isNamed: false))
      case .special(let path): met.append(.special(path))
      case .unreadable(let error):
        found = Walk(walk: walk, path: RawPath(error.path), head: .unreadable(error))
      }
    }
    if let found {
      if let index { walks[index] = found } else { walks.append(found) }
    } else if let index {
      walks.remove(at: index)
    }
    aside += met.reversed()
  }
}
