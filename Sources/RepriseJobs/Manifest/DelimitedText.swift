/// Parses records of comma-separated values (RFC 4180), one at a time, with the position of every field.
///
/// Line ends may be LF, CR LF or CR. Spaces are data, as section 2.4 says. Violations of the grammar (a quote inside an
/// unquoted field, text after a closing quote, an unclosed quote) are reported, never guessed at.
struct DelimitedText {
  /// A field without its quotes.
  struct Field {
    var text: String
    var place: TextPlace
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
  private var place: TextPlace

  /// Creates a parser of `bytes`, starting at `place`.
  init(_ bytes: [UInt8], delimiter: UInt8, from place: TextPlace) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.place = place
  }

  /// Returns the next record, or nil at the end.
  ///
  /// A line end at the end of the text begins no record.
  mutating func next() -> Record? {
    guard place.offset < bytes.count else { return nil }
    var record = Record(line: place.line)
    while true {
      do {
        record.fields.append(try isAt(Self.quote) ? quotedField() : plainField())
      } catch {
        record.problem = error
        skipLine()
        return record
      }
      guard isAt(delimiter) else { break }
      place.offset += 1
    }
    stepOverLineEnd()
    return record
  }

  private static let quote = UInt8(ascii: "\"")

  private var isAtEnd: Bool { place.offset >= bytes.count }
  private func isAt(_ byte: UInt8) -> Bool { place.offset < bytes.count && bytes[place.offset] == byte }
  private var isAtLineEnd: Bool { isAt(UInt8(ascii: "\n")) || isAt(UInt8(ascii: "\r")) }

  private mutating func plainField() throws(ManifestProblem) -> Field {
    let start = place
    while !isAtEnd, !isAt(delimiter), !isAtLineEnd {
      guard !isAt(Self.quote) else {
        throw problem(place, .strayQuote)
      }
      place.offset += 1
    }
    return Field(text: try text(bytes[start.offset..<place.offset], at: start), place: start)
  }

  private mutating func quotedField() throws(ManifestProblem) -> Field {
    let start = place
    var value: [UInt8] = []
    place.offset += 1
    while true {
      guard !isAtEnd, value.count < Self.longestField else {
        let limit = isAtEnd ? nil : Self.longestField
        // The beginning of the next record is unknown.
        place.offset = bytes.count
        throw problem(start, .openQuote(limit: limit))
      }
      if isAt(Self.quote) {
        place.offset += 1
        if !isAt(Self.quote) { break }
      }
      value.append(bytes[place.offset])
      place.advance(in: bytes)
    }
    guard isAtEnd || isAt(delimiter) || isAtLineEnd else {
      throw problem(place, .textBehindQuote)
    }
    return Field(text: try text(value[...], at: start), place: start)
  }

  private func text(_ slice: ArraySlice<UInt8>, at start: TextPlace) throws(ManifestProblem) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw problem(start, .notUTF8(isJSON: false))
    }
    return text
  }

  private func problem(_ place: TextPlace, _ fault: ManifestProblem.Fault) -> ManifestProblem {
    ManifestProblem(line: place.line, column: place.column(in: bytes), fault)
  }

  private mutating func skipLine() {
    while !isAtEnd, !isAtLineEnd { place.offset += 1 }
    stepOverLineEnd()
  }

  private mutating func stepOverLineEnd() {
    if isAt(UInt8(ascii: "\r")) { place.advance(in: bytes) }
    if isAt(UInt8(ascii: "\n")) { place.advance(in: bytes) }
  }
}
