/// An encoder of Base64 by RFC 4648, section 4: `+`, `/`, padded, no line ends.
enum Base64Encoder {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Returns the number of characters that `count` bytes are encoded in, or `nil` on overflow.
  static func length(of count: Int) -> Int? {
    let (sum, tooLarge) = count.addingReportingOverflow(2)
    let (length, stillTooLarge) = (sum / 3).multipliedReportingOverflow(by: 4)
    return tooLarge || stillTooLarge ? nil : length
  }

  /// Appends the encoding of `bytes`; only the last block of a stream may have a count not divisible by 3.
  static func append(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
    let alphabet = alphabet
    text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
    var index = bytes.startIndex
    while bytes.endIndex - index >= 3 {
      let word = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
      text.append(alphabet[word >> 18])
      text.append(alphabet[word >> 12 & 63])
      text.append(alphabet[word >> 6 & 63])
      text.append(alphabet[word & 63])
      index += 3
    }
    let left = bytes.endIndex - index
    guard left > 0 else { return }
    let word = Int(bytes[index]) << 16 | (left == 2 ? Int(bytes[index + 1]) << 8 : 0)
    text.append(alphabet[word >> 18])
    text.append(alphabet[word >> 12 & 63])
    text.append(left == 2 ? alphabet[word >> 6 & 63] : UInt8(ascii: "="))
    text.append(UInt8(ascii: "="))
  }
}
