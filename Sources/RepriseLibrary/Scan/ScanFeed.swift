internal import RepriseAudio
internal import Foundation
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The thread that finds files, and passes those in the cache straight to the results, the others to the workers.
struct ScanFeed {
  let scan: LibraryValidation
  let queue: WorkQueue<CheckRequest>
  let results: ReorderBuffer<ScanEntry>
  let session: CacheSession
  let progress: ScanProgress
  let tally: Monitor<ScanSummary>
  /// The closure that makes the record and rows of a file that is not checked.
  let rendering: ScanRendering

  /// Number of files that are looked up in the cache at once.
  private static let batchSize = 128
  /// Maximum length of a path in bytes.
  ///
  /// No system takes longer ones, and all paths that a worker holds before it responds fit into a pipe, so that sending
  /// them never blocks.
  static let longestPath = 4095

  /// Finds all files.
  ///
  /// - Parameters:
  ///   - remark: A closure that is called with directories that can't be read.
  ///   - check: A closure that is called for every file and while waiting, and throws to stop.
  /// - Throws: `ScanError`, `FileError`, `DatabaseError` if the temporary database fails, the errors that `check`
  ///   throws.
  func run(remark: (LibraryValidation.Remark) -> Void, check: () throws -> Void) throws {
    let list = try PathList()
    try list.add(scan.paths)
    for file in scan.lists { try list.add(listIn: file, check: check) }
    var inputs = ScanInputs(list, rules: scan.rules, leftOut: scan.leftOut)
    var position = 0
    var batch: [CheckRequest] = []
    while let step = try inputs.next() {
      try check()
      switch step {
      case .special: tally.withLock { $0.special += 1 }
      case .unreadable(let error):
        tally.withLock { $0.unreadableDirectories += 1 }
        remark(.unreadable(error))
      case .file(let path, let stamp, let isNamed):
        batch.append(CheckRequest(position: position, path: path, isNamed: isNamed, stamp: stamp, seen: Self.now))
        position += 1
        if batch.count == Self.batchSize { try pass(on: &batch, check: check) }
      }
    }
    try pass(on: &batch, check: check)
    progress.update { $0.isFoundAll = true }
    queue.close()
    results.end(after: position)
  }

  private func pass(on batch: inout [CheckRequest], check: () throws -> Void) throws {
    progress.update { $0.found += batch.count }
    let found = session.look(up: batch.map { ($0.path, $0.stamp) })
    if let last = batch.last { try results.awaitRoom(for: last.position, check: check) }
    var known: [(position: Int, element: ScanEntry)] = []
    var unknown: [CheckRequest] = []
    for (request, found) in zip(batch, found) {
      switch found {
      case .nothing where request.path.bytes.count > Self.longestPath:
        let inspection = Inspection(failed: FileError(errno: ENAMETOOLONG, path: request.path.text, doing: "read"))
        known.append(
          (request.position, ScanEntry(request, try rendering.response(inspection), isCached: false)))
      case .nothing: unknown.append(request)
      case .known(let response):
        var request = request
        request.known = response
        unknown.append(request)
      case .holds(let response): known.append((request.position, ScanEntry(request, response, isCached: true)))
      }
    }
    if !known.isEmpty { try results.put(known) }
    for request in unknown { try queue.add(request, check: check) }
    batch = []
  }

  /// The current time, by the clock of the file systems' time stamps.
  private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1e9) }
}
