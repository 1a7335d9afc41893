/// A strict decoder of hexadecimal digits, two per byte: nothing but digits, an even number of them.
struct HexDecoder: Sendable {
  private var half: UInt8?
  /// Number of digits taken.
  private(set) var digits = 0

  /// Decodes the next digits.
  ///
  /// - Parameter text: The digits.
  /// - Returns: The bytes that the digits complete.
  /// - Throws: `ServiceError` (`notAudio`) at the first character that is no digit.
  mutating func decode(_ text: ArraySlice<UInt8>) throws(ServiceError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2 + 1)
    for character in text {
      guard let value = Self.value(of: character) else {
        throw ServiceError(
          .notAudio,
          .inline(.notHexadecimal(position: digits + 1, byte: character)))
      }
      digits += 1
      if let high = half {
        bytes.append(high << 4 | value)
        half = nil
      } else {
        half = value
      }
    }
    return bytes
  }

  /// Checks that no digit is left over.
  ///
  /// - Throws: `ServiceError` (`notAudio`) if one is.
  func finish() throws(ServiceError) {
    guard half == nil else {
      throw ServiceError(.notAudio, .inline(.oddDigits(digits)))
    }
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
