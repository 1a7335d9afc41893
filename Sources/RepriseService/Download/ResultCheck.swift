import Foundation

/// Distinguishes a result from the text that gateways and object stores send in its place.
///
/// The quality of the audio is verified later.
enum ResultCheck {
  /// Returns the error for a body that is text, which no audio is, headerless samples included.
  ///
  /// `head` is the body's first kilobyte or all of it.
  static func textInsteadOfAudio(_ head: [UInt8], contentType: String?) -> ServiceError? {
    guard !head.isEmpty else {
      return ServiceError(.notAudio, .result(.empty))
    }
    guard isText(head) else { return nil }
    let start = String(decoding: head.prefix(512), as: UTF8.self).lowercased().drop {
      $0.isWhitespace || $0 == "\u{FEFF}"
    }
    let kind: ServiceError.ResultProblem.TextKind =
      if start.hasPrefix("<!doctype html") || start.contains("<html") {
        .page
      } else if start.hasPrefix("<") {
        .xml
      } else if start.hasPrefix("{") || start.hasPrefix("[") {
        .json
      } else {
        .plain
      }
    return ServiceError(
      .notAudio, .result(.text(kind: kind, mediaType: contentType.map { printable($0, limit: 60) })))
  }

  /// Returns the code of an object store's error, such as `ExpiredToken`, or `nil` if a body is none.
  static func storeCode(_ body: [UInt8]) -> String? {
    let text = String(decoding: body.prefix(4096), as: UTF8.self)
    guard let open = text.range(of: "<Code>"), let close = text[open.upperBound...].range(of: "</Code>") else {
      return nil
    }
    let code = text[open.upperBound..<close.lowerBound]
    // A code is one word; anything else is not shown.
    return (1...64).contains(code.utf8.count)
      && code.utf8.allSatisfy { $0 < 0x80 && Character(UnicodeScalar($0)).isLetter }
      ? String(code) : nil
  }

  /// Values of `Content-Encoding` that leave every byte unchanged.
  ///
  /// They are RFC 9110's `identity`, values that object stores keep from the upload (`aws-chunked`), and misplaced
  /// names of character sets and transfer codings.
  private static let emptyCodings: Set<String> = [
    "", "identity", "aws-chunked", "none", "binary", "8bit", "7bit", "utf-8", "utf8",
  ]

  /// Returns the error for a body with a content coding that was not requested.
  ///
  /// - Parameter value: The value of `Content-Encoding`, a list (RFC 9110, section 8.4).
  /// - Returns: The error; `nil` if the body is not encoded.
  static func unaskedEncoding(_ value: String?) -> ServiceError? {
    let codings = (value ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    let changing = codings.filter { !emptyCodings.contains($0) }
    guard !changing.isEmpty else { return nil }
    return ServiceError(
      .notAudio, .result(.encoded(printable(changing.joined(separator: ", "), limit: 40))))
  }

  private static func isText(_ bytes: [UInt8]) -> Bool {
    let isPrintable = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
    guard isPrintable else { return false }
    // `head` may end inside a character.
    return (0...min(3, bytes.count - 1)).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
  }
}
