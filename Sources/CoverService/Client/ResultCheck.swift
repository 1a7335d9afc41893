/// Tells a result from what gateways and object stores send in its place. Whether audio is good audio is verified later.
enum ResultCheck {
  /// The error if `head`, a body's first kilobyte or all of it, is text: no audio, headerless samples among it, is.
  static func textInsteadOfAudio(_ head: [UInt8], contentType: String?) -> ServiceError? {
    guard !head.isEmpty else {
      return ServiceError(.notAudio, "the result is empty; resuming the job asks for it again")
    }
    guard isText(head) else { return nil }
    let start = String(decoding: head.prefix(512), as: UTF8.self).lowercased().drop {
      $0.isWhitespace || $0 == "\u{FEFF}"
    }
    let kind =
      if start.hasPrefix("<!doctype html") || start.contains("<html") {
        "a web page"
      } else if start.hasPrefix("<") {
        "XML"
      } else if start.hasPrefix("{") || start.hasPrefix("[") {
        "JSON"
      } else {
        "text"
      }
    let label = contentType.map { " (\(printable($0, limit: 60)))" } ?? ""
    return ServiceError(
      .notAudio, "the result is \(kind)\(label), not audio; resuming the job asks for it again")
  }

  /// The error if the body is encoded in a way nobody asked for.
  static func unaskedEncoding(_ value: String?) -> ServiceError? {
    guard let value, !value.isEmpty, value.lowercased() != "identity" else { return nil }
    return ServiceError(
      .notAudio, "the result came with the encoding '\(printable(value, limit: 40))', which was not asked for")
  }

  private static func isText(_ bytes: [UInt8]) -> Bool {
    let isPrintable = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
    guard isPrintable else { return false }
    // The head may end inside a character.
    return (0...min(3, bytes.count - 1)).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
  }
}
