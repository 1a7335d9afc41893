package import RepriseAudio
internal import RepriseSystem

/// A program that runs as a worker: what starts it, and what is said before the first request.
struct WorkerProgram: Sendable {
  /// The program and its arguments.
  let command: [String]
  /// What a worker says first, so that one that fails to start isn't mistaken for a request that crashes it.
  let greeting: [UInt8]
  /// What a worker is told first: settings that hold for all requests.
  let opening: [UInt8]
}

/// Why a worker gave no response to a request.
package enum WorkerLoss: Error, Sendable, Equatable, CustomStringConvertible {
  /// The request took longer than it may; its worker was killed.
  case timedOut(after: Duration)
  /// The request ended two workers; how the second one ended.
  case crashed(ProcessExit)

  /// What happened, in short.
  package var description: String {
    switch self {
    case .timedOut(let duration): "not finished within \(duration.secondsText) s"
    case .crashed(let exit): "ended its worker twice (\(exit))"
    }
  }
}

extension WorkerLoss {
  /// The loss of a check, as the inspection of its file tells it.
  package var problem: AudioFileProblem {
    switch self {
    case .timedOut(let duration): .checkTimedOut(seconds: duration.secondsText)
    case .crashed(let exit): .checkerCrashed(how: "\(exit)")
    }
  }
}

/// Worker processes that respond to requests, each one driven by a thread of ours.
///
/// A worker is killed when a request takes too long. When it ends, the request it was at gets another chance with a new
/// worker, in case it was the worker that was ended and not the request that ended it; after the second time the request
/// is lost. Requests that a worker had received and not begun go to the next one.
struct WorkerPool<Job: Sendable, Response: Sendable>: Sendable {
  /// What is run.
  let program: WorkerProgram
  /// The longest that one request may take.
  let timeout: Duration
  /// How many requests a worker holds at once, so that it need not wait for us between two quick ones. At least 1.
  var depth = 1
  /// The next job. If `waits`, blocks until there is one and returns `nil` once nothing more comes; otherwise returns
  /// `nil` where there is none now. Calls `check` while it waits, which throws to give up.
  let next: @Sendable (_ waits: Bool, _ check: () throws -> Void) throws -> Job?
  /// The bytes of a job's request.
  let request: @Sendable (Job) throws -> [UInt8]
  /// The response to a job; `nil` for bytes that are none, after which the worker is not trusted any further.
  let decode: @Sendable (Job, ArraySlice<UInt8>) -> Response?
  /// Takes what became of a job.
  let finish: @Sendable (Job, Result<Response, WorkerLoss>) throws -> Void

  private struct Pending {
    let job: Job
    /// How many workers it has ended.
    var crashes = 0
  }

  /// Runs workers until no job is left.
  ///
  /// - Parameters:
  ///   - width: how many workers at once.
  ///   - thread: the name of the threads that drive them.
  /// - Throws: `ScanError` if no worker can be started, what the closures throw, `CancellationError`.
  func run(width: Int, thread: String) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<max(1, width) {
        group.addTask { try await offPool(thread) { try drive($0) } }
      }
      // The first that fails ends the rest; waitForAll would wait for them.
      for try await _ in group {}
    }
  }

  /// One thread's work: a worker, and another one once that has crashed or hangs.
  private func drive(_ cancellation: Cancellation) throws {
    var pending: [Pending] = []
    while true {
      if pending.isEmpty {
        guard let job = try next(true, { try cancellation.check() }) else { return }
        pending.append(Pending(job: job))
      }
      try serve(&pending, cancellation)
    }
  }

  /// One worker's life; what it leaves undone is still in `pending` then.
  private func serve(_ pending: inout [Pending], _ cancellation: Cancellation) throws {
    var worker = try WorkerProcess.greeted(program) { try cancellation.check() }
    _ = worker.send(program.opening)
    for entry in pending { _ = worker.send(try request(entry.job)) }
    // Not while the machine sleeps.
    var began = SuspendingClock.now
    while true {
      try cancellation.check()
      if pending.count <= depth / 2 {
        while pending.count < depth, let job = try next(pending.isEmpty, { try cancellation.check() }) {
          if pending.isEmpty { began = .now }
          pending.append(Pending(job: job))
          _ = worker.send(try request(job))
        }
      }
      guard let current = pending.first?.job else { return }
      let left = timeout - began.duration(to: .now)
      switch worker.receive(within: Int32(min(100, max(0, left / .milliseconds(1))).rounded(.up))) {
      case .frame(let frame):
        guard let response = decode(current, frame) else { return try lose(&pending, to: worker.end(killing: true)) }
        pending.removeFirst()
        try finish(current, .success(response))
        began = .now
      case .nothing:
        guard left <= .zero else { continue }
        _ = worker.end(killing: true)
        pending.removeFirst()
        return try finish(current, .failure(.timedOut(after: timeout)))
      case .end: return try lose(&pending, to: worker.end(killing: true))
      }
    }
  }

  /// The worker is gone.
  private func lose(_ pending: inout [Pending], to exit: ProcessExit) throws {
    guard let first = pending.first else { return }
    pending[0].crashes += 1
    guard pending[0].crashes == 2 else { return }
    pending.removeFirst()
    try finish(first.job, .failure(.crashed(exit)))
  }
}

extension WorkerProcess {
  /// A worker may be killed from outside before it has said a word; that so many in a row are, is no accident.
  private static let mostStarts = 3

  /// Starts a worker and waits until it says who it is; starts another one if it ends before.
  ///
  /// - Parameters:
  ///   - program: what is started.
  ///   - check: called ten times a second; throws to give up.
  /// - Returns: a worker that has said its greeting.
  /// - Throws: `ScanError` if none begins, what `check` throws.
  fileprivate static func greeted(_ program: WorkerProgram, check: () throws -> Void) throws -> WorkerProcess {
    var worker = try WorkerProcess(program.command)
    var starts = 1
    while let exit = try worker.endedBefore(program.greeting, check: check) {
      guard starts < mostStarts else { throw ScanError(.workersEndedEarly(count: starts, last: exit)) }
      starts += 1
      worker = try WorkerProcess(program.command)
    }
    return worker
  }

  /// How it ended, or had to be ended after a minute without a word; `nil` once it has said who it is.
  private mutating func endedBefore(_ greeting: [UInt8], check: () throws -> Void) throws -> ProcessExit? {
    let began = SuspendingClock.now
    while true {
      try check()
      switch receive(within: 100) {
      case .frame(let frame) where Array(frame) == greeting: return nil
      case .nothing where began.duration(to: .now) < .seconds(60): continue
      default: return end(killing: true)
      }
    }
  }
}
