/// An element of an EBML file (RFC 8794 §5).
struct EBMLElement {
  /// Identifier, with the marker of its length.
  let id: UInt32
  /// Offset of the element.
  let start: Int
  /// Offset of the contents.
  let body: Int
  /// Size of the contents in bytes; `nil` if it is unknown.
  let size: Int?

  /// Offset behind the contents; `nil` if their size is unknown.
  var end: Int? { size.map { body + $0 } }

  /// Reads the element at an offset; `nil` if there is none, or it is invalid.
  init?(_ bytes: RawSpan, at offset: Int) {
    guard let first = bytes.byte(at: offset), first >= 0x10 else { return nil }
    let width = first.leadingZeroBitCount + 1
    var id: UInt32 = 0
    for index in 0..<width {
      guard let byte = bytes.byte(at: offset + index) else { return nil }
      id = id << 8 | UInt32(byte)
    }
    guard let size = Self.number(bytes, at: offset + width) else { return nil }
    self.id = id
    start = offset
    body = offset + width + size.width
    self.size = size.value
  }

  /// Returns a number of variable width, and its width in bytes; a value of `nil` means that all bits are set, "unknown".
  static func number(_ bytes: RawSpan, at offset: Int) -> (value: Int?, width: Int)? {
    guard let first = bytes.byte(at: offset), first > 0 else { return nil }
    let width = first.leadingZeroBitCount + 1
    var value = Int(first) & (0xFF >> width)
    for index in 1..<max(width, 1) {
      guard let byte = bytes.byte(at: offset + index) else { return nil }
      value = value << 8 | Int(byte)
    }
    let isUnknown = value == (1 << (7 * width)) - 1
    return (isUnknown ? nil : value, width)
  }

  /// Returns the contents as an unsigned number; `nil` if they have more than 7 bytes.
  func unsigned(_ bytes: RawSpan) -> Int? {
    guard let size, size <= 7 else { return nil }
    var value = 0
    for index in 0..<size { value = value << 8 | Int(bytes.byte(at: body + index) ?? 0) }
    return value
  }

  /// Returns the contents as text, up to a zero byte and at most 64 bytes.
  func text(_ bytes: RawSpan) -> String {
    String(decoding: bytes.copy(at: body, count: min(size ?? 0, 64)).prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Returns the elements in the contents, as many as can be read.
  func children(_ bytes: RawSpan, most: Int = 10_000) -> [EBMLElement] {
    var found: [EBMLElement] = []
    var offset = body
    let last = min(end ?? bytes.byteCount, bytes.byteCount)
    while found.count < most, offset < last, let child = EBMLElement(bytes, at: offset), let end = child.end,
      end <= last
    {
      found.append(child)
      offset = end
    }
    return found
  }
}
