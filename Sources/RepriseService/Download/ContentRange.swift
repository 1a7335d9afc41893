/// What a `Content-Range` says (RFC 9110, section 14.4); only bytes count.
struct ContentRange: Equatable {
  /// First and last byte of what comes, `nil` where nothing does (`bytes */N`).
  var part: ClosedRange<Int>?
  /// The whole's length in bytes, `nil` where the host doesn't know it.
  var total: Int?

  /// Reads a field's value; `nil` if it is none, or claims what can't be.
  init?(_ value: String?) {
    guard let words = value?.split(separator: " ", omittingEmptySubsequences: true), words.count == 2,
      words[0].lowercased() == "bytes"
    else { return nil }
    let sides = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard sides.count == 2 else { return nil }
    if sides[1] != "*" {
      guard let number = Self.number(sides[1]) else { return nil }
      total = number
    }
    if sides[0] == "*" {
      // It would say nothing at all.
      guard total != nil else { return nil }
      return
    }
    let bounds = sides[0].split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2, let first = Self.number(bounds[0]), let last = Self.number(bounds[1]), first <= last,
      last < total ?? .max
    else { return nil }
    part = first...last
  }

  /// Digits and nothing else: `Int` would take a sign.
  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
  }
}
