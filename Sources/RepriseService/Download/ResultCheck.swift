import Foundation

/// Tells a result from what gateways and object stores send in its place. Whether audio is good audio is verified
/// later.
enum ResultCheck {
  /// The error if `head`, a body's first kilobyte or all of it, is text: no audio, headerless samples among it, is.
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

  /// The code of an object store's error, such as `ExpiredToken`; `nil` if a body is none.
  static func storeCode(_ body: [UInt8]) -> String? {
    let text = String(decoding: body.prefix(4096), as: UTF8.self)
    guard let open = text.range(of: "<Code>"), let close = text[open.upperBound...].range(of: "</Code>") else {
      return nil
    }
    let code = text[open.upperBound..<close.lowerBound]
    // A word, as they all are; anything else is not shown.
    return (1...64).contains(code.utf8.count)
      && code.utf8.allSatisfy { $0 < 0x80 && Character(UnicodeScalar($0)).isLetter }
      ? String(code) : nil
  }

  /// Values of `Content-Encoding` that leave every byte as it is: RFC 9110's own word for that, what object stores keep
  /// of how a file was once uploaded to them (`aws-chunked`), and words for character sets and transfer that got there
  /// by mistake.
  private static let emptyCodings: Set<String> = [
    "", "identity", "aws-chunked", "none", "binary", "8bit", "7bit", "utf-8", "utf8",
  ]

  /// The error if the body is encoded in a way nobody asked for.
  ///
  /// - Parameter value: of `Content-Encoding`, a list (RFC 9110, section 8.4).
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
    // The head may end inside a character.
    return (0...min(3, bytes.count - 1)).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
  }
}
