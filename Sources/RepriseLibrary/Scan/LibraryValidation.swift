package import RepriseAudio
internal import Foundation
package import RepriseSystem

/// How the results of a scan are put into words, by whoever prints them.
package struct ScanRendering: Sendable {
  /// The record of an inspection, one line of JSON without its end, and the rows that people read, each with its end.
  package let inspection: @Sendable (Inspection) throws -> (record: [UInt8], rows: String)

  /// Creates a rendering.
  ///
  /// - Parameter inspection: makes the record and the rows of an inspection.
  package init(inspection: @escaping @Sendable (Inspection) throws -> (record: [UInt8], rows: String)) {
    self.inspection = inspection
  }

  /// The response for a file that was not checked by a worker.
  func response(_ inspection: Inspection) throws -> CheckResponse {
    CheckResponse(inspection, rendered: try self.inspection(inspection))
  }

  /// The response for a file whose check gave none.
  func response(_ request: CheckRequest, lost loss: WorkerLoss) throws -> CheckResponse {
    var response = try response(
      Inspection(
        failed: AudioFileError(path: request.path.text, loss.problem), bytes: request.stamp.map { Int($0.size) }))
    response.isLost = true
    return response
  }
}

/// Checks every file of a library in worker processes, believes what the cache knows, looks for files with the same
/// audio, and hands out results in the order of the paths' bytes.
package struct LibraryValidation: Sendable {
  /// Files and directories.
  package var paths: [RawPath]
  /// Lists of further ones, each path ending with a zero byte; `-` is stdin.
  package var lists: [String] = []
  /// What is left out below directories.
  package var rules = FolderWalk.Rules()
  /// Directories that are not walked through, wherever they are come upon.
  package var leftOut: [RawPath] = []
  /// How files are checked.
  package var options: ScanOptions
  /// How many files at once, each in a worker of its own.
  package var width: Int
  /// The longest that a file may take.
  package var timeout: Duration
  /// The program that is a worker, and its arguments.
  package var worker: [String]
  /// Results of earlier scans.
  package var cache: ValidationCache?
  /// Whether files with the same audio are looked for.
  package var findsDuplicates = true
  /// What makes the fingerprints by which nearly the same audio is found; `nil` leaves that out.
  package var fingerprinter: Fingerprinter?

  /// A scan of everything below these paths; links to directories are followed.
  package init(paths: [RawPath], options: ScanOptions, width: Int, timeout: Duration, worker: [String]) {
    self.paths = paths
    self.options = options
    self.width = width
    self.timeout = timeout
    self.worker = worker
    rules.followsLinks = true
  }
}

extension LibraryValidation {
  /// What is told while a scan is under way.
  package enum Remark: Sendable {
    /// A directory that can't be read.
    case unreadable(FileError)
    /// The cache failed; the scan goes on without it.
    case cacheFailed(ScanError)
    /// So many files were not compared with others, since reading one took longer than a file may.
    case notCompared(count: Int, timeout: Duration)
    /// So many files have no fingerprint, and the most frequent reasons.
    case notFingerprinted(count: Int, why: [LostFingerprints])
  }

  /// Checks everything.
  ///
  /// - Parameters:
  ///   - progress: is kept up to date.
  ///   - rendering: makes records and rows of files that no worker responds to; of all others the worker makes them.
  ///   - remark: is told what goes wrong on the way, from any thread.
  ///   - each: takes each file, and the response to its check, in the order of the paths' bytes, on a thread of its own.
  /// - Returns: what was found in all.
  /// - Throws: `ScanError`, `FileError` for a list that can't be read, what `each` throws, `CancellationError`.
  package func run(
    progress: ScanProgress, rendering: ScanRendering, remark: @escaping @Sendable (Remark) -> Void,
    each: @escaping @Sendable (ScannedFile, CheckResponse) throws -> Void
  ) async throws -> ScanOutcome {
    let queue = WorkQueue<CheckRequest>(capacity: width * 32)
    let results = ReorderBuffer<ScanEntry>(directory: Folders.temporary())
    let session = CacheSession(cache, options: options)
    let duplicates = findsDuplicates ? try Duplicates() : nil
    let near = try fingerprinter.map { try NearDuplicates($0) }
    let tally = Monitor(ScanSummary())
    let pool = try CheckWorker.pool(worker, options: options, timeout: timeout, queue: queue) { request, outcome in
      let checked: CheckWorker.Checked =
        switch outcome {
        case .success(let checked): checked
        case .failure(let loss):
          CheckWorker.Checked(response: try rendering.response(request, lost: loss), isCached: false)
        }
      if !checked.isCached { session.keep(request, checked.response) }
      progress.update { $0.current = request.path }
      try results.put(
        ScanEntry(request, checked.response, isCached: checked.isCached), at: request.position)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await offPool("scan.find") { cancellation in
          try ScanFeed(
            scan: self, queue: queue, results: results, session: session, progress: progress, tally: tally,
            rendering: rendering
          )
          .run(remark: remark) { try cancellation.check() }
        }
      }
      group.addTask { try await pool.run(width: width, thread: "scan.check") }
      group.addTask {
        try await offPool("scan.report") { cancellation in
          var told = 0
          while let entries = try results.take(check: { try cancellation.check() }) {
            for entry in entries {
              try each(
                ScannedFile(path: entry.path, record: entry.response.record, isOther: entry.isOther), entry.response)
            }
            try duplicates?.add(entries, from: told)
            try near?.add(entries, from: told)
            told += entries.count
            tally.withLock { tally in for entry in entries { tally.count(entry) } }
            progress.update {
              $0.done += entries.count
              $0.cached += entries.count(where: \.isCached)
            }
          }
        }
      }
      defer { session.flush() }
      // The first that fails ends the rest; waitForAll would wait for them.
      for try await _ in group {}
    }
    var summary = tally.withLock { $0 }
    if let duplicates {
      progress.update { $0.isComparing = true }
      let late = try await offPool("scan.compare") { cancellation in
        try duplicates.compare(width: width, timeout: timeout, session: session, cancellation: cancellation)
      }
      if late > 0 { remark(.notCompared(count: late, timeout: timeout)) }
      summary.duplicates = try duplicates.count()
    }
    if let near {
      try await offPool("scan.fingerprint") { cancellation in
        try duplicates?.groups { file in try near.note(file.path, isFirst: file.startsGroup) }
        try near.fingerprint(width: width, session: session, progress: progress) { try cancellation.check() }
        try near.compare { try cancellation.check() }
      }
      summary.nearDuplicates = try near.count()
      let lost = try near.lost()
      if lost.count > 0 { remark(.notFingerprinted(count: lost.count, why: lost.why)) }
    }
    if let failure = session.failure { remark(.cacheFailed(failure)) }
    return ScanOutcome(summary: summary, found: duplicates, near: near)
  }

  /// The number of files below the directories that were named, without looking at any; blocks.
  ///
  /// - Parameter check: called for every file; throws to give up.
  /// - Returns: `nil` where there are lists, which can be read but once.
  /// - Throws: what `check` throws.
  package func countFiles(check: () throws -> Void) throws -> Int? {
    guard lists.isEmpty else { return nil }
    let list = try PathList()
    try list.add(paths)
    var inputs = ScanInputs(list, rules: rules, leftOut: leftOut)
    var count = 0
    while let step = try inputs.next() {
      try check()
      if case .file = step { count += 1 }
    }
    return count
  }
}

extension CheckWorker {
  /// The response to a check, and whether it was known already.
  struct Checked: Sendable {
    let response: CheckResponse
    let isCached: Bool
  }

  /// Workers that check the files of a queue.
  ///
  /// - Parameters:
  ///   - command: the program that is a worker, and its arguments.
  ///   - options: how files are checked.
  ///   - timeout: the longest that a file may take.
  ///   - queue: the files.
  ///   - finish: takes the outcome of each check, on the threads that drive workers.
  static func pool(
    _ command: [String], options: ScanOptions, timeout: Duration, queue: WorkQueue<CheckRequest>,
    finish: @escaping @Sendable (CheckRequest, Result<Checked, WorkerLoss>) throws -> Void
  ) throws -> WorkerPool<CheckRequest, Checked> {
    WorkerPool(
      program: WorkerProgram(
        command: command, greeting: greeting, opening: [UInt8](try JSONEncoder().encode(options))),
      timeout: timeout, depth: options.depth == .structure ? 12 : 1,
      next: { waits, check in waits ? try queue.take(check: check) : queue.take() },
      request: { Request($0).encoded },
      decode: { request, bytes in
        switch Response(encoded: bytes) {
        case .checked(let response)?: Checked(response: response, isCached: false)
        // Only what was told to the worker can be unchanged.
        case .unchanged?: request.known.map { Checked(response: $0, isCached: true) }
        case nil: nil
        }
      }, finish: finish)
  }
}

/// What a scan found.
package struct ScanOutcome: Sendable {
  /// What was counted.
  package let summary: ScanSummary
  let found: Duplicates?
  let near: NearDuplicates?

  /// Hands out the files with the same audio, group by group, in the order of their first ones.
  package func duplicates(_ body: (GroupedFile) throws -> Void) throws { try found?.groups(body) }

  /// Hands out the files with nearly the same audio likewise.
  package func nearDuplicates(_ body: (GroupedFile) throws -> Void) throws { try near?.groups(body) }

  /// Both as reports take them.
  package var reportGroups: ReportGroups {
    ReportGroups(
      same: found.map { found in { body in try found.groups { try body($0.row, $0.startsGroup) } } },
      near: near.map { near in { body in try near.groups { try body($0.row, $0.startsGroup) } } })
  }
}
