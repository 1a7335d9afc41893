internal import Foundation
internal import RepriseSystem

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A worker process with pipes to its stdin and stdout.
///
/// Deinitialising the value kills and reaps the process.
struct WorkerProcess: ~Copyable {
  private let pid: pid_t
  private let requests: Int32
  private let answers: Int32
  private var hasEnded = false
  private var frames = WireFrames()

  /// Starts a worker.
  ///
  /// - Parameter command: The program and its arguments.
  /// - Throws: `ScanError` if the worker can't be started.
  init(_ command: [String]) throws(ScanError) {
    guard let program = command.first else { throw ScanError(.noWorkerProgram) }
    try self.init(program: program, arguments: command.dropFirst().map { RawPath($0) }, capturesErrors: false)
  }

  /// Starts any program.
  ///
  /// - Parameters:
  ///   - program: The program.
  ///   - arguments: The arguments as bytes, since paths need not be UTF-8.
  ///   - capturesErrors: `true` to read the program's stderr together with its stdout; `false` to discard it.
  /// - Throws: `ScanError` if the program can't be started.
  init(program: String, arguments: [RawPath], capturesErrors: Bool) throws(ScanError) {
    do throws(ProcessSpawn.Failure) {
      let started = try ProcessSpawn.start(
        program, arguments, input: .pipe, output: .pipe, errors: capturesErrors ? .sameAsOutput : .null)
      pid = started.pid
      requests = started.input
      answers = started.output
    } catch {
      switch error {
      case .pipe(let number): throw ScanError(.pipeNotMade(errno: number))
      case .program(let number): throw ScanError(.workerNotStarted(program: program, errno: number))
      }
    }
  }

  /// Sends a frame to the worker.
  ///
  /// - Returns: `true` if the worker was there to receive it.
  func send(_ body: [UInt8]) -> Bool { WireFrames.write(body, to: requests) }

  /// The outcome of a wait for the worker's next frame.
  enum Received {
    case frame(ArraySlice<UInt8>), nothing, end
  }

  /// Returns the worker's next frame, or `.nothing` after a number of milliseconds.
  mutating func receive(within milliseconds: Int32) -> Received {
    if let frame = frames.take() { return .frame(frame) }
    var asked = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&asked, 1, milliseconds) > 0 else { return .nothing }
    switch frames.read(from: answers) {
    case .some: return frames.take().map { .frame($0) } ?? .nothing
    case .end, .malformed: return .end
    }
  }

  /// The next output of a program that does not use frames.
  enum Piece {
    case bytes([UInt8]), nothing, end
  }

  /// Returns the program's next bytes, or `.nothing` after a number of milliseconds.
  mutating func read(within milliseconds: Int32) -> Piece {
    var asked = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&asked, 1, milliseconds) > 0 else { return .nothing }
    var block = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe block.withUnsafeMutableBytes { unsafe systemRead(answers, $0.baseAddress, $0.count) }
    if count < 0 { return errno == EINTR ? .nothing : .end }
    return count == 0 ? .end : .bytes(Array(block[..<count]))
  }

  /// Waits for the process's end, killing the process first if `killing`, and returns its exit.
  mutating func end(killing: Bool) -> ProcessExit {
    if killing { Self.kill(pid) }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    hasEnded = true
    return ProcessExit(status)
  }

  /// Waits until the process exits, and kills it after a duration.
  ///
  /// - Parameters:
  ///   - duration: The maximum time to wait.
  ///   - check: A closure that is called now and then, and throws to stop.
  /// - Returns: The exit; `nil` if the process had to be killed.
  /// - Throws: The errors that `check` throws.
  mutating func ended(within duration: Duration, check: () throws -> Void) throws -> ProcessExit? {
    let began = SuspendingClock.now
    var pause: UInt32 = 100
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, WNOHANG) != pid {
      try check()
      if began.duration(to: .now) >= duration {
        _ = end(killing: true)
        return nil
      }
      usleep(pause)
      pause = min(2 * pause, 50_000)
    }
    hasEnded = true
    return ProcessExit(status)
  }

  /// Kills a process and the rest of its group: the programs that a worker has started.
  private static func kill(_ pid: pid_t) {
    if systemKill(-pid, SIGKILL) != 0 { _ = systemKill(pid, SIGKILL) }
  }

  deinit {
    close(requests)
    close(answers)
    if !hasEnded {
      Self.kill(pid)
      var status: Int32 = 0
      while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    }
  }
}

/// Calls `read(2)`, whose name a method above has.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  unsafe read(descriptor, bytes, count)
}

/// Calls `kill(2)`, whose name a method above has.
private func systemKill(_ pid: pid_t, _ signal: Int32) -> Int32 { kill(pid, signal) }
