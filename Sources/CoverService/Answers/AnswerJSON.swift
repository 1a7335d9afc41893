import Foundation

/// A body as JSON, strict or a little off.
struct AnswerJSON {
  /// An object, a list, or a text; never a string that is JSON itself.
  let value: Any
  /// Whether the end of the text is missing: what is here came whole.
  let isCut: Bool

  private static let deepest = 3

  /// Reads a body; nil if it is no JSON.
  init?(_ body: [UInt8]) {
    guard let read = Self.read(body) else { return nil }
    var (value, isCut) = read
    for _ in 0..<Self.deepest {
      guard let inner = Self.inside(value) else { break }
      value = inner.value
      isCut = isCut || inner.isCut
    }
    (self.value, self.isCut) = (value, isCut)
  }

  private static func read(_ body: [UInt8]) -> (value: Any, isCut: Bool)? {
    if let value = try? JSONSerialization.jsonObject(with: Data(body), options: [.fragmentsAllowed]) {
      return value is [String: Any] || value is [Any] || value is String ? (value, false) : nil
    }
    if body.starts(with: [0xFF, 0xFE]) || body.starts(with: [0xFE, 0xFF]) {
      return String(data: Data(body), encoding: .utf16).flatMap { LenientJSON(Array($0.utf8)) }.map {
        ($0.value, $0.isCut)
      }
    }
    return LenientJSON(body).map { ($0.value, $0.isCut) }
  }

  /// What a string holds that is JSON itself: some services encode twice.
  static func inside(_ value: Any?) -> (value: Any, isCut: Bool)? {
    guard let text = value as? String, let first = text.utf8.first(where: { $0 > 0x20 }),
      first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return nil }
    return read(Array(text.utf8))
  }

  /// The one object that the body is, or that stands alone in a list; nil for anything else.
  var object: [String: Any]? { Self.object(value) }

  /// The object that a value is, holds alone in a list, or has as text.
  static func object(_ value: Any?) -> [String: Any]? {
    if let fields = value as? [String: Any] { return fields }
    if let list = value as? [Any], list.count == 1 { return object(list[0]) }
    return inside(value).flatMap { $0.isCut ? nil : $0.value as? [String: Any] ?? object($0.value as? [Any]) }
  }
}
