/// A position in the bytes of a text.
struct TextPosition: Equatable {
  /// Line, counted from 1 by line feeds, carriage returns and pairs of both.
  var line = 1
  /// Offset of the line's first byte.
  var lineStart = 0
  /// Offset of the position in the text.
  var offset = 0

  /// Returns the column in Unicode scalars from the beginning of the line, counted from 1, as editors show it.
  func column(in bytes: [UInt8]) -> Int {
    // In UTF-8 every scalar has exactly one byte that is not 0b10xxxxxx.
    1 + bytes[lineStart..<min(offset, bytes.count)].count { $0 & 0xC0 != 0x80 }
  }

  /// Advances over the byte at `offset`, counting lines.
  mutating func advance(in bytes: [UInt8]) {
    let byte = bytes[offset]
    offset += 1
    let isPair = byte == UInt8(ascii: "\r") && offset < bytes.count && bytes[offset] == UInt8(ascii: "\n")
    if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") && !isPair {
      line += 1
      lineStart = offset
    }
  }
}
