/// Parses one line of JSON Lines (RFC 8259) that contains a flat object, with the position of every value.
///
/// Foundation's decoder reports neither the position of a value nor a duplicate key, which in a list of purchases is a
/// mistake worth reporting.
struct JSONObjectText {
  private let bytes: [UInt8]
  private let line: TextPosition
  private let end: Int
  private var offset: Int

  /// Creates a parser of the line that begins at `line` and ends before `end`.
  init(_ bytes: [UInt8], line: TextPosition, end: Int) {
    self.bytes = bytes
    self.line = line
    self.end = end
    offset = line.offset
  }

  /// Returns the row on this line, or nil if the line is blank.
  ///
  /// Invalid keys and values are added to `problems` and omitted from the row.
  ///
  /// - Throws: `ManifestProblem` if the line is not a JSON object.
  mutating func row(problems: inout ProblemList) throws(ManifestProblem) -> RawRow? {
    skipBlanks()
    guard offset < end else { return nil }
    var row = RawRow(line: line.line)
    try expect("{", "each line is one JSON object, such as {\"path\": \"song.wav\"}")
    skipBlanks()
    if take("}") { return try ending(row) }
    repeat {
      skipBlanks()
      let keyPosition = position
      let key = try string("a key in quotes")
      skipBlanks()
      try expect(":", "a key and its value have a ':' between them")
      skipBlanks()
      let valuePosition = position
      switch ManifestColumn.meaning(of: key) {
      case .comment: try skipValue(depth: 0)
      case .unknown:
        problems.add(problem(keyPosition, .unknownKey(shortened(key))))
        try skipValue(depth: 0)
      case .column(let column):
        if row.fields[column] != nil { problems.add(problem(keyPosition, .keyTwice(column.rawValue))) }
        row.fields[column] = DelimitedText.Field(text: "", position: valuePosition)
        if isAt("\"") {
          row.fields[column]?.text = try string("a string")
        } else if bytes[offset..<end].starts(with: Array("null".utf8)) {
          offset += 4
        } else {
          row.faulty.insert(column)
          problems.add(problem(valuePosition, .notString(column.rawValue)))
          try skipValue(depth: 0)
        }
      }
      skipBlanks()
    } while take(",")
    try expect("}", "an object ends with '}' on the line on which it begins")
    return try ending(row)
  }

  private mutating func ending(_ row: RawRow) throws(ManifestProblem) -> RawRow {
    skipBlanks()
    guard offset == end else { throw problem(position, .json(.textBehind)) }
    return row
  }

  // MARK: Tokens

  private var position: TextPosition { TextPosition(line: line.line, lineStart: line.lineStart, offset: offset) }

  private func problem(_ position: TextPosition, _ fault: ManifestProblem.Fault) -> ManifestProblem {
    ManifestProblem(line: position.line, column: position.column(in: bytes), fault)
  }

  private func isAt(_ scalar: Unicode.Scalar) -> Bool { offset < end && bytes[offset] == UInt8(ascii: scalar) }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard isAt(scalar) else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ scalar: Unicode.Scalar, _ rule: String) throws(ManifestProblem) {
    guard take(scalar) else { throw problem(position, .json(.missing(String(scalar), rule: rule))) }
  }

  private mutating func skipBlanks() {
    while offset < end, [0x20, 0x09, 0x0D].contains(bytes[offset]) { offset += 1 }
  }

  private mutating func string(_ what: String) throws(ManifestProblem) -> String {
    let start = position
    guard take("\"") else { throw problem(start, .json(.noString(what))) }
    var value: [UInt8] = []
    while true {
      guard offset < end else { throw problem(start, .json(.openString)) }
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: value, as: UTF8.self) else {
          throw problem(start, .notUTF8(isJSON: true))
        }
        return text
      case UInt8(ascii: "\\"): value += String(try escape()).utf8
      case ..<0x20:
        offset -= 1
        throw problem(position, .json(.controlCharacter))
      default: value.append(byte)
      }
    }
  }

  private static let escapes: [UInt8: Unicode.Scalar] = [
    0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{08}", 0x66: "\u{0C}", 0x6E: "\n", 0x72: "\r", 0x74: "\t",
  ]

  /// Parses the rest of an escape after the backslash; pairs of surrogates make one scalar.
  private mutating func escape() throws(ManifestProblem) -> Unicode.Scalar {
    let start = TextPosition(line: line.line, lineStart: line.lineStart, offset: offset - 1)
    guard offset < end else { throw problem(start, .json(.lastBackslash)) }
    if let plain = Self.escapes[bytes[offset]] {
      offset += 1
      return plain
    }
    guard take("u"), let first = hex() else {
      throw problem(start, .json(.escape))
    }
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take("\\"), take("u"), let second = hex(), (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + ((first & 0x3FF) << 10 | second & 0x3FF))
    else { throw problem(start, .json(.surrogate)) }
    return scalar
  }

  private mutating func hex() -> UInt32? {
    guard end - offset >= 4 else { return nil }
    var value: UInt32 = 0
    for byte in bytes[offset..<offset + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
      value = value << 4 | UInt32(digit)
    }
    offset += 4
    return value
  }

  // MARK: Values of unknown keys

  /// Maximum nesting depth of values.
  private static let deepest = 32

  private mutating func skipValue(depth: Int) throws(ManifestProblem) {
    guard depth < Self.deepest else { throw problem(position, .json(.nesting(limit: Self.deepest))) }
    if isAt("\"") {
      _ = try string("a string")
    } else if take("{") {
      try skipMembers(until: "}", depth: depth) { (text: inout Self) throws(ManifestProblem) in
        _ = try text.string("a key in quotes")
        text.skipBlanks()
        try text.expect(":", "a key and its value have a ':' between them")
        text.skipBlanks()
      }
    } else if take("[") {
      try skipMembers(until: "]", depth: depth) { (_: inout Self) throws(ManifestProblem) in }
    } else {
      let start = offset
      let word = bytes[start..<end].prefix { byte in
        let scalar = Unicode.Scalar(byte)
        return byte < 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
          || [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte)
      }
      guard Self.isLiteral(String(decoding: word, as: UTF8.self)) else {
        throw problem(position, .json(.noValue))
      }
      offset = start + word.count
    }
  }

  private mutating func skipMembers(
    until closing: Unicode.Scalar, depth: Int, key: (inout Self) throws(ManifestProblem) -> Void
  ) throws(ManifestProblem) {
    skipBlanks()
    if take(closing) { return }
    repeat {
      skipBlanks()
      try key(&self)
      try skipValue(depth: depth + 1)
      skipBlanks()
    } while take(",")
    try expect(closing, "what is opened on a line is closed on it")
  }

  private static func isLiteral(_ word: String) -> Bool {
    ["true", "false", "null"].contains(word)
      || word.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil
  }
}
