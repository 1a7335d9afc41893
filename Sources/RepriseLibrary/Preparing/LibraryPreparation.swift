package import RepriseAudio
internal import Foundation
internal import ReprisePreparation
package import RepriseSystem

/// Prepares the files of a library that can be made to fit, in worker processes, into a directory that remembers what was
/// made of what.
///
/// Files are added as they are checked; ``run(report:)`` prepares them then.
package final class LibraryPreparation: Sendable {
  /// How far it is.
  package struct Moment: Sendable {
    /// Files that are prepared, or were by an earlier run.
    package var all = 0
    /// Of these, files that are done.
    package var done = 0
    /// The file that was done last.
    package var current: RawPath?
  }

  /// How files are prepared.
  package struct Settings: Sendable {
    /// How recordings are changed, and the limits they have to fit.
    package var terms: PreparationTerms
    /// Names the program that prepares and its version: a result is made again where it differs.
    package var checker: String
    /// The program that is a worker, and its arguments.
    package var worker: [String]
    /// How many files at once.
    package var width: Int
    /// The longest that a file may take.
    package var timeout: Duration
    /// Whether outputs that are not ours are replaced.
    package var replaces: Bool

    /// Settings of a run.
    package init(
      terms: PreparationTerms, checker: String, worker: [String], width: Int, timeout: Duration, replaces: Bool
    ) {
      self.terms = terms
      self.checker = checker
      self.worker = worker
      self.width = width
      self.timeout = timeout
      self.replaces = replaces
    }
  }

  /// Where outputs go.
  package let folder: PreparedFolder
  let list: PreparationList
  let settings: Settings
  /// What decides a result: it is made again where this differs.
  let identity: String
  let ledger: PreparedLedger
  let policy = Monitor(TimestampPolicy())
  private let state = Monitor((moment: Moment(), tally: PreparationTally()))
  private let current = FileManager.default.currentDirectoryPath

  /// A preparation into a directory; opens its record.
  ///
  /// - Parameters:
  ///   - folder: the directory.
  ///   - arguments: files and directories of the library as they were named.
  ///   - hasLists: whether further ones come from lists.
  ///   - settings: how files are prepared.
  /// - Throws: `ScanError` if the record can't be used, `DigestError` if the system has no SHA-256.
  package init(_ folder: PreparedFolder, arguments: [RawPath], hasLists: Bool, settings: Settings) throws {
    self.folder = folder
    self.settings = settings
    list = try PreparationList(names: PreparedNames(arguments: arguments, hasLists: hasLists))
    identity = settings.checker + " " + (try settings.terms.identity())
    ledger = try PreparedLedger(folder)
  }

  /// How far it is now.
  package var now: Moment { state.withLock { $0.moment } }

  /// How many files there are of each kind by now.
  package var tally: PreparationTally { state.withLock { $0.tally } }

  /// Adds a file that was checked; files come in the order of their paths.
  package func add(_ path: RawPath, verdict: Inspection.Verdict) throws {
    guard verdict != .rejected else { return }
    // What was made is no source: a cover would be bought twice.
    guard !folder.holds(path) else { return state.withLock { $0.tally.outputs += 1 } }
    let isNameable = path.isText && ![path.text, current].contains { $0.unicodeScalars.contains("\u{FFFD}") }
    let isChanged = verdict == .preparable || settings.terms.changesAll
    try list.add(path, !isNameable ? .changeOrCopy : isChanged ? .change : .none)
  }

  /// Removes what is half-made and closes the record.
  package func close() {
    folder.clean()
    ledger.close()
  }

  /// Prepares everything that was added.
  ///
  /// - Parameter report: is told each file that could not be prepared, and why, from any thread; returns the message that
  ///   records keep of it.
  /// - Throws: `ScanError`, with the code `noRoom` where the disk is full; `FileError`, `CancellationError`.
  package func run(report: @escaping @Sendable (RawPath, PreparationFailure) -> String) async throws {
    try list.flush()
    let all = try list.countWork()
    state.withLock { $0.moment.all = all }
    let feed = PreparationFeed(self, report: report)
    let pool = WorkerPool<PreparationFeed.Job, PrepareResponse>(
      program: WorkerProgram(
        command: settings.worker, greeting: PrepareWorker.greeting,
        opening: [UInt8](try JSONEncoder().encode(settings.terms))),
      timeout: settings.timeout, next: { _, check in try feed.next(check: check) },
      request: { try feed.request($0).encoded }, decode: { PrepareResponse(encoded: $1) }, finish: feed.finish)
    try await pool.run(width: min(settings.width, all), thread: "prepare.work")
    try list.index()
    let left = try ledger.countLeft { try list.lists($0) }
    state.withLock { $0.tally.left = left }
  }

  /// Hands out all files, with what became of them, in the order of their paths.
  package func forEach(_ body: (PreparationItem) throws -> Void) throws {
    var last = 0
    while true {
      let items = try list.page(after: last)
      guard let end = items.last?.position else { return }
      last = end
      for item in items { try body(item) }
    }
  }

  /// Notes what became of an item.
  func settle(_ item: PreparationItem, _ count: (inout PreparationTally) -> Void) throws {
    try list.settle(item)
    state.withLock { state in
      count(&state.tally)
      if item.need != .none {
        state.moment.done += 1
        state.moment.current = item.source
      }
    }
  }
}
