internal import Foundation

/// Parses one JSON object (RFC 8259) incrementally, in pieces of any size, without keeping the text in memory.
///
/// One string member of any length is passed on while it is read; the other wanted members are kept as JSON text up to
/// a bound; everything else in the object is checked and discarded. Memory therefore does not grow with the body. A
/// wanted member that occurs twice is refused, as the choice between the two would be a guess (RFC 7493 §2.3).
package struct JSONObjectScanner<Sink: TextSink & ~Copyable>: ~Copyable {
  /// The sink for the text of the streamed member.
  package var sink: Sink
  /// The wanted members read up to now.
  package private(set) var members: [String: JSONMember] = [:]
  /// Number of bytes read.
  package private(set) var offset = 0

  private let streamedName: String
  private let wantedNames: Set<String>
  private let bounds: JSONBounds

  private var expected: Expected = .object
  private var containers: [Container] = []
  private var string = StringState()
  private var role: Role = .value
  private var number: NumberState = .minus
  private var literal: (rest: ArraySlice<UInt8>, word: String) = ([], "")
  private var nameText: [UInt8] = []
  private var nameOverflowed = false
  private var name = ""
  private var keeping = false
  private var kept: [UInt8] = []
  private var keptLength = 0

  /// Creates a scanner at the start of a body.
  ///
  /// - Parameters:
  ///   - streamedName: Name of the member whose string goes to `sink`.
  ///   - sink: The sink for the text of the streamed member.
  ///   - wantedNames: Names of the members whose JSON text is kept.
  ///   - bounds: Bounds on the object.
  package init(
    streaming streamedName: String, into sink: consuming Sink, keeping wantedNames: Set<String>, bounds: JSONBounds
  ) {
    self.streamedName = streamedName
    self.sink = sink
    self.wantedNames = wantedNames
    self.bounds = bounds
  }

  private enum Container { case object, array }
  private enum Role { case name, value, streamed }
  private enum Expected {
    case object, firstName, name, colon, value, firstElement, separator
    case string, number, literal, end
  }
  private enum NumberState { case minus, zero, integer, point, fraction, exponent, exponentSign, exponentDigits }

  /// Scans more of the body.
  ///
  /// - Throws: `JSONProblem`, or an error of the sink.
  package mutating func scan(_ bytes: borrowing Span<UInt8>) throws {
    var index = 0
    while index < bytes.count {
      if case .string = expected, string.isPlain {
        let start = index
        while index < bytes.count, StringState.isPlain(bytes[index]) { index += 1 }
        if index > start {
          try take(bytes.extracting(start..<index))
          offset += index - start
          continue
        }
      }
      try scan(bytes[index])
      index += 1
      offset += 1
    }
  }

  /// Checks that the object is complete.
  package func finish() throws(JSONProblem) {
    if case .end = expected { return }
    let inside = containers.isEmpty ? "before the object begins" : "inside the object"
    throw JSONProblem(
      offset: offset, offset == 0 ? "the body is empty; a JSON object is wanted" : "the body ends \(inside)")
  }

  // MARK: - One byte

  private mutating func scan(_ byte: UInt8) throws {
    switch expected {
    case .string: try scanString(byte)
    case .number: try scanNumber(byte)
    case .literal: try scanLiteral(byte)
    default:
      if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
        if keeping { keep(byte) }
        return
      }
      try scanStructure(byte)
    }
  }

  private mutating func scanStructure(_ byte: UInt8) throws(JSONProblem) {
    switch (expected, byte) {
    case (.object, UInt8(ascii: "{")):
      containers.append(.object)
      expected = .firstName
    case (.firstName, UInt8(ascii: "\"")), (.name, UInt8(ascii: "\"")):
      if keeping { keep(byte) }
      beginName()
    case (.firstName, UInt8(ascii: "}")), (.firstElement, UInt8(ascii: "]")):
      close(byte)
    case (.colon, UInt8(ascii: ":")):
      if keeping { keep(byte) }
      expected = .value
    case (.value, _), (.firstElement, _):
      try beginValue(byte)
    case (.separator, UInt8(ascii: ",")):
      if keeping { keep(byte) }
      expected = containers.last == .object ? .name : .value
    case (.separator, UInt8(ascii: "}")) where containers.last == .object,
      (.separator, UInt8(ascii: "]")) where containers.last == .array:
      close(byte)
    default:
      throw problem("expected \(wanted), found \(Self.shown(byte))")
    }
  }

  private mutating func beginName() {
    role = .name
    string = StringState()
    expected = .string
    if containers.count == 1 {
      nameText = [UInt8(ascii: "\"")]
      nameOverflowed = false
    }
  }

  private mutating func beginValue(_ byte: UInt8) throws(JSONProblem) {
    if containers.count == 1 {
      let known = name == streamedName || wantedNames.contains(name)
      if known, members[name] != nil { throw problem("the member '\(name)' comes twice") }
      keeping = known && !(name == streamedName && byte == UInt8(ascii: "\""))
      kept = []
      keptLength = 0
      if known, !keeping { members[name] = .streamed }
    }
    if keeping { keep(byte) }
    switch byte {
    case UInt8(ascii: "\""):
      role = containers.count == 1 && name == streamedName ? .streamed : .value
      string = StringState()
      expected = .string
    case UInt8(ascii: "{"): try open(.object)
    case UInt8(ascii: "["): try open(.array)
    case UInt8(ascii: "-"): begin(.minus)
    case UInt8(ascii: "0"): begin(.zero)
    case UInt8(ascii: "1")...UInt8(ascii: "9"): begin(.integer)
    case UInt8(ascii: "t"): begin("true")
    case UInt8(ascii: "f"): begin("false")
    case UInt8(ascii: "n"): begin("null")
    default: throw problem("expected a value, found \(Self.shown(byte))")
    }
  }

  private mutating func open(_ container: Container) throws(JSONProblem) {
    guard containers.count < bounds.depth else { throw problem("nested deeper than \(bounds.depth) levels") }
    containers.append(container)
    expected = container == .object ? .firstName : .firstElement
  }

  private mutating func begin(_ state: NumberState) {
    number = state
    expected = .number
  }

  private mutating func begin(_ word: String) {
    literal = (Array(word.utf8)[1...], word)
    expected = .literal
  }

  private mutating func close(_ byte: UInt8) {
    if keeping, containers.count > 1 { keep(byte) }
    containers.removeLast()
    endValue()
  }

  private mutating func endValue() {
    expected = containers.isEmpty ? .end : .separator
    guard containers.count == 1, keeping else { return }
    members[name] = keptLength <= bounds.value ? .text(kept) : .tooLong(keptLength)
    keeping = false
    kept = []
  }

  // MARK: - Strings

  private mutating func scanString(_ byte: UInt8) throws {
    let event: StringState.Event
    do {
      event = try string.take(byte)
    } catch {
      throw problem(error.message)
    }
    switch role {
    case .streamed:
      switch event {
      case .text(let byte): try sink.append(byte)
      case .scalar(let scalar): for byte in Array(String(scalar).utf8) { try sink.append(byte) }
      case .nothing: break
      case .end: endValue()
      }
    case .value:
      if keeping { keep(byte) }
      if case .end = event { endValue() }
    case .name:
      if keeping { keep(byte) }
      if containers.count == 1 { keepName(byte) }
      if case .end = event { try endName() }
    }
  }

  private mutating func take(_ text: borrowing Span<UInt8>) throws {
    switch role {
    case .streamed: try sink.append(text)
    case .value: if keeping { keep(text) }
    case .name:
      if keeping { keep(text) }
      if containers.count == 1 { for index in text.indices { keepName(text[index]) } }
    }
  }

  private mutating func keepName(_ byte: UInt8) {
    if nameText.count < bounds.name { nameText.append(byte) } else { nameOverflowed = true }
  }

  private mutating func endName() throws(JSONProblem) {
    expected = .colon
    guard containers.count == 1 else { return }
    if nameOverflowed {
      name = ""
    } else if let decoded = try? JSONDecoder().decode(String.self, from: Data(nameText)) {
      name = decoded
    } else {
      throw problem("a member name holds half a surrogate pair")
    }
  }

  // MARK: - Numbers and words

  private mutating func scanNumber(_ byte: UInt8) throws {
    let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    switch (number, byte) {
    case (.minus, UInt8(ascii: "0")): number = .zero
    case (.minus, _) where isDigit: number = .integer
    case (.integer, _) where isDigit, (.fraction, _) where isDigit, (.exponentDigits, _) where isDigit: break
    case (.zero, UInt8(ascii: ".")), (.integer, UInt8(ascii: ".")): number = .point
    case (.point, _) where isDigit: number = .fraction
    case (.zero, UInt8(ascii: "e")), (.zero, UInt8(ascii: "E")), (.integer, UInt8(ascii: "e")),
      (.integer, UInt8(ascii: "E")), (.fraction, UInt8(ascii: "e")), (.fraction, UInt8(ascii: "E")):
      number = .exponent
    case (.exponent, UInt8(ascii: "+")), (.exponent, UInt8(ascii: "-")): number = .exponentSign
    case (.exponent, _) where isDigit, (.exponentSign, _) where isDigit: number = .exponentDigits
    case (.zero, _) where !isDigit, (.integer, _), (.fraction, _), (.exponentDigits, _):
      endValue()
      try scan(byte)
      return
    default: throw problem("a number cannot go on with \(Self.shown(byte))")
    }
    if keeping { keep(byte) }
  }

  private mutating func scanLiteral(_ byte: UInt8) throws(JSONProblem) {
    guard byte == literal.rest.first else { throw problem("expected '\(literal.word)', found \(Self.shown(byte))") }
    if keeping { keep(byte) }
    literal.rest = literal.rest.dropFirst()
    if literal.rest.isEmpty { endValue() }
  }

  // MARK: - Keeping

  private mutating func keep(_ byte: UInt8) {
    keptLength += 1
    if keptLength <= bounds.value { kept.append(byte) }
  }

  private mutating func keep(_ text: borrowing Span<UInt8>) {
    keptLength += text.count
    if keptLength <= bounds.value { for index in text.indices { kept.append(text[index]) } }
  }

  // MARK: - Words

  private func problem(_ message: String) -> JSONProblem { JSONProblem(offset: offset, message) }

  private var wanted: String {
    switch expected {
    case .object: "a JSON object '{'"
    case .firstName: "a member name or '}'"
    case .name: "a member name"
    case .colon: "':' after a member name"
    case .separator: containers.last == .object ? "',' or '}'" : "',' or ']'"
    case .end: "nothing after the object"
    default: "a value"
    }
  }

  private static func shown(_ byte: UInt8) -> String {
    byte > 0x20 && byte < 0x7F
      ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x" + String(byte, radix: 16, uppercase: true)
  }
}
