import Foundation

/// A parser for slightly malformed JSON, as real services send it.
///
/// Beyond RFC 8259 it accepts: a byte order mark and the prefixes that guard against script inclusion; `NaN`,
/// `Infinity`, `None`, `undefined`, other spellings of `true`, `false` and `null`; bytes that are not UTF-8 and control
/// characters in strings; strings in single quotes; names without quotes; commas too many or too few; text after the
/// value; and a text whose end is missing, of which the parts received in full are kept. Numbers that are not finite
/// become null. The parser invents nothing: a string, number or name that may be incomplete is left out.
struct LenientJSON {
  /// Parsed value, of the types of `JSONSerialization`.
  private(set) var value: Any = NSNull()
  /// `true` if the end is missing.
  private(set) var isCut = false

  private let text: [UInt8]
  private var index: Int

  private static let deepest = 100
  /// Prefixes before JSON that prevent inclusion as a script, or mark an event of a stream.
  private static let guards = [")]}'", "while(1);", "for(;;);", "data:"].map { Array($0.utf8) }

  private struct NotJSON: Error {}
  /// The text ended before the value did.
  private struct Ended: Error {}

  /// Parses the first value of a text; fails unless that is an object, a list or a string.
  init?(_ bytes: [UInt8]) { self.init(bytes, from: 0) }

  /// Parses all values of a text.
  ///
  /// A value may follow blanks, commas or record separators after the one before, or begin a line.
  static func all(_ bytes: [UInt8]) -> [LenientJSON] {
    var values: [LenientJSON] = []
    var start = 0
    while start < bytes.count, let next = LenientJSON(bytes, from: start) {
      values.append(next)
      guard !next.isCut, let after = next.nextStart() else { break }
      start = after
    }
    return values
  }

  /// Returns the position at which the next object or list may begin.
  private func nextStart() -> Int? {
    var mayBegin = true
    for position in text.indices[index...] {
      switch text[position] {
      case UInt8(ascii: "{") where mayBegin, UInt8(ascii: "[") where mayBegin: return position
      case 0x0A: mayBegin = true
      case 0x20, 0x09, 0x0D, 0x1E, 0x00, UInt8(ascii: ","): break
      default: mayBegin = false
      }
    }
    return nil
  }

  private init?(_ bytes: [UInt8], from start: Int) {
    text = bytes
    index = start
    skipBlanks()
    for guarding in Self.guards where text[index...].starts(with: guarding) {
      index += guarding.count
      skipBlanks()
      skip(",")
      break
    }
    guard let first = peek(), [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\"")].contains(first) else {
      return nil
    }
    guard let value = try? read(depth: 0) else { return nil }
    self.value = value
  }

  private func peek() -> UInt8? { index < text.count ? text[index] : nil }

  private mutating func skip(_ character: Unicode.Scalar) {
    skipBlanks()
    if peek() == UInt8(ascii: character) { index += 1 }
    skipBlanks()
  }

  private mutating func skipBlanks() {
    while index < text.count {
      switch text[index] {
      case 0x20, 0x09, 0x0A, 0x0D, 0x00: index += 1
      case 0xEF where text[index...].starts(with: [0xEF, 0xBB, 0xBF]): index += 3
      case 0xC2 where text[index...].starts(with: [0xC2, 0xA0]): index += 2
      default: return
      }
    }
  }

  private mutating func read(depth: Int) throws -> Any {
    guard depth < Self.deepest else { throw NotJSON() }
    guard let first = peek() else { throw Ended() }
    switch first {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return try string()
    default: return try word()
    }
  }

  private mutating func object(depth: Int) throws -> [String: Any] {
    var fields: [String: Any] = [:]
    index += 1
    do {
      while true {
        skipBlanks()
        guard let next = peek() else { throw Ended() }
        if next == UInt8(ascii: "}") {
          index += 1
          return fields
        }
        if next == UInt8(ascii: ",") {
          index += 1
          continue
        }
        let name = next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") ? try string() : try bareWord()
        skipBlanks()
        guard let colon = peek() else { throw Ended() }
        guard colon == UInt8(ascii: ":") else { throw NotJSON() }
        index += 1
        skipBlanks()
        let before = isCut
        let value = try read(depth: depth + 1)
        fields[name] = value
        if isCut, !before { return fields }
      }
    } catch is Ended {
      isCut = true
      return fields
    }
  }

  private mutating func list(depth: Int) throws -> [Any] {
    var items: [Any] = []
    index += 1
    do {
      while true {
        skipBlanks()
        guard let next = peek() else { throw Ended() }
        if next == UInt8(ascii: "]") {
          index += 1
          return items
        }
        if next == UInt8(ascii: ",") {
          index += 1
          continue
        }
        items.append(try read(depth: depth + 1))
        if isCut { return items }
      }
    } catch is Ended {
      isCut = true
      return items
    }
  }

  /// Parses a string; invalid UTF-8 becomes U+FFFD.
  private mutating func string() throws -> String {
    let quote = text[index]
    index += 1
    var bytes: [UInt8] = []
    var result = ""
    func flushed() -> String { String(decoding: bytes, as: UTF8.self) }
    while true {
      guard let byte = peek() else { throw Ended() }
      index += 1
      if byte == quote { return result + flushed() }
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      guard let escape = peek() else { throw Ended() }
      index += 1
      switch escape {
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "b"): bytes.append(0x08)
      case UInt8(ascii: "f"): bytes.append(0x0C)
      case UInt8(ascii: "u"):
        result += flushed()
        bytes = []
        result.unicodeScalars.append(try scalar())
      default: bytes.append(escape)
      }
    }
  }

  /// Parses the scalar after `\u`, with the second half of a surrogate pair; a lone half becomes U+FFFD.
  private mutating func scalar() throws -> Unicode.Scalar {
    let first = try codeUnit()
    guard (0xD800..<0xDC00).contains(first), text[index...].starts(with: Array("\\u".utf8)) else {
      return Unicode.Scalar(first) ?? "\u{FFFD}"
    }
    let before = index
    index += 2
    let second = try codeUnit()
    guard (0xDC00..<0xE000).contains(second) else {
      index = before
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func codeUnit() throws -> UInt32 {
    guard index + 4 <= text.count else { throw Ended() }
    let digits = String(decoding: text[index..<index + 4], as: UTF8.self)
    guard digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else { return 0xFFFD }
    index += 4
    return value
  }

  /// Parses characters up to a bracket, comma, colon or blank.
  private mutating func bareWord() throws -> String {
    let ends = Array(",:{}[]\"'".utf8)
    let start = index
    while let byte = peek(), byte > 0x20, !ends.contains(byte) { index += 1 }
    guard index > start else { throw NotJSON() }
    guard index < text.count else { throw Ended() }
    return String(decoding: text[start..<index], as: UTF8.self)
  }

  private mutating func word() throws -> Any {
    let word = try bareWord()
    switch word.lowercased() {
    case "true": return NSNumber(value: true)
    case "false": return NSNumber(value: false)
    case "null", "none", "nil", "undefined", "nan", "-nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity":
      return NSNull()
    default: break
    }
    let digits = word.hasPrefix("+") ? String(word.dropFirst()) : word
    if let number = Int(digits) { return NSNumber(value: number) }
    // Integers beyond 64 bits are kept as digits, since ids may be such.
    if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !digits.isEmpty { return digits }
    if let number = Double(digits) { return number.isFinite ? NSNumber(value: number) : NSNull() }
    // A word without quotes counts as a string.
    guard word.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || $0 == "_" || $0 == "-" }) else {
      throw NotJSON()
    }
    return word
  }
}
