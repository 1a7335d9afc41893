/// Decodes Base64 (RFC 4648 §4) incrementally, in pieces of any size.
///
/// The decoder is strict: the standard alphabet, padding required, nothing after the padding, no white space, and no
/// bits left over in the last character. A faulty client fails here rather than at the paid service.
package struct Base64Decoder: Sendable {
  /// A fault of the text with its position.
  package enum Failure: Error, Equatable, Sendable {
    /// A character outside the alphabet, or one after the padding, at this offset of the Base64 text.
    case character(UInt8, offset: Int)
    /// The text ended before a group of four was full.
    case unfinished(length: Int)
    /// The last character holds bits that belong to no byte, so the text was cut or put together wrongly.
    case leftoverBits(offset: Int)
  }

  /// Number of characters read.
  package private(set) var length = 0
  private var bits: UInt32 = 0
  private var inGroup = 0
  private var padding = 0

  /// Creates a decoder at the start of its text.
  package init() {}

  /// Decodes more text and appends the bytes to `output`.
  ///
  /// - Throws: `Failure` at the first invalid character.
  package mutating func decode(_ text: borrowing Span<UInt8>, into output: inout [UInt8]) throws(Failure) {
    var index = 0
    while index < text.count {
      // Whole groups at once, which is nearly all of the text.
      if inGroup == 0, padding == 0 {
        while index + 4 <= text.count {
          let a = Self.values[Int(text[index])]
          let b = Self.values[Int(text[index + 1])]
          let c = Self.values[Int(text[index + 2])]
          let d = Self.values[Int(text[index + 3])]
          if (a | b | c | d) > 63 { break }
          output.append(a << 2 | b >> 4)
          output.append(b << 4 | c >> 2)
          output.append(c << 6 | d)
          index += 4
          length += 4
        }
        if index == text.count { return }
      }
      try decode(text[index], into: &output)
      index += 1
    }
  }

  /// Checks that the text is complete.
  package func finish() throws(Failure) {
    if inGroup != 0 { throw .unfinished(length: length) }
  }

  private mutating func decode(_ character: UInt8, into output: inout [UInt8]) throws(Failure) {
    let value = Self.values[Int(character)]
    if character == UInt8(ascii: "=") {
      guard inGroup >= 2 else { throw .character(character, offset: length) }
      padding += 1
    } else {
      guard value <= 63, padding == 0 else { throw .character(character, offset: length) }
      bits = bits << 6 | UInt32(value)
    }
    inGroup += 1
    length += 1
    guard inGroup == 4 else { return }
    switch padding {
    case 0:
      output.append(UInt8(truncatingIfNeeded: bits >> 16))
      output.append(UInt8(truncatingIfNeeded: bits >> 8))
      output.append(UInt8(truncatingIfNeeded: bits))
    case 1:
      guard bits & 0b11 == 0 else { throw .leftoverBits(offset: length - 2) }
      output.append(UInt8(truncatingIfNeeded: bits >> 10))
      output.append(UInt8(truncatingIfNeeded: bits >> 2))
    default:
      guard bits & 0b1111 == 0 else { throw .leftoverBits(offset: length - 3) }
      output.append(UInt8(truncatingIfNeeded: bits >> 4))
    }
    bits = 0
    inGroup = 0
    // A padded group is the last: `padding` stays set, so any further character is refused.
    if padding > 0 { padding = 3 }
  }

  /// The six bits of each character, 255 for those outside the alphabet.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, character) in alphabet.utf8.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()
}
