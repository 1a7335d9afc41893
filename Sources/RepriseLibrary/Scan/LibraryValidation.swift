package import RepriseAudio
internal import Foundation
package import RepriseSystem

/// The closure by which the results of a scan are presented.
package struct ScanRendering: Sendable {
  /// Returns the record of an inspection, one line of JSON without its end, and the displayed rows, each with its end.
  package let inspection: @Sendable (Inspection) throws -> (record: [UInt8], rows: String)

  /// Creates a rendering.
  ///
  /// - Parameter inspection: A closure that returns the record and the rows of an inspection.
  package init(inspection: @escaping @Sendable (Inspection) throws -> (record: [UInt8], rows: String)) {
    self.inspection = inspection
  }

  /// Returns the response for a file that was not checked by a worker.
  func response(_ inspection: Inspection) throws -> CheckResponse {
    CheckResponse(inspection, rendered: try self.inspection(inspection))
  }

  /// Returns the response for a file whose check gave none.
  func response(_ request: CheckRequest, lost loss: WorkerLoss) throws -> CheckResponse {
    var response = try response(
      Inspection(
        failed: AudioFileError(path: request.path.text, loss.problem), bytes: request.stamp.map { Int($0.size) }))
    response.isLost = true
    return response
  }
}

/// A validation of a library, which checks every file in worker processes, uses cached responses, searches for files
/// with the same audio, and delivers results in the order of the paths' bytes.
package struct LibraryValidation: Sendable {
  /// Files and directories.
  package var paths: [RawPath]
  /// Lists of further files and directories, each path ending with a zero byte; `-` is stdin.
  package var lists: [String] = []
  /// The rules that decide which items below directories are left out.
  package var rules = DirectoryWalk.Rules()
  /// Directories that are not walked through, whatever path leads to them.
  package var leftOut: [RawPath] = []
  /// The options of the checks.
  package var options: ScanOptions
  /// Number of files that are checked at once, each in a worker of its own.
  package var width: Int
  /// The maximum time for one file.
  package var timeout: Duration
  /// The command line of a worker: the program and its arguments.
  package var worker: [String]
  /// The results of earlier scans.
  package var cache: ValidationCache?
  /// `true` to search for files with the same audio.
  package var findsDuplicates = true
  /// The program that makes the fingerprints by which nearly the same audio is found; `nil` to leave that out.
  package var fingerprinter: Fingerprinter?

  /// Creates a validation of everything below these paths; links to directories are followed.
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
  /// A message during a scan.
  package enum Remark: Sendable {
    /// A directory that can't be read.
    case unreadable(FileError)
    /// The cache failed; the scan goes on without it.
    case cacheFailed(ScanError)
    /// Number of files that were not compared with others, because reading one took longer than `timeout`.
    case notCompared(count: Int, timeout: Duration)
    /// Number of files that have no fingerprint, and the most frequent reasons.
    case notFingerprinted(count: Int, why: [LostFingerprints])
  }

  /// Checks every file.
  ///
  /// - Parameters:
  ///   - progress: The progress, which is updated during the scan.
  ///   - rendering: The closure that makes records and rows of files without a worker's response; the worker makes all
  ///     others.
  ///   - remark: A closure that is called with each problem, from any thread.
  ///   - each: A closure that is called with each file and the response to its check, in the order of the paths' bytes,
  ///     on a thread of its own.
  /// - Returns: The outcome of the scan.
  /// - Throws: `ScanError`, `FileError` for a list that can't be read, the errors that `each` throws,
  ///   `CancellationError`.
  package func run(
    progress: ScanProgress, rendering: ScanRendering, remark: @escaping @Sendable (Remark) -> Void,
    each: @escaping @Sendable (ScannedFile, CheckResponse) throws -> Void
  ) async throws -> ScanOutcome {
    let queue = WorkQueue<CheckRequest>(capacity: width * 32)
    let results = ReorderBuffer<ScanEntry>(directory: Directories.temporary())
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
          var reported = 0
          while let entries = try results.take(check: { try cancellation.check() }) {
            for entry in entries {
              try each(
                ScannedFile(path: entry.path, record: entry.response.record, isOther: entry.isOther), entry.response)
            }
            try duplicates?.add(entries, from: reported)
            try near?.add(entries, from: reported)
            reported += entries.count
            tally.withLock { tally in for entry in entries { tally.count(entry) } }
            progress.update {
              $0.done += entries.count
              $0.cached += entries.count(where: \.isCached)
            }
          }
        }
      }
      defer { session.flush() }
      // The first task that fails ends the others; waitForAll would wait for them.
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

  /// Returns the number of files below the directories that were named, without examining any; blocks.
  ///
  /// - Parameter check: A closure that is called for every file, and throws to stop.
  /// - Returns: `nil` if there are lists, which can be read only once.
  /// - Throws: The errors that `check` throws.
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
  /// The response to a check, with a flag for one that was known already.
  struct Checked: Sendable {
    let response: CheckResponse
    let isCached: Bool
  }

  /// Creates workers that check the files of a queue.
  ///
  /// - Parameters:
  ///   - command: The program that is a worker, and its arguments.
  ///   - options: The options of the checks.
  ///   - timeout: The maximum time for one file.
  ///   - queue: The files.
  ///   - finish: A closure that is called with the outcome of each check, on the threads that drive workers.
  /// - Returns: The pool of workers.
  /// - Throws: `EncodingError` if the options can't be encoded.
  static func pool(
    _ command: [String], options: ScanOptions, timeout: Duration, queue: WorkQueue<CheckRequest>,
    finish: @escaping @Sendable (CheckRequest, Result<Checked, WorkerLoss>) throws -> Void
  ) throws -> WorkerPool<CheckRequest, Checked> {
    WorkerPool(
      program: WorkerProgram(
        command: command, greeting: greeting, opening: [UInt8](try JSONEncoder().encode(options))),
      timeout: timeout, depth: options.depth <= .structure ? 12 : 1,
      next: { waits, check in waits ? try queue.take(check: check) : queue.take() },
      request: { Request($0).encoded },
      decode: { request, bytes in
        switch Response(encoded: bytes) {
        case .checked(let response)?: Checked(response: response, isCached: false)
        // Only a file whose earlier digest was sent to the worker can be unchanged.
        case .unchanged?: request.known.map { Checked(response: $0, isCached: true) }
        case nil: nil
        }
      }, finish: finish)
  }
}

/// The outcome of a scan.
package struct ScanOutcome: Sendable {
  /// The numbers of files, groups and seconds.
  package let summary: ScanSummary
  let found: Duplicates?
  let near: NearDuplicates?

  /// Calls a closure with the files with the same audio, group by group, in the order of the groups' first files.
  package func duplicates(_ body: (GroupedFile) throws -> Void) throws { try found?.groups(body) }

  /// Calls a closure with the files with nearly the same audio, in the order of ``duplicates(_:)``.
  package func nearDuplicates(_ body: (GroupedFile) throws -> Void) throws { try near?.groups(body) }

  /// Both kinds of groups, in the form that reports take.
  package var reportGroups: ReportGroups {
    ReportGroups(
      same: found.map { found in { body in try found.groups { try body($0.row, $0.startsGroup) } } },
      near: near.map { near in { body in try near.groups { try body($0.row, $0.startsGroup) } } })
  }
}
