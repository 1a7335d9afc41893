internal import RepriseAudio
internal import Foundation
internal import RepriseSystem

/// One thread's work: a worker that is given files and listened to, and another one once that has crashed or hangs.
struct CheckDriver {
  /// The program that checks, and its arguments.
  let command: [String]
  let terms: CheckTerms
  /// For one file.
  let timeout: Duration
  /// Makes the record and the rows of a file that cannot be looked at.
  let render: @Sendable (Inspection) throws -> (record: [UInt8], rows: String)
  let board: ScanBoard
  /// Takes each file that is done.
  let finish: @Sendable (CheckTask, CheckAnswer, Bool) throws -> Void

  /// How many files a worker is given at once, so that it need not wait for us between two quick ones.
  private var depth: Int { terms.depth == .quick ? 12 : 1 }

  /// Works until the board is empty and closed.
  func run(cancellation: Cancellation) throws {
    var underWay: [CheckTask] = []
    while let first = try underWay.first ?? board.take(check: { try cancellation.check() }) {
      if underWay.isEmpty { underWay.append(first) }
      try serve(&underWay, cancellation)
    }
  }

  /// One worker's life; what it leaves undone is still in `underWay` then.
  private func serve(_ underWay: inout [CheckTask], _ cancellation: Cancellation) throws {
    var worker = try WorkerProcess.greeted(command, by: CheckWorker.greeting) { try cancellation.check() }
    _ = worker.send([UInt8](try JSONEncoder().encode(terms)))
    for task in underWay { _ = worker.send(request(task)) }
    // Not while the machine sleeps.
    var began = SuspendingClock.now
    while true {
      try cancellation.check()
      if underWay.count <= depth / 2 {
        while underWay.count < depth, let task = board.take() {
          if underWay.isEmpty { began = .now }
          underWay.append(task)
          _ = worker.send(request(task))
        }
      }
      guard let current = underWay.first else {
        guard let task = try board.take(check: { try cancellation.check() }) else { return }
        began = .now
        underWay.append(task)
        _ = worker.send(request(task))
        continue
      }
      let left = timeout - began.duration(to: .now)
      switch worker.receive(within: Int32(min(100, max(0, left / .milliseconds(1))).rounded(.up))) {
      case .frame(let frame):
        guard try take(frame, of: current) else { return try lose(&underWay, to: worker.end(killing: true)) }
        underWay.removeFirst()
        began = .now
      case .nothing:
        guard left <= .zero else { continue }
        _ = worker.end(killing: true)
        underWay.removeFirst()
        return try fail(current, .checkTimedOut(seconds: timeout.secondsText))
      case .end: return try lose(&underWay, to: worker.end(killing: true))
      }
    }
  }

  private func request(_ task: CheckTask) -> [UInt8] {
    CheckWorker.Request(path: task.path.bytes, known: task.known?.content ?? []).encoded
  }

  /// - Returns: false if the worker talks nonsense.
  private func take(_ frame: ArraySlice<UInt8>, of task: CheckTask) throws -> Bool {
    var reader = ByteReader(frame)
    switch reader.number().flatMap(CheckWorker.Answer.init(rawValue:)) {
    case .unchanged:
      guard let known = task.known else { return false }
      try finish(task, known, true)
    case .checked:
      guard let bytes = reader.bytes(), let answer = CheckAnswer(bytes[...]) else { return false }
      try finish(task, answer, false)
    case nil: return false
    }
    return true
  }

  /// The worker is gone. The file it was at gets another chance, in case it was the worker that was ended and not the
  /// file that ended it; the rest was not begun.
  private func lose(_ underWay: inout [CheckTask], to end: WorkerProcess.End) throws {
    guard let first = underWay.first else { return }
    underWay[0].crashes += 1
    guard underWay[0].crashes == 2 else { return }
    underWay.removeFirst()
    try fail(first, .checkerCrashed(how: end.words))
  }

  private func fail(_ task: CheckTask, _ problem: AudioFileProblem) throws {
    let inspection = Inspection(
      failed: AudioFileError(path: task.path.text, problem), bytes: task.stamp.map { Int($0.size) })
    var answer = CheckAnswer(inspection, rendered: try render(inspection))
    answer.isCrash = true
    try finish(task, answer, false)
  }
}
