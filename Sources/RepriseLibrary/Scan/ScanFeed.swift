internal import RepriseAudio
internal import Foundation
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The thread that finds files: what the cache knows goes straight to the results, the rest to the workers.
struct ScanFeed {
  let scan: LibraryScan
  let board: ScanBoard
  let order: ResultOrder
  let desk: CacheDesk
  let progress: ScanProgress
  let tally: Monitor<ScanSummary>
  /// What people are to read of a file that is not looked at.
  let render: @Sendable (Inspection) throws -> (record: [UInt8], rows: String)

  /// Files are asked of the cache so many at a time.
  private static let batch = 128
  /// In bytes: no system takes longer ones, and those that a worker has before it all fit into a pipe, so that handing
  /// them over never waits.
  private static let longestPath = 4095

  /// Finds everything.
  func run(remark: (LibraryScan.Remark) -> Void, check: () throws -> Void) throws {
    let list = try PathList()
    try list.add(scan.paths)
    for file in scan.lists { try list.add(listIn: file, check: check) }
    var inputs = ScanInputs(list, rules: scan.rules, leftOut: scan.leftOut)
    var place = 0
    var batch: [CheckTask] = []
    while let step = try inputs.next() {
      try check()
      switch step {
      case .special: tally.withLock { $0.special += 1 }
      case .unreadable(let error):
        tally.withLock { $0.unreadableFolders += 1 }
        remark(.unreadable(error))
      case .file(let path, let stamp, let isNamed):
        batch.append(
          CheckTask(place: place, path: path, isNamed: isNamed, stamp: stamp, seen: Self.now))
        place += 1
        if batch.count == Self.batch { try pass(on: &batch, check: check) }
      }
    }
    try pass(on: &batch, check: check)
    progress.update { $0.isFoundAll = true }
    board.close()
    order.end(after: place)
  }

  private func pass(on batch: inout [CheckTask], check: () throws -> Void) throws {
    progress.update { $0.found += batch.count }
    let found = desk.look(up: batch.map { ($0.path, $0.stamp) })
    if let last = batch.last { try order.awaitRoom(for: last.place, check: check) }
    var known: [(place: Int, result: CheckResult)] = []
    var unknown: [CheckTask] = []
    for (task, found) in zip(batch, found) {
      switch found {
      case .nothing where task.path.bytes.count > Self.longestPath:
        let inspection = Inspection(failed: FileError(errno: ENAMETOOLONG, path: task.path.text, doing: "read"))
        let result = CheckResult(
          path: task.path, isNamed: task.isNamed, isCached: false, stamp: task.stamp,
          answer: CheckAnswer(inspection, rendered: try render(inspection)))
        known.append((task.place, result))
      case .nothing: unknown.append(task)
      case .known(let answer):
        var task = task
        task.known = answer
        unknown.append(task)
      case .holds(let answer):
        let result = CheckResult(
          path: task.path, isNamed: task.isNamed, isCached: true, stamp: task.stamp, answer: answer)
        known.append((task.place, result))
      }
    }
    if !known.isEmpty { try order.put(known) }
    for task in unknown { try board.add(task, check: check) }
    batch = []
  }

  /// By the clock that file systems stamp with.
  private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1e9) }
}
