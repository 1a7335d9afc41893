/// Parses records of comma-separated values (RFC 4180), one at a time, with the position of every field.
///
/// Line ends may be LF, CR LF or CR. Spaces are data, as section 2.4 says. Violations of the grammar (a quote inside an
/// unquoted field, text after a closing quote, an unclosed quote) are reported, never guessed at.
struct DelimitedText {
  /// A field without its quotes.
  struct Field {
    var text: String
    var position: TextPosition
  }

  /// A record, or the problem with it.
  struct Record {
    var line: Int
    var fields: [Field] = []
    /// Violation of the grammar; the fields are invalid then.
    var problem: ManifestProblem?

    /// `true` for an empty line, or cells that a spreadsheet left empty.
    var isBlank: Bool { problem == nil && fields.allSatisfy { $0.text.isEmpty } }
  }

  /// The supported field delimiters.
  static let delimiters = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
  /// Maximum length of a field, in bytes; a longer one is an unclosed quote.
  static let longestField = 1_000_000

  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var position: TextPosition

  /// Creates a parser of `bytes`, starting at `position`.
  init(_ bytes: [UInt8], delimiter: UInt8, from position: TextPosition) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.position = position
  }

  /// Returns the next record, or nil at the end.
  ///
  /// A line end at the end of the text begins no record.
  mutating func next() -> Record? {
    guard position.offset < bytes.count else { return nil }
    var record = Record(line: position.line)
    while true {
      do {
        record.fields.append(try isAt(Self.quote) ? quotedField() : plainField())
      } catch {
        record.problem = error
        skipLine()
        return record
      }
      guard isAt(delimiter) else { break }
      position.offset += 1
    }
    stepOverLineEnd()
    return record
  }

  private static let quote = UInt8(ascii: "\"")

  private var isAtEnd: Bool { position.offset >= bytes.count }
  private func isAt(_ byte: UInt8) -> Bool { position.offset < bytes.count && bytes[position.offset] == byte }
  private var isAtLineEnd: Bool { isAt(UInt8(ascii: "\n")) || isAt(UInt8(ascii: "\r")) }

  private mutating func plainField() throws(ManifestProblem) -> Field {
    let start = position
    while !isAtEnd, !isAt(delimiter), !isAtLineEnd {
      guard !isAt(Self.quote) else {
        throw problem(position, .strayQuote)
      }
      position.offset += 1
    }
    return Field(text: try text(bytes[start.offset..<position.offset], at: start), position: start)
  }

  private mutating func quotedField() throws(ManifestProblem) -> Field {
    let start = position
    var value: [UInt8] = []
    position.offset += 1
    while true {
      guard !isAtEnd, value.count < Self.longestField else {
        let limit = isAtEnd ? nil : Self.longestField
        // The beginning of the next record is unknown.
        position.offset = bytes.count
        throw problem(start, .openQuote(limit: limit))
      }
      if isAt(Self.quote) {
        position.offset += 1
        if !isAt(Self.quote) { break }
      }
      value.append(bytes[position.offset])
      position.advance(in: bytes)
    }
    guard isAtEnd || isAt(delimiter) || isAtLineEnd else {
      throw problem(position, .textBehindQuote)
    }
    return Field(text: try text(value[...], at: start), position: start)
  }

  private func text(_ slice: ArraySlice<UInt8>, at start: TextPosition) throws(ManifestProblem) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw problem(start, .notUTF8(isJSON: false))
    }
    return text
  }

  private func problem(_ position: TextPosition, _ fault: ManifestProblem.Fault) -> ManifestProblem {
    ManifestProblem(line: position.line, column: position.column(in: bytes), fault)
  }

  private mutating func skipLine() {
    while !isAtEnd, !isAtLineEnd { position.offset += 1 }
    stepOverLineEnd()
  }

  private mutating func stepOverLineEnd() {
    if isAt(UInt8(ascii: "\r")) { position.advance(in: bytes) }
    if isAt(UInt8(ascii: "\n")) { position.advance(in: bytes) }
  }
}
