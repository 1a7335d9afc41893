/// A `Content-Range` field (RFC 9110, section 14.4) in bytes; other units are ignored.
struct ContentRange: Equatable {
  /// First and last byte of the part; `nil` if the response holds none (`bytes */N`).
  var part: ClosedRange<Int>?
  /// Length of the whole in bytes; `nil` if the host does not know it.
  var total: Int?

  /// Parses a field's value; fails if there is none, or it is inconsistent.
  init?(_ value: String?) {
    guard let parts = value?.split(separator: " ", omittingEmptySubsequences: true), parts.count == 2,
      parts[0].lowercased() == "bytes"
    else { return nil }
    let sides = parts[1].split(separator: "/", omittingEmptySubsequences: false)
    guard sides.count == 2 else { return nil }
    if sides[1] != "*" {
      guard let number = Self.number(sides[1]) else { return nil }
      total = number
    }
    if sides[0] == "*" {
      // A field without part and length tells nothing.
      guard total != nil else { return nil }
      return
    }
    let bounds = sides[0].split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2, let first = Self.number(bounds[0]), let last = Self.number(bounds[1]), first <= last,
      last < total ?? .max
    else { return nil }
    part = first...last
  }

  /// Returns the number that digits alone spell; `Int` would accept a sign.
  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
  }
}
