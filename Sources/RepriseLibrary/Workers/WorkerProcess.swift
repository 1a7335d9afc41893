internal import Foundation
internal import RepriseSystem
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The way in which a process ended.
package enum ProcessExit: Sendable, Equatable, CustomStringConvertible {
  /// A signal ended the process: its number.
  case signal(Int32)
  /// The process exited: its exit status.
  case status(Int32)

  /// Creates an exit from the status that waitpid(2) reports.
  init(_ status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal)
  }

  /// The exit as text: "signal 11", "exit status 1".
  package var description: String {
    switch self {
    case .signal(let number): "signal \(number)"
    case .status(let number): "exit status \(number)"
    }
  }
}

/// A worker process with pipes to its stdin and stdout.
///
/// Deinitialising the value kills and reaps the process.
struct WorkerProcess: ~Copyable {
  private static let starting = Mutex(())
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
    // One at a time: no other worker may start between a pipe's creation and its marking as close-on-exec.
    let (made, reason, down, up) = try Self.starting.withLock { _ throws(ScanError) in
      let down = try Self.pipe()
      let up: (read: Int32, write: Int32)
      do throws(ScanError) { up = try Self.pipe() } catch {
        close(down.read)
        close(down.write)
        throw error
      }
      let (made, reason) = Self.spawn(
        program, arguments, input: down.read, output: up.write, capturesErrors: capturesErrors)
      close(down.read)
      close(up.write)
      return (made, reason, down.write, up.read)
    }
    guard reason == 0 else {
      close(down)
      close(up)
      throw ScanError(.workerNotStarted(program: program, errno: reason))
    }
    pid = made
    requests = down
    answers = up
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
    if killing { kill(pid, SIGKILL) }
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

  deinit {
    close(requests)
    close(answers)
    if !hasEnded {
      kill(pid, SIGKILL)
      var status: Int32 = 0
      while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    }
  }

  /// Returns the ends of a new pipe, neither of which a worker inherits: a worker that held another's would keep it
  /// from noticing that the scan has gone.
  private static func pipe() throws(ScanError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    let result = systemPipe(&ends)
    guard result == 0 else {
      throw ScanError(.pipeNotMade(errno: errno))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ program: String, _ arguments: [RawPath], input: Int32, output: Int32, capturesErrors: Bool
  ) -> (pid: pid_t, reason: Int32) {
    #if os(Linux)
      var actions = unsafe posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    if capturesErrors {
      unsafe posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
    } else {
      unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    }
    // A process group of its own: Ctrl-C goes to the scan only, which then ends its workers.
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    var list =
      unsafe [strdup(program)] + arguments.map { argument in unsafe argument.withCString { unsafe strdup($0) } }
    unsafe list.append(nil)
    var environment = unsafe Environment.current.map { unsafe strdup("\($0)=\($1)") } + [nil]
    defer { unsafe (list + environment).forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let reason = unsafe posix_spawn(&pid, program, &actions, &attributes, &list, &environment)
    return (pid, reason)
  }
}

/// Calls `pipe(2)`, whose name the method above has.
private func systemPipe(_ ends: inout [Int32]) -> Int32 { unsafe pipe(&ends) }

/// Calls `read(2)`, whose name a method above has.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  unsafe read(descriptor, bytes, count)
}
