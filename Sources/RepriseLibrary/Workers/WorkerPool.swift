package import RepriseAudio
package import RepriseSystem

/// A program that runs as a worker: its command line, and the messages before the first request.
struct WorkerProgram: Sendable {
  /// The program and its arguments.
  let command: [String]
  /// The first message from a worker, which tells one that fails to start from a request that crashes it.
  let greeting: [UInt8]
  /// The first message to a worker: settings that hold for all requests.
  let opening: [UInt8]
}

/// The reason why a worker gave no response to a request.
package enum WorkerLoss: Error, Sendable, Equatable, CustomStringConvertible {
  /// The request took longer than the timeout; its worker was killed.
  case timedOut(after: Duration)
  /// The request ended two workers; the exit of the second one.
  case crashed(ProcessExit)

  /// A short description of the loss.
  package var description: String {
    switch self {
    case .timedOut(let duration): "not finished within \(duration.secondsText) s"
    case .crashed(let exit): "ended its worker twice (\(exit))"
    }
  }
}

extension WorkerLoss {
  /// The loss of a check, as reported by the inspection of its file.
  package var problem: AudioFileProblem {
    switch self {
    case .timedOut(let duration): .checkTimedOut(seconds: duration.secondsText)
    case .crashed(let exit): .checkerCrashed(how: "\(exit)")
    }
  }
}

/// Worker processes that respond to requests, each one driven by a thread.
///
/// A worker is killed when a request takes too long. When a worker ends, its current request gets another chance with a
/// new worker, in case the request did not cause the end; after the second time the request is lost. Requests that a
/// worker had received and not begun go to the next one.
struct WorkerPool<Job: Sendable, Response: Sendable>: Sendable {
  /// The program that is run.
  let program: WorkerProgram
  /// The maximum time for one request.
  let timeout: Duration
  /// Number of requests that a worker holds at once, at least 1, so that it need not wait between two quick ones.
  var depth = 1
  /// Returns the next job.
  ///
  /// If `waits`, blocks until there is one and returns `nil` once there are no more; otherwise returns `nil` if there
  /// is none now. Calls `check` while waiting, which throws to stop.
  let next: @Sendable (_ waits: Bool, _ check: () throws -> Void) throws -> Job?
  /// Returns the bytes of a job's request.
  let request: @Sendable (Job) throws -> [UInt8]
  /// Returns the response to a job; `nil` for bytes that are no response, after which the worker is not trusted any
  /// further.
  let decode: @Sendable (Job, ArraySlice<UInt8>) -> Response?
  /// Receives a job's outcome.
  let finish: @Sendable (Job, Result<Response, WorkerLoss>) throws -> Void

  private struct Pending {
    let job: Job
    /// Number of workers that the request has ended.
    var crashes = 0
  }

  /// Runs workers until no job is left.
  ///
  /// - Parameters:
  ///   - width: Number of workers at once.
  ///   - thread: The name of the threads that drive them.
  /// - Throws: `ScanError` if no worker can be started, the errors that the closures throw, `CancellationError`.
  func run(width: Int, thread: String) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<max(1, width) {
        group.addTask { try await offPool(thread) { try drive($0) } }
      }
      // The first task that fails ends the others; waitForAll would wait for them.
      for try await _ in group {}
    }
  }

  /// Drives one worker after another on one thread: a new one starts once a worker has crashed or hangs.
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

  /// Drives one worker until it ends; its unfinished requests are still in `pending` then.
  private func serve(_ pending: inout [Pending], _ cancellation: Cancellation) throws {
    var worker = try WorkerProcess.greeted(program) { try cancellation.check() }
    _ = worker.send(program.opening)
    for entry in pending { _ = worker.send(try request(entry.job)) }
    // A clock that stops while the machine sleeps.
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

  /// Handles the end of a worker.
  private func lose(_ pending: inout [Pending], to exit: ProcessExit) throws {
    guard let first = pending.first else { return }
    pending[0].crashes += 1
    guard pending[0].crashes == 2 else { return }
    pending.removeFirst()
    try finish(first.job, .failure(.crashed(exit)))
  }
}

extension WorkerProcess {
  /// Number of starts in a row that may fail: a worker may be killed from outside before its greeting, but repeated
  /// failures are no accident.
  private static let mostStarts = 3

  /// Starts a worker and waits for its greeting; starts another one if the worker ends before.
  ///
  /// - Parameters:
  ///   - program: The program to start.
  ///   - check: A closure that is called ten times a second, and throws to stop.
  /// - Returns: A worker that has sent its greeting.
  /// - Throws: `ScanError` if no worker starts, the errors that `check` throws.
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

  /// Returns the exit of a worker that ended, or was killed after a minute, before its greeting; `nil` once the
  /// greeting has arrived.
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
