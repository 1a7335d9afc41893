package import RepriseAudio
internal import Foundation
public import RepriseSystem

/// Looks at every file of a library, in worker processes, and tells what it finds in the order of the paths' bytes.
public struct LibraryScan: Sendable {
  /// Files and folders.
  public var paths: [RawPath]
  /// Lists of further ones, each path ending with a zero byte; `-` is stdin.
  public var lists: [String] = []
  /// What is left out below folders.
  public var rules = FolderWalk.Rules()
  /// Folders that are not walked through, wherever they are come upon.
  public var leftOut: [RawPath] = []
  /// How to look.
  public var terms: CheckTerms
  /// How many files at once, each in a worker of its own.
  public var width: Int
  /// The longest that a file may take.
  public var timeout: Duration
  /// The program that is a worker, and its arguments.
  public var worker: [String]
  /// What is known already.
  public var cache: ValidationCache?
  /// Whether files with the same audio are looked for.
  public var findsDuplicates = true
  /// What makes the fingerprints by which nearly the same audio is found; nil leaves that out.
  public var fingerprinter: Fingerprinter?

  /// A scan of everything below these paths; links to folders are followed.
  public init(paths: [RawPath], terms: CheckTerms, width: Int, timeout: Duration, worker: [String]) {
    self.paths = paths
    self.terms = terms
    self.width = width
    self.timeout = timeout
    self.worker = worker
    rules.followsLinks = true
  }
}

extension LibraryScan {
  /// What is told while a scan is under way.
  public enum Remark: Sendable {
    /// A folder that can't be read.
    case unreadable(FileError)
    /// The cache failed; the scan goes on without it.
    case cacheFailed(ScanError)
    /// So many files were not compared with others, since reading one took longer than a file may.
    case notCompared(count: Int, timeout: Duration)
    /// So many files have no fingerprint; the most frequent reasons, how often, and the first such file.
    case notFingerprinted(count: Int, why: [(reason: String, count: Int, first: RawPath)])
  }

  /// Looks at everything.
  ///
  /// - Parameters:
  ///   - progress: is kept up to date.
  ///   - render: makes the record and the rows of a file that ended its checker, lines with their ends; those of all
  ///     others the worker makes.
  ///   - remark: is told what goes wrong on the way, from any thread.
  ///   - each: takes each file, and what people are to read of it, in the order of the paths' bytes, on a thread of its own.
  /// - Throws: `ScanError`, `FileError` for a list that can't be read, what `each` throws, `CancellationError`.
  package func run(
    progress: ScanProgress, rendering render: @escaping @Sendable (Inspection) throws -> (record: [UInt8], rows: String),
    remark: @escaping @Sendable (Remark) -> Void,
    each: @escaping @Sendable (CheckedFile, CheckAnswer) throws -> Void
  ) async throws -> ScanOutcome {
    let board = ScanBoard(room: width * 32)
    let order = ResultOrder(folder: Folders.temporary())
    let desk = CacheDesk(cache, terms: terms)
    let duplicates = findsDuplicates ? try Duplicates() : nil
    let near = try fingerprinter.map { try NearDuplicates($0) }
    let tally = Monitor(ScanSummary())
    let driver = CheckDriver(command: worker, terms: terms, timeout: timeout, render: render, board: board) {
      task, answer, isCached in
      if !isCached { desk.keep(task, answer) }
      progress.update { $0.current = task.path }
      try order.put(
        CheckResult(
          path: task.path, isNamed: task.isNamed, isCached: isCached, stamp: task.stamp, answer: answer),
        at: task.place)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await offPool("reprise scan: find") { cancellation in
          try ScanFeed(
            scan: self, board: board, order: order, desk: desk, progress: progress, tally: tally, render: render
          )
          .run(remark: remark) { try cancellation.check() }
        }
      }
      for _ in 0..<max(1, width) {
        group.addTask {
          try await offPool("reprise scan: check") { cancellation in try driver.run(cancellation: cancellation) }
        }
      }
      group.addTask {
        try await offPool("reprise scan: tell") { cancellation in
          var told = 0
          while let results = try order.take(check: { try cancellation.check() }) {
            for result in results {
              let file = CheckedFile(
                path: result.path, record: result.answer.record, isOther: result.isOther)
              try each(file, result.answer)
            }
            try duplicates?.add(results, from: told)
            try near?.add(results, from: told)
            told += results.count
            tally.withLock { tally in for result in results { tally.count(result) } }
            progress.update {
              $0.done += results.count
              $0.cached += results.count(where: \.isCached)
            }
          }
        }
      }
      defer { desk.flush() }
      // The first that fails ends the rest; waitForAll would wait for them.
      for try await _ in group {}
    }
    var summary = tally.withLock { $0 }
    if let duplicates {
      progress.update { $0.isComparing = true }
      let late = try await offPool("reprise scan: compare") { cancellation in
        try duplicates.compare(width: width, timeout: timeout, desk: desk, cancellation: cancellation)
      }
      if late > 0 { remark(.notCompared(count: late, timeout: timeout)) }
      summary.duplicates = try duplicates.count()
    }
    if let near {
      try await offPool("reprise scan: fingerprint") { cancellation in
        try duplicates?.groups { file in try near.note(file.path, begins: file.begins) }
        try near.fingerprint(width: width, desk: desk, progress: progress) { try cancellation.check() }
        try near.compare { try cancellation.check() }
      }
      summary.nearDuplicates = try near.count()
      let lost = try near.lost()
      if lost.count > 0 { remark(.notFingerprinted(count: lost.count, why: lost.why)) }
    }
    if let trouble = desk.trouble { remark(.cacheFailed(trouble)) }
    return ScanOutcome(summary: summary, found: duplicates, near: near)
  }
}

/// What a scan found.
package struct ScanOutcome: Sendable {
  package let summary: ScanSummary
  let found: Duplicates?
  let near: NearDuplicates?

  /// Hands out the files with the same audio, group by group, in the order of their first ones.
  package func duplicates(_ body: (GroupedFile) throws -> Void) throws { try found?.groups(body) }

  /// Likewise, the files with nearly the same audio.
  package func nearDuplicates(_ body: (GroupedFile) throws -> Void) throws { try near?.groups(body) }

  /// Both as reports take them.
  package var reportGroups: ReportGroups {
    ReportGroups(
      same: found.map { found in { body in try found.groups { try body($0.row, $0.begins) } } },
      near: near.map { near in { body in try near.groups { try body($0.row, $0.begins) } } })
  }
}
