/// A text that is not the JSON object expected, with the offset and the reason.
package struct JSONProblem: Error, Equatable, CustomStringConvertible, Sendable {
  /// Offset in bytes from the start of the body.
  package let offset: Int
  /// The reason, in lower case.
  package let message: String

  package init(offset: Int, _ message: String) {
    self.offset = offset
    self.message = message
  }

  package var description: String { "invalid JSON at byte \(offset): \(message)" }
}

/// Receives the text of one long string value incrementally.
package protocol TextSink: ~Copyable {
  /// Receives bytes of the string's text, with JSON escapes resolved.
  mutating func append(_ text: borrowing Span<UInt8>) throws
  /// Receives one byte of the text.
  mutating func append(_ byte: UInt8) throws
}

/// A member of the scanned object.
package enum JSONMember: Equatable, Sendable {
  /// The JSON text of the value, unchanged.
  case text([UInt8])
  /// A value longer than the limit; the number is its length in bytes of JSON text.
  case tooLong(Int)
  /// A string whose text went to the sink.
  case streamed
}

/// Bounds on a scanned object.
package struct JSONBounds: Sendable {
  /// Maximum nesting depth of objects and arrays, with the outermost counting as 1.
  package var depth = 32
  /// Maximum length of a kept value, in bytes of JSON text.
  package var value = 65_536
  /// Maximum length of a kept member name, in bytes of JSON text; no known member has a longer name.
  package var name = 256

  package init() {}
}
