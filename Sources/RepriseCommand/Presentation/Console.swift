import RepriseAudio
import RepriseService
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where output goes: data to stdout, words to stderr, whichever these are in the run's context.
enum Console {
  /// Nobody reads stdout any more (`reprise inspect music | head`).
  struct Closed: Error {}

  /// Has the command go on where nobody reads stdout any more.
  static func outliveReader() { CommandContext.current.screen.outlivesReader.withLock { $0 = true } }

  /// Whether stderr is a terminal that can redraw a line.
  static var isTerminal: Bool {
    let context = CommandContext.current
    return isatty(context.words) == 1 && context.variables["TERM"] != "dumb"
  }

  /// Whether words may be coloured (https://no-color.org).
  static var mayColour: Bool {
    let context = CommandContext.current
    return ColourRule.allows(isTerminal: isatty(context.words) == 1, environment: context.variables)
  }

  /// Whether data may be coloured.
  static var mayColourData: Bool {
    let context = CommandContext.current
    return ColourRule.allows(isTerminal: isatty(context.output) == 1, environment: context.variables)
  }

  /// Whether data and words appear on one screen, between each other.
  static var isDataOnScreen: Bool { isTerminal && isatty(CommandContext.current.output) == 1 }

  /// Writes a line of data to stdout.
  ///
  /// - Throws: `CommandError` with 74 where stdout takes no more (a full disk); `Closed` where nobody reads it any more, unless
  ///   the command outlives its reader.
  static func data(_ line: String) throws {
    try data(Array((line + "\n").utf8))
  }

  /// Writes a line of words to stderr, above a bar that is drawn; a closed stderr loses it, nothing else.
  static func say(_ line: String) {
    StatusLine.above { try? write(line + "\n", to: CommandContext.current.words) }
  }

  /// Writes words and the data that they are about, with nothing of others in between.
  ///
  /// - Throws: as for a line of data.
  static func tell(_ words: [String], data line: String?) throws {
    let context = CommandContext.current
    do {
      try StatusLine.above {
        if !words.isEmpty { try? write(words.joined(separator: "\n") + "\n", to: context.words) }
        if let line { try write(line + "\n", to: context.output) }
      }
    } catch is Closed where context.screen.outlivesReader.withLock({ $0 }) {}
  }

  /// Writes text without a line end to stderr, for bars that redraw themselves.
  static func draw(_ text: String) {
    try? write(text, to: CommandContext.current.words)
  }

  /// Writes lines of data to stdout, as they are.
  ///
  /// - Throws: as for one line.
  static func data(_ lines: [UInt8]) throws {
    let context = CommandContext.current
    do {
      guard isDataOnScreen else { return try write(lines, to: context.output) }
      try StatusLine.above { try write(lines, to: context.output) }
    } catch is Closed where context.screen.outlivesReader.withLock({ $0 }) {}
  }

  /// Whether nobody reads stdout any more.
  static var isReaderGone: Bool {
    var stream = pollfd(fd: CommandContext.current.output, events: 0, revents: 0)
    guard unsafe poll(&stream, 1, 0) > 0 else { return false }
    return Int32(stream.revents) & Int32(POLLERR | POLLHUP) != 0
  }

  private static func write(_ text: String, to descriptor: Int32) throws {
    try write(Array(text.utf8), to: descriptor)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    // The last place before a person, a log or another program reads it.
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

  /// The text with control characters made visible, so that a hostile file name cannot move the cursor or colour it.
  static func printable(_ text: String) -> String {
    // Most texts are plain.
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

  /// A value as one line of JSON with sorted keys and unescaped slashes.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// A size in the units of the service's limits (1 MB = 1,000,000 bytes).
  static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<1000: "\(bytes) B"
    case ..<1_000_000: fixed(Double(bytes) / 1e3, decimals: 1) + " kB"
    default: fixed(Double(bytes) / 1e6, decimals: 1) + " MB"
    }
  }
}

/// `write(2)`, whose name the methods above take.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}
