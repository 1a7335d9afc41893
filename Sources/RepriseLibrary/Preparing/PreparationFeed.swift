internal import Foundation
internal import RepriseSystem

/// Hands out files that are to be prepared, leaving out what is done, and takes what became of them.
struct PreparationFeed: Sendable {
  /// A file on its way through a worker.
  struct Job: Sendable {
    var item: PreparationItem
    /// Its absolute path.
    let key: RawPath
    let stamp: FileStamp
    /// By the clock that file systems stamp with.
    let seen = Int64(Date().timeIntervalSince1970 * 1e9)
  }

  private let run: LibraryPreparation
  private let failed: @Sendable (RawPath, String) -> Void
  private let page = Monitor<(items: ArraySlice<PreparationItem>, last: Int)>(([], 0))

  init(_ run: LibraryPreparation, failed: @escaping @Sendable (RawPath, String) -> Void) {
    self.run = run
    self.failed = failed
  }

  /// The next file that a worker is to prepare; nil at the end.
  func next(check: () throws -> Void) throws -> Job? {
    while let item = try take() {
      try check()
      if item.need == .none {
        var item = item
        item.state = .kept
        try run.settle(item) { $0.kept += 1 }
      } else if run.folder.holds(item.source) {
        try fail(
          item, .trouble, "is in \(run.folder.path) itself, where outputs go; leave it out, or name another folder")
      } else if let stamp = FileStamp(at: item.source) {
        let job = Job(item: item, key: Self.absolute(item.source), stamp: stamp)
        if try !isDone(job) { return job }
      } else {
        try fail(item, .trouble, "is gone since it was checked; run it again")
      }
    }
    return nil
  }

  private func take() throws -> PreparationItem? {
    try page.withLock { page in
      if page.items.isEmpty {
        page.items = try run.list.page(after: page.last)[...]
        page.last = page.items.last?.place ?? page.last
      }
      return page.items.popFirst()
    }
  }

  /// Whether an earlier run made what this one would, and nobody has touched either file since.
  private func isDone(_ job: Job) throws -> Bool {
    for row in try run.ledger.rows(of: job.key) {
      guard row.terms == run.terms.words, row.sourceStamp == job.stamp else { continue }
      if let ends = row.ends, (try? RawFile(job.item.source).endsDigest()) != ends { continue }
      var item = job.item
      item.words = row.facts
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

  func request(_ job: Job) throws -> PrepareRequest {
    let base = job.item.base
    let taken = try Self.formats.filter { try !mayName("\(base).\($0)") }
    return PrepareRequest(
      source: Data(job.item.source.bytes), staged: "\(run.folder.work)/\(job.item.place)",
      shown: run.folder.place(of: base), taken: taken, copies: job.item.need == .changeOrCopy)
  }

  private func mayName(_ output: String) throws -> Bool {
    switch try run.ledger.standing(of: output) {
    case .nothing, .ours: true
    case .changed, .foreign: run.terms.replacing
    }
  }

  func finish(_ job: Job, _ outcome: PreparationDriver<Job>.Outcome) throws {
    var item = job.item
    switch outcome {
    case .lost(let words):
      run.folder.discard(item.place)
      try fail(item, .audio, words)
    case .answered(let answer):
      if let failure = answer.failure {
        guard failure != .full else { throw ScanError(.noRoom, answer.words) }
        return try fail(item, failure, answer.words)
      }
      guard FileStamp(at: item.source) == job.stamp else {
        run.folder.discard(item.place)
        return try fail(item, .trouble, "was changed while it was prepared; run it again")
      }
      guard let made = answer.made else {
        try keep(job, output: "", stamp: job.stamp, digest: [], facts: [])
        item.state = .kept
        return try run.settle(item) { $0.kept += 1 }
      }
      item.words = [UInt8](try JSONEncoder().encode(made.facts))
      item.output = "\(item.base).\(made.facts.format)"
      do {
        try name(made, job, item)
      } catch let error as FileError where !error.isOutOfRoom {
        run.folder.discard(item.place)
        let words = error.code == .exists ? Self.standsThere(run.folder.place(of: item.output)) : error.description
        item.output = ""
        return try fail(item, .trouble, words)
      } catch let error as ScanError where error.code == .place {
        run.folder.discard(item.place)
        item.output = ""
        return try fail(item, .trouble, error.description)
      } catch let error as FileError {
        throw ScanError(.noRoom, "\(error.path): the disk is full; free some space, and the same command goes on")
      }
      item.state = .made
      try run.settle(item) { $0.made += 1 }
    }
  }

  /// Puts a whole file in its place; the record knows of it before and after.
  private func name(_ made: PrepareAnswer.Made, _ job: Job, _ item: PreparationItem) throws {
    guard let staged = FileStamp(at: RawPath(made.path)) else {
      throw FileError(.missing, path: made.path, doing: "read")
    }
    let standing = try run.ledger.standing(of: item.output)
    let replaces = standing == .ours || standing != .nothing && run.terms.replacing
    guard standing == .nothing || replaces else {
      throw FileError(.exists, path: run.folder.place(of: item.output))
    }
    let row = try row(job, output: item.output, stamp: staged, digest: [UInt8](made.digest), facts: item.words)
    try run.ledger.begin(row)
    try run.folder.name(made.path, as: item.output, replacing: replaces)
    guard case .some(.some(let stamp)) = run.folder.stamp(of: item.output) else {
      throw FileError(.missing, path: run.folder.place(of: item.output), doing: "read")
    }
    try keep(job, output: item.output, stamp: stamp, digest: row.digest, facts: row.facts)
  }

  private func keep(_ job: Job, output: String, stamp: FileStamp, digest: [UInt8], facts: [UInt8]) throws {
    try run.ledger.keep(try row(job, output: output, stamp: stamp, digest: digest, facts: facts))
  }

  private func row(
    _ job: Job, output: String, stamp: FileStamp, digest: [UInt8], facts: [UInt8]
  ) throws -> PreparedLedger.Row {
    let (isTrusted, rested) = run.trust.withLock { $0.judge(job.stamp, at: job.item.source, seen: job.seen) }
    // What changed a moment before it was read may change again unseen: such a stamp is no file's.
    let source =
      rested
      ? job.stamp : FileStamp(device: job.stamp.device, number: job.stamp.number, size: -1, modified: 0, changed: 0)
    return PreparedLedger.Row(
      source: job.key, output: output, terms: run.terms.words, sourceStamp: source,
      ends: isTrusted ? nil : try RawFile(job.item.source).endsDigest(), outputStamp: stamp, digest: digest,
      facts: facts)
  }

  private func fail(_ item: PreparationItem, _ kind: PrepareAnswer.Failure, _ words: String) throws {
    var item = item
    item.state = .failed
    item.words = Array(words.utf8)
    try run.settle(item) { if kind == .audio { $0.unfit += 1 } else { $0.troubles += 1 } }
    failed(item.source, words)
  }

  /// What is said of an output that is not ours to replace.
  static func standsThere(_ path: String) -> String {
    "\(path): stands there and is not as an earlier run made it; move it away, or replace it with --force"
  }

  private static func absolute(_ path: RawPath) -> RawPath {
    if path.bytes.first == UInt8(ascii: "/") { return path }
    return VisitedFolders.realPath(RawPath(".")).map { RawPath($0).appending(path.bytes) } ?? path
  }
}
