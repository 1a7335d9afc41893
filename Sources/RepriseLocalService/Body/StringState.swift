/// The state of a parser of one JSON string: escapes, surrogate pairs and UTF-8, byte by byte.
struct StringState {
  /// The meaning of a byte.
  enum Event {
    /// A byte of the text.
    case text(UInt8)
    /// An escaped character of the text.
    case scalar(Unicode.Scalar)
    /// Part of an escape.
    case nothing
    /// The closing quote.
    case end
  }

  /// The reason for which a byte is invalid in a string.
  struct Problem: Error {
    let message: String
  }

  private enum State {
    case plain, backslash
    case hex(digits: Int, value: UInt32)
    /// After a high surrogate: `\` and then `u` must follow.
    case pairBackslash, pairU
  }

  private var state: State = .plain
  private var high: UInt32?
  private var utf8 = UTF8Check()

  /// `true` if the next byte begins a new character.
  var isPlain: Bool {
    if case .plain = state { return !utf8.isInside }
    return false
  }

  /// Returns `true` if the byte is an unescaped ASCII character.
  static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// Processes the next byte.
  mutating func take(_ byte: UInt8) throws(Problem) -> Event {
    switch state {
    case .plain: return try takePlain(byte)
    case .backslash: return try takeEscape(byte)
    case .hex(let digits, let value): return try takeHex(byte, digits: digits, value: value)
    case .pairBackslash:
      guard byte == UInt8(ascii: "\\") else { throw Problem(message: "half a surrogate pair in a string") }
      state = .pairU
    case .pairU:
      guard byte == UInt8(ascii: "u") else { throw Problem(message: "half a surrogate pair in a string") }
      state = .hex(digits: 0, value: 0)
    }
    return .nothing
  }

  private mutating func takePlain(_ byte: UInt8) throws(Problem) -> Event {
    guard utf8.accepts(byte) else { throw Problem(message: "not UTF-8") }
    if utf8.isInside || byte >= 0x80 { return .text(byte) }
    switch byte {
    case UInt8(ascii: "\""): return .end
    case UInt8(ascii: "\\"):
      state = .backslash
      return .nothing
    case ..<0x20: throw Problem(message: "a control character in a string; escape it")
    default: return .text(byte)
    }
  }

  private mutating func takeEscape(_ byte: UInt8) throws(Problem) -> Event {
    state = .plain
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return .text(byte)
    case UInt8(ascii: "b"): return .text(0x08)
    case UInt8(ascii: "f"): return .text(0x0C)
    case UInt8(ascii: "n"): return .text(0x0A)
    case UInt8(ascii: "r"): return .text(0x0D)
    case UInt8(ascii: "t"): return .text(0x09)
    case UInt8(ascii: "u"):
      state = .hex(digits: 0, value: 0)
      return .nothing
    default: throw Problem(message: "unknown escape in a string")
    }
  }

  private mutating func takeHex(_ byte: UInt8, digits: Int, value: UInt32) throws(Problem) -> Event {
    let digit: UInt8
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
    default: throw Problem(message: "'\\u' requires four hexadecimal digits")
    }
    let unit = value << 4 | UInt32(digit)
    guard digits == 3 else {
      state = .hex(digits: digits + 1, value: unit)
      return .nothing
    }
    state = .plain
    if let high {
      guard (0xDC00...0xDFFF).contains(unit) else { throw Problem(message: "half a surrogate pair in a string") }
      self.high = nil
      return try scalar(0x10000 + (high - 0xD800) << 10 + (unit - 0xDC00))
    }
    if (0xD800...0xDBFF).contains(unit) {
      high = unit
      state = .pairBackslash
      return .nothing
    }
    return try scalar(unit)
  }

  private func scalar(_ value: UInt32) throws(Problem) -> Event {
    guard let scalar = Unicode.Scalar(value) else { throw Problem(message: "half a surrogate pair in a string") }
    return .scalar(scalar)
  }
}
