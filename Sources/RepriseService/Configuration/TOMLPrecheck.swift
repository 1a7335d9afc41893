/// A check for the mistakes in a TOML text that make toml++, TOMLKit's parser, end the process.
///
/// toml++ 3 asserts, in release builds too, that a key begins where a table header's name does, that a value begins
/// where an array's element does, and that a time of day begins with a digit. A typing mistake would then be a crash.
/// This reader follows TOML 1.0 only as far as needed to know what is expected at each byte (strings, comments, arrays
/// and inline tables); the parser validates everything else.
package struct TOMLPrecheck {
  /// A mistake: its line, counted from 1, and what was expected there.
  package struct Fault: Equatable, Sendable {
    package let line: Int
    package let expected: Expectation

    package init(line: Int, expected: Expectation) {
      self.line = line
      self.expected = expected
    }
  }

  /// A syntactic element that TOML requires at an offset.
  package enum Expectation: String, Equatable, Sendable {
    case key = "a name is expected"
    case value = "a value is expected"
    case time = "a date or time is malformed"
    case shallower = "values are nested too deeply"
  }

  /// Maximum depth of nesting, beyond any real configuration and far below the limit of the parser's own recursion.
  private static let deepest = 64

  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1

  /// Returns the first mistake that would end the process, or `nil` if there is none.
  package static func fault(in text: String) -> Fault? {
    var check = TOMLPrecheck(text)
    do throws(Stop) {
      try check.document()
      return nil
    } catch {
      return error.fault
    }
  }

  /// The end of the check: with a mistake, or without one where the text is too malformed to go on, which the parser
  /// reports.
  private struct Stop: Error {
    let fault: Fault?
  }

  private init(_ text: String) { bytes = Array(text.utf8) }

  private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private func fault(_ expected: Expectation) -> Stop { Stop(fault: Fault(line: line, expected: expected)) }

  private mutating func advance() {
    if current == UInt8(ascii: "\n") { line += 1 }
    offset += 1
  }

  private mutating func skipBlanks() {
    while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { offset += 1 }
  }

  private mutating func skipBlankLinesAndComments() {
    while let byte = current {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): advance()
      case UInt8(ascii: "#"): skipToLineEnd()
      default: return
      }
    }
  }

  private mutating func skipToLineEnd() {
    while let byte = current, byte != UInt8(ascii: "\n") { offset += 1 }
  }

  private mutating func document() throws(Stop) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    while true {
      skipBlankLinesAndComments()
      guard let byte = current else { return }
      if byte == UInt8(ascii: "[") {
        try header()
      } else {
        try keyAndValue(depth: 0)
      }
      skipBlanks()
      if current == UInt8(ascii: "#") { skipToLineEnd() }
      if current == UInt8(ascii: "\r") { offset += 1 }
      guard current == nil || current == UInt8(ascii: "\n") else { throw Stop(fault: nil) }
    }
  }

  /// Skips `[a.b]` or `[[a.b]]`.
  private mutating func header() throws(Stop) {
    let isArray = bytes[offset...].starts(with: [UInt8(ascii: "["), UInt8(ascii: "[")])
    offset += isArray ? 2 : 1
    try key()
    for _ in 0..<(isArray ? 2 : 1) {
      guard current == UInt8(ascii: "]") else { throw Stop(fault: nil) }
      offset += 1
    }
  }

  private mutating func key() throws(Stop) {
    while true {
      skipBlanks()
      guard let byte = current, isKeyByte(byte) || isQuote(byte) else { throw fault(.key) }
      if isQuote(byte) {
        try string()
      } else {
        while let byte = current, isKeyByte(byte) { offset += 1 }
      }
      skipBlanks()
      guard current == UInt8(ascii: ".") else { return }
      offset += 1
    }
  }

  private mutating func keyAndValue(depth: Int) throws(Stop) {
    try key()
    guard current == UInt8(ascii: "=") else { throw Stop(fault: nil) }
    offset += 1
    skipBlanks()
    try value(depth: depth)
  }

  private mutating func value(depth: Int) throws(Stop) {
    guard depth < Self.deepest else { throw fault(.shallower) }
    guard let byte = current else { throw fault(.value) }
    switch byte {
    case UInt8(ascii: "["): try elements(until: UInt8(ascii: "]"), depth: depth)
    case UInt8(ascii: "{"): try elements(until: UInt8(ascii: "}"), depth: depth)
    case _ where isQuote(byte): try string()
    case _ where isScalarByte(byte) && byte != UInt8(ascii: "_") && byte != UInt8(ascii: ":"): try scalar()
    default: throw fault(.value)
    }
  }

  /// Skips an array's values or an inline table's pairs, between brackets.
  private mutating func elements(until end: UInt8, depth: Int) throws(Stop) {
    let isArray = end == UInt8(ascii: "]")
    offset += 1
    while true {
      if isArray { skipBlankLinesAndComments() } else { skipBlanks() }
      if current == end {
        offset += 1
        return
      }
      if isArray { try value(depth: depth + 1) } else { try keyAndValue(depth: depth + 1) }
      if isArray { skipBlankLinesAndComments() } else { skipBlanks() }
      guard current == UInt8(ascii: ",") || current == end else { throw Stop(fault: nil) }
      if current == UInt8(ascii: ",") { offset += 1 }
    }
  }

  /// Skips a string of any of the four kinds.
  private mutating func string() throws(Stop) {
    let quote = bytes[offset]
    let isLong = bytes[offset...].starts(with: [quote, quote, quote])
    offset += isLong ? 3 : 1
    while let byte = current {
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        offset += 1
        guard current != nil else { break }
      } else if byte == quote, isLong ? bytes[offset...].starts(with: [quote, quote, quote]) : true {
        offset += isLong ? 3 : 1
        // Up to two quotes may stand before the three that end it.
        while isLong, current == quote { offset += 1 }
        return
      } else if byte == UInt8(ascii: "\n"), !isLong {
        break
      }
      advance()
    }
    throw Stop(fault: nil)
  }

  /// Skips a number, a Boolean, a date or a time.
  private mutating func scalar() throws(Stop) {
    let start = offset
    while let byte = current, isScalarByte(byte) { offset += 1 }
    var text = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard text.first?.isNumber == true, text.contains(":") || text.dropFirst().contains("-"),
      !text.lowercased().contains("e-"), !text.hasPrefix("0x"), !text.hasPrefix("0o"), !text.hasPrefix("0b")
    else { return }
    // A blank may stand between a date and its time.
    if !text.contains(":"), current == UInt8(ascii: " "), offset + 1 < bytes.count,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset + 1])
    {
      offset += 1
      while let byte = current, isScalarByte(byte) { offset += 1 }
      text = String(decoding: bytes[start..<offset], as: UTF8.self)
    }
    let form =
      /([0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+\-][0-9]{2}:[0-9]{2})?)?|[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?)/
    guard text.wholeMatch(of: form) != nil else { throw fault(.time) }
  }

  private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

  private func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private func isScalarByte(_ byte: UInt8) -> Bool {
    isKeyByte(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
  }
}
