internal import Foundation
internal import RepriseSystem

/// The source of the files to be prepared, which leaves out those that are done, and records the outcomes.
struct PreparationFeed: Sendable {
  /// A file on its way through a worker.
  struct Job: Sendable {
    var item: PreparationItem
    /// The file's absolute path.
    let key: RawPath
    let stamp: FileStamp
    /// Time at which the file was examined, by the clock of the file systems' time stamps.
    let seen = Int64(Date().timeIntervalSince1970 * 1e9)
  }

  private let run: LibraryPreparation
  private let report: @Sendable (RawPath, PreparationFailure) -> String
  private let page = Monitor<(items: ArraySlice<PreparationItem>, last: Int)>(([], 0))

  /// Creates a feed of a run's files.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - report: A closure that is called with each file that could not be prepared; it returns the message that is
  ///     kept of the failure.
  init(_ run: LibraryPreparation, report: @escaping @Sendable (RawPath, PreparationFailure) -> String) {
    self.run = run
    self.report = report
  }

  /// Returns the next file that a worker is to prepare; `nil` at the end.
  func next(check: () throws -> Void) throws -> Job? {
    while let item = try take() {
      try check()
      if item.need == .none {
        var item = item
        item.state = .kept
        try run.settle(item) { $0.kept += 1 }
      } else if run.directory.holds(item.source) {
        try fail(item, .isInOutputs(directory: run.directory.path))
      } else if let stamp = FileStamp(at: item.source) {
        let job = Job(item: item, key: Self.absolute(item.source), stamp: stamp)
        if try !isDone(job) { return job }
      } else {
        try fail(item, .missing)
      }
    }
    return nil
  }

  private func take() throws -> PreparationItem? {
    try page.withLock { page in
      if page.items.isEmpty {
        page.items = try run.list.page(after: page.last)[...]
        page.last = page.items.last?.position ?? page.last
      }
      return page.items.popFirst()
    }
  }

  /// Returns `true` if an earlier run made the output that this one would, and neither file has changed since.
  private func isDone(_ job: Job) throws -> Bool {
    for row in try run.ledger.rows(of: job.key) {
      guard row.terms == run.identity, row.sourceStamp == job.stamp else { continue }
      if let ends = row.ends, (try? RawFile(job.item.source).endsDigest()) != ends { continue }
      var item = job.item
      item.outcome = row.facts
      if row.output.isEmpty {
        if job.item.need == .changeOrCopy { continue }
        item.state = .kept
        try run.settle(item) { $0.kept += 1 }
        return true
      }
      guard (try? JSONDecoder().decode(PreparedFacts.self, from: Data(row.facts))) != nil,
        Self.formats.contains(where: { row.output == "\(item.base).\($0)" }),
        try run.ledger.standing(of: row.output) == .ours
      else { continue }
      item.state = .already
      item.output = row.output
      try run.settle(item) { $0.already += 1 }
      return true
    }
    return false
  }

  private static let formats = ["mp3", "wav", "flac"]

  /// Returns the request to a worker for a file.
  func request(_ job: Job) throws -> PrepareRequest {
    let base = job.item.base
    let taken = try Self.formats.filter { try !mayName("\(base).\($0)") }
    return PrepareRequest(
      source: job.item.source.bytes, staged: "\(run.directory.work)/\(job.item.position)",
      shown: run.directory.path(of: base), taken: taken, copies: job.item.need == .changeOrCopy)
  }

  private func mayName(_ output: String) throws -> Bool {
    switch try run.ledger.standing(of: output) {
    case .nothing, .ours: true
    case .changed, .foreign: run.settings.replaces
    }
  }

  /// Records a file's outcome.
  func finish(_ job: Job, _ outcome: Result<PrepareResponse, WorkerLoss>) throws {
    switch outcome {
    case .failure(let loss):
      run.directory.discard(job.item.position)
      try fail(job.item, .lost(loss))
    case .success(.failed(let kind, let message)):
      guard kind != .full else { throw ScanError(.workerOutOfRoom(message: message)) }
      try fail(job.item, .reported(kind, message: message))
    case .success where FileStamp(at: job.item.source) != job.stamp:
      run.directory.discard(job.item.position)
      try fail(job.item, .changed)
    case .success(.kept):
      try keep(job, output: "", stamp: job.stamp, digest: [], facts: [])
      var item = job.item
      item.state = .kept
      try run.settle(item) { $0.kept += 1 }
    case .success(.made(let made)): try finish(job, made)
    }
  }

  private func finish(_ job: Job, _ made: PrepareResponse.Made) throws {
    var item = job.item
    item.outcome = made.facts
    item.output = "\(item.base).\(made.format)"
    do {
      try name(made, job, item)
    } catch let error as FileError where error.isOutOfRoom {
      throw ScanError(.diskFull, path: error.path, underlying: error)
    } catch let error where error is FileError || (error as? ScanError)?.code == .output {
      run.directory.discard(item.position)
      let isTaken = (error as? FileError)?.code == .exists
      return try fail(
        job.item, isTaken ? .outputExists(path: run.directory.path(of: item.output)) : .failed(error))
    }
    item.state = .made
    try run.settle(item) { $0.made += 1 }
  }

  /// Gives a complete file its final name; the record is written before and after.
  private func name(_ made: PrepareResponse.Made, _ job: Job, _ item: PreparationItem) throws {
    guard let staged = FileStamp(at: RawPath(made.path)) else {
      throw FileError(.missing, path: made.path, doing: "read")
    }
    let standing = try run.ledger.standing(of: item.output)
    let replaces = standing == .ours || standing != .nothing && run.settings.replaces
    guard standing == .nothing || replaces else {
      throw FileError(.exists, path: run.directory.path(of: item.output))
    }
    let row = try row(job, output: item.output, stamp: staged, digest: made.digest, facts: item.outcome)
    try run.ledger.begin(row)
    try run.directory.name(made.path, as: item.output, replacing: replaces)
    guard case .some(.some(let stamp)) = run.directory.stamp(of: item.output) else {
      throw FileError(.missing, path: run.directory.path(of: item.output), doing: "read")
    }
    try keep(job, output: item.output, stamp: stamp, digest: row.digest, facts: row.facts)
  }

  private func keep(_ job: Job, output: String, stamp: FileStamp, digest: [UInt8], facts: [UInt8]) throws {
    try run.ledger.keep(try row(job, output: output, stamp: stamp, digest: digest, facts: facts))
  }

  private func row(
    _ job: Job, output: String, stamp: FileStamp, digest: [UInt8], facts: [UInt8]
  ) throws -> PreparedLedger.Row {
    let (isTrusted, isSettled) = run.policy.withLock { $0.judge(job.stamp, at: job.item.source, seen: job.seen) }
    // A file that changed a moment before it was read may change again unnoticed: record a stamp that no file has.
    let source =
      isSettled
      ? job.stamp : FileStamp(device: job.stamp.device, number: job.stamp.number, size: -1, modified: 0, changed: 0)
    return PreparedLedger.Row(
      source: job.key, output: output, terms: run.identity, sourceStamp: source,
      ends: isTrusted ? nil : try RawFile(job.item.source).endsDigest(), outputStamp: stamp, digest: digest,
      facts: facts)
  }

  private func fail(_ item: PreparationItem, _ failure: PreparationFailure) throws {
    var item = item
    item.state = .failed
    item.outcome = Array(report(item.source, failure).utf8)
    try run.settle(item) { if failure.kind == .audio { $0.unfit += 1 } else { $0.failures += 1 } }
  }

  private static func absolute(_ path: RawPath) -> RawPath {
    if path.bytes.first == UInt8(ascii: "/") { return path }
    return VisitedDirectories.realPath(RawPath(".")).map { RawPath($0).appending(path.bytes) } ?? path
  }
}
