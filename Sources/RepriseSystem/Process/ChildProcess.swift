internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A process whose output is read, and whose messages on stderr are kept up to a bound.
///
/// Deinitialising the value kills and reaps the process.
package struct ChildProcess: ~Copyable {
  /// The outcome of a wait for output.
  package enum Output {
    /// So many bytes were read.
    case bytes(Int)
    /// Nothing arrived in time.
    case nothing
    /// The process has closed its output.
    case end
  }

  /// Largest number of bytes of stderr that are kept.
  private static let keptMessages = 4096

  private static let running = Mutex<Set<Int32>>([])

  private let process: ProcessSpawn.Started
  private let hasGroup: Bool
  private var errorsAreOpen = true
  private var hasEnded = false
  /// First bytes of stderr.
  private var messages: [UInt8] = []
  /// Number of lines on stderr.
  package private(set) var messageLines = 0
  /// Number of bytes on stderr.
  package private(set) var messageBytes = 0

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: The path of the program.
  ///   - arguments: The arguments.
  ///   - environment: The environment.
  ///   - input: An open file that becomes the process's stdin; `nil` for none.
  /// - Throws: `ProcessSpawn.Failure`.
  package init(
    _ program: String, _ arguments: [String], environment: [String: String] = Environment.current, input: Int32?
  ) throws(ProcessSpawn.Failure) {
    hasGroup = !ProcessSpawn.sharesGroup
    process = try ProcessSpawn.start(
      program, arguments.map { RawPath($0) }, environment: environment,
      input: input.map { .descriptor($0) } ?? .null, output: .pipe, errors: .pipe)
    let pid = process.pid
    Self.running.withLock { _ = $0.insert(pid) }
  }

  /// Kills all processes that are running, for a process that is about to end without deinitialising anything.
  package static func killAll() {
    running.withLock { pids in
      for pid in pids where systemKill(-pid, SIGKILL) != 0 { _ = systemKill(pid, SIGKILL) }
    }
  }

  /// First line on stderr; `nil` if there is none.
  package var firstMessage: String? {
    let line = String(decoding: messages, as: UTF8.self).split(whereSeparator: \.isNewline).first
    return line.map(String.init)
  }

  /// First bytes on stderr, as text.
  package var messageText: String { String(decoding: messages, as: UTF8.self) }

  /// Reads output into a buffer, and takes what has arrived on stderr.
  ///
  /// - Parameters:
  ///   - buffer: The buffer; its size is the largest number of bytes that are read.
  ///   - milliseconds: The longest time to wait.
  /// - Returns: The number of bytes, or the reason for which there are none.
  package mutating func read(into buffer: inout [UInt8], within milliseconds: Int32) -> Output {
    var asked = [
      pollfd(fd: process.output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errorsAreOpen ? process.errors : -1, events: Int16(POLLIN), revents: 0),
    ]
    guard unsafe poll(&asked, nfds_t(asked.count), milliseconds) > 0 else { return .nothing }
    if asked[1].revents != 0 { takeMessages() }
    guard asked[0].revents != 0 else { return .nothing }
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe systemRead(process.output, $0) }
    if count < 0 { return errno == EINTR ? .nothing : .end }
    return count == 0 ? .end : .bytes(count)
  }

  /// Takes one block of stderr, which must be readable.
  private mutating func takeMessages() {
    var block = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe block.withUnsafeMutableBytes { unsafe systemRead(process.errors, $0) }
    if count < 0, errno == EINTR { return }
    guard count > 0 else {
      errorsAreOpen = false
      return
    }
    messageBytes += count
    messageLines += block[..<count].count { $0 == UInt8(ascii: "\n") }
    messages += block[..<min(count, Self.keptMessages - messages.count)]
  }

  /// Waits for the end of a process that has closed its output, and kills it after a while.
  ///
  /// - Parameters:
  ///   - milliseconds: The longest time to wait.
  ///   - messages: The largest number of bytes on stderr, in all, that are waited for.
  /// - Returns: The exit; `nil` if the process had to be killed.
  package mutating func finish(within milliseconds: Int, messages: Int = .max) -> ProcessExit? {
    var left = milliseconds
    var status: Int32 = 0
    while true {
      var asked = pollfd(fd: errorsAreOpen ? process.errors : -1, events: Int16(POLLIN), revents: 0)
      let isReady = unsafe poll(&asked, 1, errorsAreOpen ? 10 : 2) > 0
      if isReady { takeMessages() } else { left -= errorsAreOpen ? 10 : 2 }
      if unsafe waitpid(process.pid, &status, WNOHANG) == process.pid {
        hasEnded = true
        Self.forget(process.pid)
        // What is still in the pipe; a process that inherited it may hold it open.
        for _ in 0..<64 where errorsAreOpen {
          asked.revents = 0
          guard unsafe poll(&asked, 1, 0) > 0 else { break }
          takeMessages()
        }
        return ProcessExit(status)
      }
      guard left > 0, messageBytes <= messages else {
        kill()
        return nil
      }
      // Messages without an end are not waited for.
      if isReady { left -= 1 }
    }
  }

  /// Kills the process, and those it has started, and reaps it.
  package mutating func kill() {
    guard !hasEnded else { return }
    hasEnded = true
    Self.kill(process.pid, hasGroup: hasGroup)
  }

  private static func kill(_ pid: Int32, hasGroup: Bool) {
    _ = systemKill(hasGroup ? -pid : pid, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    forget(pid)
  }

  private static func forget(_ pid: Int32) { running.withLock { _ = $0.remove(pid) } }

  deinit {
    close(process.output)
    close(process.errors)
    if !hasEnded { Self.kill(process.pid, hasGroup: hasGroup) }
  }
}

/// Calls `read(2)`, whose name a method above has.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
  unsafe read(descriptor, bytes.baseAddress, bytes.count)
}

/// Calls `kill(2)`, whose name a method above has.
private func systemKill(_ pid: Int32, _ signal: Int32) -> Int32 { kill(pid, signal) }
