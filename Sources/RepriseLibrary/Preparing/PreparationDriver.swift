internal import Foundation
internal import RepriseSystem

/// One thread's work: a worker that is given files to prepare, and another one once that has crashed or hangs.
struct PreparationDriver<Job> {
  /// How a job ended.
  enum Outcome {
    case answered(PrepareAnswer)
    /// The worker did not come back from it, why.
    case lost(String)
  }

  /// The program that prepares, and its arguments.
  let command: [String]
  /// What a worker hears first.
  let opening: [UInt8]
  /// For one file.
  let timeout: Duration
  /// The next job; nil at the end.
  let next: () throws -> Job?
  let request: (Job) throws -> PrepareRequest
  let finish: (Job, Outcome) throws -> Void

  /// Works until there are no more jobs.
  func run(cancellation: Cancellation) throws {
    var current: Job?
    var crashes = 0
    while true {
      if current == nil {
        current = try next()
        crashes = 0
      }
      guard current != nil else { return }
      try serve(&current, &crashes, cancellation)
    }
  }

  /// One worker's life; what it was at when it crashed is still `current` then.
  private func serve(_ current: inout Job?, _ crashes: inout Int, _ cancellation: Cancellation) throws {
    var worker = try WorkerProcess.greeted(command, by: PrepareGreeting.bytes) { try cancellation.check() }
    _ = worker.send(opening)
    while let job = current {
      _ = worker.send([UInt8](try JSONEncoder().encode(try request(job))))
      // Not while the machine sleeps.
      let began = SuspendingClock.now
      var answer: PrepareAnswer?
      while answer == nil {
        try cancellation.check()
        let left = timeout - began.duration(to: .now)
        switch worker.receive(within: Int32(min(100, max(0, left / .milliseconds(1))).rounded(.up))) {
        case .frame(let frame): answer = try JSONDecoder().decode(PrepareAnswer.self, from: Data(frame))
        case .nothing:
          guard left <= .zero else { continue }
          _ = worker.end(killing: true)
          current = nil
          return try finish(
            job,
            .lost(
              "was not prepared within \(timeout.secondsText) s, so that was stopped; give it more with --timeout"))
        case .end:
          let words = worker.end(killing: true).words
          crashes += 1
          // Once more of a new worker, in case it was the worker that was ended and not the file that ended it.
          if crashes < 2 { return }
          current = nil
          return try finish(
            job,
            .lost(
              "preparing it crashed (\(words)), twice; it may be malformed, or show a fault of a decoder"))
        }
      }
      if let answer { try finish(job, .answered(answer)) }
      current = try next()
      crashes = 0
    }
  }
}

/// What a worker says first.
package enum PrepareGreeting {
  /// The words.
  package static let bytes = Array("reprise prepare worker".utf8)
}
