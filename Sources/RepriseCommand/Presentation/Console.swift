import RepriseAudio
import RepriseService
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The output of the command: data to stdout and messages to stderr, or to the streams of the run's context.
enum Console {
  /// An error for a closed stdout (`reprise inspect music | head`).
  struct Closed: Error {}

  /// Lets the command continue after its stdout was closed.
  static func outliveReader() { CommandContext.current.screen.outlivesReader.withLock { $0 = true } }

  /// `true` if stderr is a terminal that can redraw a line.
  static var isTerminal: Bool {
    let context = CommandContext.current
    return isatty(context.messages) == 1 && context.variables["TERM"] != "dumb"
  }

  /// `true` if messages may be coloured (https://no-color.org).
  static var mayColour: Bool {
    let context = CommandContext.current
    return ColourRule.allows(isTerminal: isatty(context.messages) == 1, environment: context.variables)
  }

  /// `true` if data may be coloured.
  static var mayColourData: Bool {
    let context = CommandContext.current
    return ColourRule.allows(isTerminal: isatty(context.output) == 1, environment: context.variables)
  }

  /// `true` if data and messages appear interleaved on the same screen.
  static var isDataOnScreen: Bool { isTerminal && isatty(CommandContext.current.output) == 1 }

  /// Writes a line of data to stdout.
  ///
  /// - Parameter line: The line, without its line end.
  /// - Throws: `CommandError` with exit code 74 if writing fails (a full disk); `Closed` if stdout was closed, unless
  ///   the command outlives its reader.
  static func data(_ line: String) throws {
    try data(Array((line + "\n").utf8))
  }

  /// Writes a message line to stderr, above a drawn bar; if stderr is closed, only the message is lost.
  static func say(_ line: String) {
    StatusLine.above { try? write(line + "\n", to: CommandContext.current.messages) }
  }

  /// Writes messages and the data to which they refer, without output of others in between.
  ///
  /// - Parameters:
  ///   - messages: The message lines.
  ///   - line: The line of data; `nil` for none.
  /// - Throws: The errors of writing a line of data.
  static func write(messages: [String], data line: String?) throws {
    let context = CommandContext.current
    do {
      try StatusLine.above {
        if !messages.isEmpty { try? write(messages.joined(separator: "\n") + "\n", to: context.messages) }
        if let line { try write(line + "\n", to: context.output) }
      }
    } catch is Closed where context.screen.outlivesReader.withLock({ $0 }) {}
  }

  /// Writes text without a line end to stderr, for bars that are redrawn.
  static func draw(_ text: String) {
    try? write(text, to: CommandContext.current.messages)
  }

  /// Writes lines of data to stdout, unchanged.
  ///
  /// - Parameter lines: The lines, including their line ends.
  /// - Throws: The errors of writing a line of data.
  static func data(_ lines: [UInt8]) throws {
    let context = CommandContext.current
    do {
      guard isDataOnScreen else { return try write(lines, to: context.output) }
      try StatusLine.above { try write(lines, to: context.output) }
    } catch is Closed where context.screen.outlivesReader.withLock({ $0 }) {}
  }

  /// `true` if stdout was closed by its reader.
  static var isReaderGone: Bool {
    var stream = pollfd(fd: CommandContext.current.output, events: 0, revents: 0)
    guard unsafe poll(&stream, 1, 0) > 0 else { return false }
    return Int32(stream.revents) & Int32(POLLERR | POLLHUP) != 0
  }

  private static func write(_ text: String, to descriptor: Int32) throws {
    try write(Array(text.utf8), to: descriptor)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    // The last point before a person, a log or another program reads the bytes.
    var rest = KeyRedaction.apply(to: bytes)[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes { unsafe systemWrite(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { throw Closed() }
        throw CommandError(.inputOutput, "stdout: could not write: \(unsafe String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(written)
    }
  }

  /// Returns the text with control characters made visible, so that a hostile file name cannot move the cursor or set
  /// colours.
  static func printable(_ text: String) -> String {
    // Most texts contain printable ASCII characters only.
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format:
        result += scalar == "\n" ? "\\n" : "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Returns a value as one line of JSON with sorted keys and unescaped slashes.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Returns a size in the units of the service's limits (1 MB = 1,000,000 bytes).
  static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<1000: "\(bytes) B"
    case ..<1_000_000: fixed(Double(bytes) / 1e3, decimals: 1) + " kB"
    case ..<1_000_000_000: fixed(Double(bytes) / 1e6, decimals: 1) + " MB"
    default: fixed(Double(bytes) / 1e9, decimals: 2) + " GB"
    }
  }
}

/// Calls `write(2)`, whose name is hidden by the methods above.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}
