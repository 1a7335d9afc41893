import Foundation

/// A body as JSON, strict or slightly malformed.
struct AnswerJSON {
  /// Value of the body: an object, a list, or a text; never a string that is JSON itself.
  let value: Any
  /// `true` if the end of the text is missing; everything in `value` was received in full.
  let isCut: Bool

  private static let deepest = 3

  /// Parses a body, of several documents the first; fails if the body is not JSON.
  init?(_ body: [UInt8]) {
    let text = EventStream.texts(body)?.first { Self.read($0) != nil } ?? body
    guard let read = Self.read(text) else { return nil }
    self.init(read)
  }

  /// Returns all documents of a body that has several in sequence or as server-sent events.
  static func documents(_ body: [UInt8]) -> [AnswerJSON] {
    (EventStream.texts(body) ?? [body]).flatMap { text -> [AnswerJSON] in
      if let one = whole(text) { return one.map { [AnswerJSON($0)] } ?? [] }
      let all = LenientJSON.all(text)
      return all.isEmpty ? read(text).map { [AnswerJSON($0)] } ?? [] : all.map { AnswerJSON(($0.value, $0.isCut)) }
    }
  }

  private init(_ read: (value: Any, isCut: Bool)) {
    var (value, isCut) = read
    for _ in 0..<Self.deepest {
      guard let inner = Self.inside(value) else { break }
      value = inner.value
      isCut = isCut || inner.isCut
    }
    (self.value, self.isCut) = (value, isCut)
  }

  /// Parses a text that is strict JSON and nothing else; `.some(nil)` if that is a number or another scalar.
  private static func whole(_ body: [UInt8]) -> (value: Any, isCut: Bool)?? {
    guard let value = try? JSONSerialization.jsonObject(with: Data(body), options: [.fragmentsAllowed]) else {
      return .none
    }
    guard value is [String: Any] || value is [Any] || value is String else { return .some(nil) }
    // Foundation converts an integer that is too large to a binary fraction, which loses digits of an id.
    if hasLongNumber(body), let exact = LenientJSON(body), !exact.isCut { return (exact.value, false) }
    return (value, false)
  }

  /// `true` if there are more consecutive digits than in every `Int`.
  private static func hasLongNumber(_ body: [UInt8]) -> Bool {
    var count = 0
    for byte in body {
      count = (0x30...0x39).contains(byte) ? count + 1 : 0
      if count >= 19 { return true }
    }
    return false
  }

  private static func read(_ body: [UInt8]) -> (value: Any, isCut: Bool)? {
    if let one = whole(body) { return one }
    if body.starts(with: [0xFF, 0xFE]) || body.starts(with: [0xFE, 0xFF]) {
      return String(data: Data(body), encoding: .utf16).flatMap { LenientJSON(Array($0.utf8)) }.map {
        ($0.value, $0.isCut)
      }
    }
    return LenientJSON(body).map { ($0.value, $0.isCut) }
  }

  /// Returns the JSON in a string, since some services encode twice.
  static func inside(_ value: Any?) -> (value: Any, isCut: Bool)? {
    guard let text = value as? String, let first = text.utf8.first(where: { $0 > 0x20 }),
      first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return nil }
    return read(Array(text.utf8))
  }

  /// The single object that the body is, or that is the only element of a list; `nil` for anything else.
  var object: [String: Any]? { Self.object(value) }

  /// Returns the object that a value is, has as the only element of a list, or holds as text.
  static func object(_ value: Any?) -> [String: Any]? {
    if let fields = value as? [String: Any] { return fields }
    if let list = value as? [Any], list.count == 1 { return object(list[0]) }
    return inside(value).flatMap { $0.isCut ? nil : $0.value as? [String: Any] ?? object($0.value as? [Any]) }
  }
}
