extension WorkerProcess {
  /// A worker may be killed from outside before it has said a word; that so many in a row are, is no accident.
  private static let mostStarts = 3

  /// Starts a worker and waits until it says who it is; starts another one if it ends before.
  ///
  /// - Parameters:
  ///   - command: the program and its arguments.
  ///   - greeting: what it says first.
  ///   - check: called ten times a second; throws to give up.
  /// - Throws: `ScanError.noWorker` if none begins, what `check` throws.
  static func greeted(
    _ command: [String], by greeting: [UInt8], check: () throws -> Void
  ) throws -> WorkerProcess {
    var worker = try WorkerProcess(command)
    var starts = 1
    while let end = try worker.endedBefore(greeting, check: check) {
      guard starts < mostStarts else {
        throw ScanError(
          .noWorker,
          "\(starts) checkers in a row ended before they could begin (\(end.words)); does 'reprise inspect' work?")
      }
      starts += 1
      worker = try WorkerProcess(command)
    }
    return worker
  }

  /// How it ended, or had to be ended after a minute without a word; nil once it has said who it is.
  private mutating func endedBefore(_ greeting: [UInt8], check: () throws -> Void) throws -> End? {
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
