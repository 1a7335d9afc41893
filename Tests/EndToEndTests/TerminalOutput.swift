import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A terminal that a process of a test writes its words to.
final class TerminalOutput: Sendable {
  private let master: Int32
  private let slave: Int32

  struct NoTerminal: Error {}

  /// - Parameter columns: its width.
  init(columns: UInt16) throws {
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

  /// Runs a process on it to its end.
  ///
  /// - Parameter takesData: whether stdout goes there too.
  /// - Returns: all that it wrote to the terminal.
  func run(_ process: Process, of command: BuiltCommand, takesData: Bool = false) async throws -> String {
    if takesData { process.standardOutput = FileHandle(fileDescriptor: slave, closeOnDealloc: false) }
    process.standardError = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    async let status = command.finish(process)
    // A thread of its own: what blocks in the pool of tasks keeps the tests from going on.
    async let read = withCheckedContinuation { (done: CheckedContinuation<[UInt8], Never>) in
      Thread { [master] in
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
          let count = unsafe systemRead(master, &block, block.count)
          // Nobody has it open any longer.
          if count <= 0 { break }
          bytes += block[..<count]
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
