internal import RepriseSystem

/// All files of a scan, found as they are asked for, in the order of their paths' bytes, each path once.
struct ScanInputs {
  /// What comes next.
  enum Step {
    case file(RawPath, FileStamp?, isNamed: Bool)
    case special(RawPath)
    case unreadable(FileError)
  }

  private struct Walk {
    var walk: FolderWalk
    var head: RawPath
    var stamp: FileStamp?
  }

  private let list: PathList
  private let rules: FolderWalk.Rules
  private let visited = VisitedFolders()
  private var page: [RawPath] = []
  private var pageNext = 0
  private var lastNamed: RawPath?
  private var isListDone = false
  private var walks: [Walk] = []
  private var aside: [Step] = []
  private var last: RawPath?

  init(_ list: PathList, rules: FolderWalk.Rules, leftOut: [RawPath]) {
    self.list = list
    self.rules = rules
    for folder in leftOut { visited.leaveOut(folder) }
  }

  /// The next step; nil at the end. Blocks.
  mutating func next() throws -> Step? {
    while true {
      if let step = aside.popLast() { return step }
      let named = try nextNamed()
      let earliest = walks.indices.min { walks[$0].head < walks[$1].head }
      if let named, earliest.map({ named <= walks[$0].head }) ?? true {
        pageNext += 1
        lastNamed = named
        if FileKind(at: named) == .folder {
          advance(FolderWalk(named, rules: rules, visited: visited), at: nil)
        } else if named != last {
          last = named
          return .file(named, FileStamp(at: named), isNamed: true)
        }
      } else if let earliest {
        let (path, stamp) = (walks[earliest].head, walks[earliest].stamp)
        advance(walks[earliest].walk, at: earliest)
        // Named below a folder that was named as well.
        if path == last { continue }
        last = path
        return .file(path, stamp, isNamed: false)
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

  /// Takes a walk to its next file; what it comes upon on the way is put aside.
  private mutating func advance(_ from: FolderWalk, at index: Int?) {
    var walk = from
    var met: [Step] = []
    var found: Walk?
    while found == nil, let step = walk.next() {
      switch step {
      case .file(let path, let stamp): found = Walk(walk: walk, head: path, stamp: stamp)
      case .special(let path): met.append(.special(path))
      case .unreadable(let error): met.append(.unreadable(error))
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
