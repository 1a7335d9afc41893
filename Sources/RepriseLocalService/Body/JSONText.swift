/// Where and why a text is not the JSON object that is wanted.
package struct JSONProblem: Error, Equatable, CustomStringConvertible, Sendable {
  /// The offset in bytes from the start of the body.
  package let offset: Int
  /// What was wrong there, lower-case.
  package let words: String

  package init(offset: Int, _ words: String) {
    self.offset = offset
    self.words = words
  }

  package var description: String { "invalid JSON at byte \(offset): \(words)" }
}

/// Takes the text of one long string value while it arrives.
package protocol TextSink: ~Copyable {
  /// Takes bytes of the string's text, its JSON escapes resolved.
  mutating func append(_ text: borrowing Span<UInt8>) throws
  /// Takes one byte of the text.
  mutating func append(_ byte: UInt8) throws
}

/// A member of the scanned object.
package enum JSONMember: Equatable, Sendable {
  /// The value's JSON text, as it stood.
  case text([UInt8])
  /// A value that was longer than may be kept; its length in bytes of JSON text.
  case tooLong(Int)
  /// A string whose text went to the sink.
  case streamed
}

/// Bounds on what a scanned object may look like.
package struct JSONBounds: Sendable {
  /// How deep objects and arrays may nest, the outermost counting as 1.
  package var depth = 32
  /// The longest kept value, in bytes of JSON text.
  package var value = 65_536
  /// The longest kept member name, in bytes of JSON text; longer names are of no member known here.
  package var name = 256

  package init() {}
}
