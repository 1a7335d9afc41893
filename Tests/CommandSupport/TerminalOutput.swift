package import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A terminal that a process of a test writes its words to.
package final class TerminalOutput: Sendable {
  private let master: Int32
  private let slave: Int32

  package struct NoTerminal: Error {}

  /// Creates a terminal.
  ///
  /// - Parameter columns: The terminal's width.
  /// - Throws: `NoTerminal` if the system has no terminal left.
  package init(columns: UInt16) throws {
    #if canImport(Glibc)
      // posix_openpt(3) by hand, whose header shows it to those alone that ask for X/Open: TIOCSPTLCK, TIOCGPTN.
      master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
      var (lock, number): (Int32, Int32) = (0, 0)
      guard master >= 0, unsafe ioctl(master, 0x4004_5431, &lock) == 0, unsafe ioctl(master, 0x8004_5430, &number) == 0
      else { throw NoTerminal() }
      slave = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    #else
      master = posix_openpt(O_RDWR | O_NOCTTY)
      guard master >= 0, grantpt(master) == 0, unlockpt(master) == 0, let name = unsafe ptsname(master) else {
        throw NoTerminal()
      }
      slave = unsafe open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    #endif
    var size = winsize(ws_row: 25, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard slave >= 0, unsafe ioctl(slave, UInt(TIOCSWINSZ), &size) == 0 else { throw NoTerminal() }
  }

  deinit { close(master) }

  /// Runs a process on the terminal to its end.
  ///
  /// - Parameters:
  ///   - process: The process.
  ///   - command: The command that the process runs.
  ///   - showsData: `true` if the process's stdout is the terminal too.
  ///   - question: A text, and the input that is typed once that text has appeared; stdin is the terminal then.
  /// - Returns: Everything that the process wrote to the terminal.
  /// - Throws: An error if the process can't be started.
  package func run(
    _ process: Process, of command: Command, showsData: Bool = false,
    answering question: (text: String, answer: String)? = nil
  ) async throws -> String {
    let handle = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.standardError = handle
    if showsData { process.standardOutput = handle }
    if question != nil { process.standardInput = handle }
    async let status = command.finish(process)
    // A thread of its own: what blocks in the pool of tasks keeps the tests from going on.
    async let read = withCheckedContinuation { (done: CheckedContinuation<[UInt8], Never>) in
      Thread { [master] in
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        var isAnswered = false
        while true {
          let count = unsafe systemRead(master, &block, block.count)
          // Nobody has it open any longer.
          if count <= 0 { break }
          bytes += block[..<count]
          if let question, !isAnswered, String(decoding: bytes, as: UTF8.self).contains(question.text) {
            isAnswered = true
            let typed = Array(question.answer.utf8)
            _ = unsafe systemWrite(master, typed, typed.count)
          }
        }
        done.resume(returning: bytes)
      }.start()
    }
    _ = try await status
    close(slave)
    return String(decoding: await read, as: UTF8.self)
  }
}

/// `read(2)`, whose name the task above takes.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  unsafe read(descriptor, bytes, count)
}

/// `write(2)`, likewise.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}
