internal import Foundation
package import RepriseSystem

/// Prepares the files of a list, in worker processes, into a folder that remembers what was made of what.
package final class LibraryPreparation: Sendable {
  /// How far it is.
  package struct Moment: Sendable {
    /// Files that are prepared or looked at again, and how many of them are done.
    package var all = 0
    package var done = 0
    package var current: RawPath?
  }

  /// How files are prepared.
  package struct Terms: Sendable {
    /// What decides the result, in words: a result is made again where they differ.
    package var words: String
    /// What a worker is told first.
    package var opening: [UInt8]
    /// The program that is a worker, and its arguments.
    package var worker: [String]
    /// How many files at once.
    package var width: Int
    /// The longest that a file may take.
    package var timeout: Duration
    /// Whether outputs that are not ours are replaced.
    package var replacing: Bool

    /// Terms of a run.
    package init(
      words: String, opening: [UInt8], worker: [String], width: Int, timeout: Duration, replacing: Bool
    ) {
      self.words = words
      self.opening = opening
      self.worker = worker
      self.width = width
      self.timeout = timeout
      self.replacing = replacing
    }
  }

  /// Where outputs go.
  package let folder: PreparedFolder
  /// The files.
  package let list: PreparationList
  let terms: Terms
  let ledger: PreparedLedger
  let trust = Monitor(StampTrust())
  private let state = Monitor((moment: Moment(), tally: PreparationTally()))

  /// A preparation into a folder; opens its record.
  package init(_ folder: PreparedFolder, list: PreparationList, terms: Terms) throws {
    self.folder = folder
    self.list = list
    self.terms = terms
    ledger = try PreparedLedger(folder)
  }

  /// How far it is now.
  package var now: Moment { state.withLock { $0.moment } }

  /// How many there are of each kind by now.
  package var tally: PreparationTally { state.withLock { $0.tally } }

  /// Whether what is not ours is replaced.
  package var replaces: Bool { terms.replacing }

  /// Whether a manifest with that digest was written here by an earlier run.
  package func knows(manifest digest: String) throws -> Bool { try ledger.knows(manifest: digest) }

  /// Notes the digest of a manifest, before it gets its name and after.
  package func note(manifest digest: String, isNamed: Bool) throws {
    try ledger.note(manifest: digest, isNamed: isNamed)
  }

  /// Removes what is half-made and closes the record.
  package func close() {
    folder.clean()
    ledger.close()
  }

  /// Prepares everything in the list.
  ///
  /// - Parameter failed: is told each file that could not be prepared, and why, from any thread.
  /// - Throws: `ScanError`, with `.noRoom` where the disk is full; `FileError`, `CancellationError`.
  package func run(failed: @escaping @Sendable (RawPath, String) -> Void) async throws {
    let all = try list.countWork()
    state.withLock { $0.moment.all = all }
    let feed = PreparationFeed(self, failed: failed)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<max(1, min(terms.width, all)) {
        group.addTask { [self] in
          try await offPool("reprise prepare: drive") { [self] cancellation in
            let driver = PreparationDriver<PreparationFeed.Job>(
              command: terms.worker, opening: terms.opening, timeout: terms.timeout,
              next: {
                try cancellation.check()
                return try feed.next { try cancellation.check() }
              }, request: feed.request, finish: feed.finish)
            try driver.run(cancellation: cancellation)
          }
        }
      }
      for try await _ in group {}
    }
    try list.index()
    let left = try ledger.countLeft { try list.lists($0) }
    state.withLock { $0.tally.left = left }
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
