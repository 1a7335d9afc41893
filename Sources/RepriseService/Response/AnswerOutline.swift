/// A JSON text of any length as an outline that fits into memory: strings that are long are left out and told by where
/// they stand.
///
/// In the outline `{"": 0}` stands for the first long string, `{"": 1}` for the second, and so on. Memory is flat: the
/// outline holds at most `largestOutline` bytes.
package struct AnswerOutline: Sendable {
  /// Strings of more bytes than this are left out: presigned URLs are shorter, covers longer.
  package static let longString = 16_384
  /// The most an outline may hold.
  package static let largestOutline = 1_000_000

  /// The outline, JSON if the text is.
  package private(set) var text: [UInt8] = []
  /// Where each long string's contents are, in bytes from the beginning, without the quotes.
  package private(set) var spans: [Range<Int>] = []

  /// An outline of nothing yet.
  package init() {}

  private var position = 0
  /// Where the outline held the string's opening quote, and the text its first byte, while in a string.
  private var opened: (outline: Int, text: Int)?
  private var isEscaped = false

  /// Takes the text's next bytes.
  ///
  /// - Throws: `ServiceError` (`badAnswer`) if the outline outgrows its limit.
  package mutating func take(_ bytes: ArraySlice<UInt8>) throws(ServiceError) {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if let start = opened, !isEscaped, position - start.text > Self.longString {
        // Of a long string only its end matters.
        let rest = bytes[index...]
        let next = rest.firstIndex { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") } ?? bytes.endIndex
        position += next - index
        index = next
        guard index < bytes.endIndex else { return }
      }
      step(bytes[index])
      position += 1
      index += 1
      guard text.count <= Self.largestOutline else {
        throw ServiceError(
          .badAnswer,
          .inline(.outlineTooLarge(limit: Self.largestOutline)))
      }
    }
  }

  private mutating func step(_ byte: UInt8) {
    guard let start = opened else {
      text.append(byte)
      if byte == UInt8(ascii: "\"") { opened = (text.count - 1, position + 1) }
      return
    }
    let isEnd = byte == UInt8(ascii: "\"") && !isEscaped
    isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    let isLong = position - start.text > Self.longString
    if !isLong { text.append(byte) }
    guard isEnd else { return }
    if isLong {
      text.removeLast(text.count - start.outline)
      text.append(contentsOf: "{\"\":\(spans.count)}".utf8)
      spans.append(start.text..<position)
    }
    opened = nil
  }

  /// Whether the text ended inside a string.
  package var isCutInString: Bool { opened != nil }
}
