/// An outline of a JSON text of any length that fits into memory: long strings are replaced by placeholders.
///
/// In the outline `{"": 0}` represents the first long string, `{"": 1}` the second, and so on. Memory is bounded: the
/// outline holds at most `largestOutline` bytes.
package struct AnswerOutline: Sendable {
  /// Length in bytes above which strings are left out: presigned URLs are shorter, covers longer.
  package static let longString = 16_384
  /// Maximum length of an outline in bytes.
  package static let largestOutline = 1_000_000

  /// Text of the outline, which is JSON if the input is.
  package private(set) var text: [UInt8] = []
  /// Byte ranges of the contents of each long string in the input, without the quotes.
  package private(set) var spans: [Range<Int>] = []

  /// Creates an empty outline.
  package init() {}

  private var position = 0
  /// Positions of the current string in outline and input: of its opening quote there, of its first byte here.
  private var opened: (outline: Int, text: Int)?
  private var isEscaped = false

  /// Takes the next bytes of the input.
  ///
  /// - Parameter bytes: The bytes.
  /// - Throws: `ServiceError` (`badAnswer`) if the outline exceeds its maximum length.
  package mutating func take(_ bytes: ArraySlice<UInt8>) throws(ServiceError) {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if let start = opened, !isEscaped, position - start.text > Self.longString {
        // Only the end of a long string matters.
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

  /// `true` if the input ended inside a string.
  package var isCutInString: Bool { opened != nil }
}
