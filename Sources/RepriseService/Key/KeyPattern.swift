import Foundation

/// The forms in which one key may occur in a text.
///
/// They are: unchanged, percent-encoded, escaped as in JSON or HTML, with blanks or line ends in it, in Base64 at any
/// alignment, in hexadecimal; all case-insensitive, since host names and header fields change the case.
struct KeyPattern: Sendable, Hashable {
  /// A form, as the sequence of bytes to match.
  private struct Form: Sendable, Hashable {
    var bytes: [UInt8]
    /// `true` for Base64, in which the characters around a match belong to it, since they share bits with the key's
    /// ends.
    var isBase64 = false
    /// Offsets in the form at which a match may begin, by the byte there.
    var offsets: [UInt8: [Int]] = [:]
  }

  private let forms: [Form]
  /// `true` if only whole words match, since a short key may be part of a word.
  private let isShort: Bool
  /// A table of the bytes with which a match may begin.
  private let starts: [Bool]

  /// Minimum length of a key in bytes; a shorter one is no secret, and would be found in any text.
  private static let shortest = 4
  /// Length in bytes below which keys match whole words only.
  private static let shortBelow = 8
  /// Minimum length in bytes of a piece of a key that is removed too: texts are cut, and services show parts of keys.
  private static let leastPiece = 12
  /// Minimum length in bytes of such a piece at the key's end.
  private static let leastEnd = 8
  /// Minimum length in bytes of such a piece before an ellipsis.
  private static let leastBeforeEllipsis = 6

  /// Creates the pattern of a key; fails for a key that is too short to be distinguished from other text.
  init?(_ secret: String) {
    let bytes = Array(secret.utf8).map(Self.lowered)
    guard bytes.count >= Self.shortest else { return nil }
    isShort = bytes.count < Self.shortBelow
    var forms = [Form(bytes: bytes)]
    if !isShort {
      forms.append(
        Form(bytes: Array(secret.utf8).flatMap { Array(String(0x100 + Int($0), radix: 16).utf8.dropFirst()) }))
      for offset in 0..<3 {
        let core = Self.base64(Array(secret.utf8), after: offset)
        forms.append(Form(bytes: core.map(Self.lowered), isBase64: true))
        let other = core.map {
          $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
        }
        if other != core { forms.append(Form(bytes: other.map(Self.lowered), isBase64: true)) }
      }
    }
    for index in forms.indices {
      // Offsets at which a matching piece may begin; for a short key only its beginning.
      let last = isShort ? 0 : max(0, forms[index].bytes.count - Self.leastEnd)
      for offset in 0...last { forms[index].offsets[forms[index].bytes[offset], default: []].append(offset) }
    }
    self.forms = forms
    var starts = [Bool](repeating: false, count: 256)
    for first in forms.flatMap(\.offsets.keys) + [UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "&")] {
      starts[Int(first)] = true
      if (0x61...0x7A).contains(first) { starts[Int(first - 0x20)] = true }
    }
    self.starts = starts
  }

  /// Returns the characters of Base64 that the key alone determines, if it begins `offset` bytes into a group.
  private static func base64(_ secret: [UInt8], after offset: Int) -> [UInt8] {
    let text = Data([UInt8](repeating: 0, count: offset) + secret).base64EncodedString().utf8.filter {
      $0 != UInt8(ascii: "=")
    }
    let isTailShared = (offset + secret.count) % 3 != 0
    return Array(text.dropFirst(offset == 0 ? 0 : offset + 1).dropLast(isTailShared ? 1 : 0))
  }

  /// Returns the ranges of the key, or of pieces of it, in `text`, in order and without overlap.
  ///
  /// - Parameters:
  ///   - text: The text to search.
  ///   - isWhole: `true` to match only the whole key, and no piece of it.
  /// - Returns: The ranges of bytes.
  func ranges(in text: [UInt8], isWhole: Bool) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    while index < text.count {
      guard starts[Int(text[index])],
        let range = match(in: text, at: index, isWhole, after: found.last?.upperBound ?? 0)
      else {
        index += 1
        continue
      }
      found.append(range)
      index = range.upperBound
    }
    return found
  }

  private func match(in text: [UInt8], at start: Int, _ isWhole: Bool, after floor: Int) -> Range<Int>? {
    var longest: Range<Int>?
    guard let first = EncodedText.unit(in: text, at: start).map({ Self.lowered($0.byte) }) else { return nil }
    for form in forms {
      for offset in form.offsets[first] ?? [] where offset == 0 || !isWhole {
        guard let end = end(of: form, from: offset, in: text, at: start, isWhole) else { continue }
        var range = start..<end
        if isShort, !stands(range, aloneIn: text) { continue }
        if form.isBase64 { range = grown(range, in: text, after: floor) }
        if range.count > longest?.count ?? 0 { longest = range }
      }
    }
    return longest
  }

  /// Returns the end of a match of a form, or of its part from `offset` on, at `start` in a text.
  private func end(of form: Form, from offset: Int, in text: [UInt8], at start: Int, _ isWhole: Bool) -> Int? {
    var index = start
    var end = start
    var matched = offset
    while matched < form.bytes.count {
      guard let unit = EncodedText.unit(in: text, at: index), Self.lowered(unit.byte) == form.bytes[matched] else {
        break
      }
      matched += 1
      index = unit.end
      end = index
      if !isShort, matched < form.bytes.count { index = EncodedText.afterBreaks(in: text, at: index) }
    }
    if matched == form.bytes.count { return end }
    guard !isShort, !isWhole else { return nil }
    let isCut = offset == 0 && EncodedText.isEllipsis(in: text, at: index)
    return matched - offset >= (isCut ? Self.leastBeforeEllipsis : Self.leastPiece) ? end : nil
  }

  private func stands(_ range: Range<Int>, aloneIn text: [UInt8]) -> Bool {
    func isWord(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(Self.lowered(byte)) || byte >= 0x80
    }
    let before = range.lowerBound > 0 && isWord(text[range.lowerBound - 1])
    let after = range.upperBound < text.count && isWord(text[range.upperBound])
    return !before && !after
  }

  private func grown(_ range: Range<Int>, in text: [UInt8], after floor: Int) -> Range<Int> {
    func isBase64(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(Self.lowered(byte))
        || [UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "=")].contains(
          byte)
    }
    var (low, high) = (range.lowerBound, range.upperBound)
    while low > floor, isBase64(text[low - 1]) { low -= 1 }
    while high < text.count, isBase64(text[high]) { high += 1 }
    return low..<high
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }
}

/// The encodings of characters in URLs, JSON and HTML.
enum EncodedText {
  /// Returns the byte that is encoded at `index`, and the index after its encoding.
  static func unit(in text: [UInt8], at index: Int) -> (byte: UInt8, end: Int)? {
    guard index < text.count else { return nil }
    let literal = (text[index], index + 1)
    switch text[index] {
    case UInt8(ascii: "%"):
      // Encoded once or, as in a URL inside a URL, several times: %41, %2541, …
      var at = index + 1
      while at + 3 < text.count, text[at] == UInt8(ascii: "2"), text[at + 1] == UInt8(ascii: "5"),
        number(text, at + 2, 2) != nil
      {
        at += 2
      }
      return number(text, at, 2).map { (UInt8($0), at + 2) } ?? literal
    case UInt8(ascii: "\\"):
      guard index + 1 < text.count else { return literal }
      switch text[index + 1] {
      case UInt8(ascii: "u"):
        guard let value = number(text, index + 2, 4), value < 0x80 else { return literal }
        return (UInt8(value), index + 6)
      case UInt8(ascii: "x"):
        guard let value = number(text, index + 2, 2), value < 0x80 else { return literal }
        return (UInt8(value), index + 4)
      case let next where next == UInt8(ascii: "/") || next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\"):
        return (next, index + 2)
      default: return literal
      }
    case UInt8(ascii: "&"): return entity(in: text, at: index) ?? literal
    default: return literal
    }
  }

  /// Decodes `&#115;`, `&#x73;` and the named entities of XML.
  private static func entity(in text: [UInt8], at index: Int) -> (byte: UInt8, end: Int)? {
    let name = text[(index + 1)...].prefix(8).prefix { $0 != UInt8(ascii: ";") }
    let end = index + 1 + name.count
    guard end < text.count, text[end] == UInt8(ascii: ";") else { return nil }
    let word = String(decoding: name, as: UTF8.self).lowercased()
    let named: [String: UInt8] = ["amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27]
    let value: Int? =
      if word.hasPrefix("#x") {
        Int(word.dropFirst(2), radix: 16)
      } else if word.hasPrefix("#") {
        Int(word.dropFirst())
      } else {
        named[word].map(Int.init)
      }
    guard let value, (0..<0x80).contains(value) else { return nil }
    return (UInt8(value), end + 1)
  }

  private static func number(_ text: [UInt8], _ start: Int, _ count: Int) -> Int? {
    guard start + count <= text.count else { return nil }
    var value = 0
    for byte in text[start..<start + count] {
      switch byte {
      case 0x30...0x39: value = value << 4 | Int(byte - 0x30)
      case 0x41...0x46: value = value << 4 | Int(byte - 0x37)
      case 0x61...0x66: value = value << 4 | Int(byte - 0x57)
      default: return nil
      }
    }
    return value
  }

  /// Sequences that break a long word over lines: blanks, line ends as they are or escaped, and zero-width characters.
  private static let breaks: [[UInt8]] = [
    [0x20], [0x09], [0x0A], [0x0D], Array("\\\n".utf8), Array("\\n".utf8), Array("\\r".utf8), Array("\\t".utf8),
    Array("=\r\n".utf8), Array("=\n".utf8), Array("%0a".utf8), Array("%0A".utf8), Array("%0d".utf8), Array("%0D".utf8),
    Array("%20".utf8), Array("\u{AD}".utf8), Array("\u{200B}".utf8), Array("\u{200C}".utf8), Array("\u{200D}".utf8),
    Array("\u{2028}".utf8), Array("\u{2060}".utf8), Array("\u{FEFF}".utf8),
  ]

  /// Returns the index after the breaks at `index`; `index` itself if there are none.
  static func afterBreaks(in text: [UInt8], at index: Int) -> Int {
    var index = index
    let end = min(index + 64, text.count)
    while index < end, text[index] <= 0x25 || text[index] == 0x3D || text[index] == 0x5C || text[index] >= 0xC2,
      let found = breaks.first(where: { text[index...].starts(with: $0) })
    {
      index += found.count
    }
    return index
  }

  /// `true` if an ellipsis at `index` shows that the text was cut.
  static func isEllipsis(in text: [UInt8], at index: Int) -> Bool {
    let rest = text[min(index, text.count)...]
    return rest.starts(with: Array("…".utf8)) || rest.starts(with: Array("...".utf8))
      || rest.starts(with: Array("***".utf8))
  }
}
