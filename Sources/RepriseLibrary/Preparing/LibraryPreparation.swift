package import RepriseAudio
internal import Foundation
internal import ReprisePreparation
package import RepriseSystem

/// A preparation of the files of a library that can be made to fit, in worker processes, into a directory with a record
/// of the source of each output.
///
/// Files are added as they are checked; ``run(report:)`` prepares them then.
package final class LibraryPreparation: Sendable {
  /// The progress of a preparation at one moment.
  package struct Moment: Sendable {
    /// Number of files that are to be prepared, or were prepared by an earlier run.
    package var all = 0
    /// Number of files of `all` that are done.
    package var done = 0
    /// The file that was done last.
    package var current: RawPath?
  }

  /// The settings of a preparation.
  package struct Settings: Sendable {
    /// The options and the limits that recordings are prepared by.
    package var terms: PreparationTerms
    /// The program that prepares and its version: a result of another one is made again.
    package var checker: String
    /// The command line of a worker: the program and its arguments.
    package var worker: [String]
    /// Number of files that are prepared at once.
    package var width: Int
    /// The maximum time for one file.
    package var timeout: Duration
    /// `true` if outputs that an earlier run did not make are replaced.
    package var replaces: Bool

    /// Creates the settings of a run.
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

  /// The directory of the outputs.
  package let directory: PreparedDirectory
  let list: PreparationList
  let settings: Settings
  /// A text that identifies everything a result depends on: a result is made again if the text differs.
  let identity: String
  let ledger: PreparedLedger
  let policy = Monitor(TimestampPolicy())
  private let state = Monitor((moment: Moment(), tally: PreparationTally()))
  private let current = FileManager.default.currentDirectoryPath

  /// Creates a preparation into a directory, and opens the directory's record.
  ///
  /// - Parameters:
  ///   - directory: The directory.
  ///   - arguments: Files and directories of the library as they were named.
  ///   - hasLists: `true` if further ones come from lists.
  ///   - settings: The settings of the preparation.
  /// - Throws: `ScanError` if the record can't be used, `DigestError` if the system has no SHA-256.
  package init(_ directory: PreparedDirectory, arguments: [RawPath], hasLists: Bool, settings: Settings) throws {
    self.directory = directory
    self.settings = settings
    list = try PreparationList(names: PreparedNames(arguments: arguments, hasLists: hasLists))
    identity = settings.checker + " " + (try settings.terms.identity())
    ledger = try PreparedLedger(directory)
  }

  /// The current progress.
  package var now: Moment { state.withLock { $0.moment } }

  /// The current number of files of each kind.
  package var tally: PreparationTally { state.withLock { $0.tally } }

  /// Adds a file that was checked; files come in the order of their paths.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - verdict: The verdict on it.
  ///   - isDamaged: `true` if it was rejected, and audio in it is damaged or missing.
  /// - Throws: `ScanError` if the list cannot be written.
  package func add(_ path: RawPath, verdict: Inspection.Verdict, isDamaged: Bool = false) throws {
    let isSalvaged = isDamaged && settings.terms.salvages
    guard verdict != .rejected || isSalvaged else { return }
    // An output is not a source: a cover would be bought twice.
    guard !directory.holds(path) else { return state.withLock { $0.tally.outputs += 1 } }
    let isNameable = path.isText && ![path.text, current].contains { $0.unicodeScalars.contains("\u{FFFD}") }
    let isChanged = verdict != .ready || settings.terms.changesAll
    try list.add(path, !isNameable ? .changeOrCopy : isChanged ? .change : .none)
  }

  /// Removes incomplete outputs and closes the record.
  package func close() {
    directory.clean()
    ledger.close()
  }

  /// Prepares everything that was added.
  ///
  /// - Parameter report: A closure that is called with each file that could not be prepared, and the reason, from any
  ///   thread; it returns the message that records keep of the failure.
  /// - Throws: `ScanError`, with the code `noRoom` if the disk is full; `FileError`, `CancellationError`.
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

  /// Calls a closure with all files and their outcomes, in the order of the files' paths.
  package func forEach(_ body: (PreparationItem) throws -> Void) throws {
    var last = 0
    while true {
      let items = try list.page(after: last)
      guard let end = items.last?.position else { return }
      last = end
      for item in items { try body(item) }
    }
  }

  /// Records an item's outcome.
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
