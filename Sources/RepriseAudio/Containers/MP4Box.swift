/// A box of an ISO base media file, or an atom of a QuickTime file (ISO 14496-12 §4.2).
struct MP4Box {
  /// Four characters, as a big-endian number.
  let type: UInt32
  /// Offset of the box.
  let start: Int
  /// Range of the contents; reaches beyond the enclosing range if the box does.
  let body: Range<Int>

  /// Reads the box at an offset; `nil` if there is none before `end`.
  init?(_ bytes: RawSpan, at offset: Int, end: Int) {
    guard offset >= 0, offset + 8 <= end, let size = bytes.big32(at: offset), let type = bytes.big32(at: offset + 4)
    else { return nil }
    self.type = type
    start = offset
    switch size {
    // Up to the end of the file.
    case 0: body = offset + 8..<end
    case 1:
      // No file has an exabyte.
      guard let wide = bytes.big64(at: offset + 8), wide >= 16, wide < 1 << 60 else { return nil }
      body = offset + 16..<offset + wide
    case 8...: body = offset + 8..<offset + Int(size)
    default: return nil
    }
  }

  /// Returns `true` if the box is of a type, such as "moov".
  func has(_ name: StaticString) -> Bool { type == Self.code(name) }

  /// Returns four ASCII characters as a big-endian number.
  static func code(_ name: StaticString) -> UInt32 {
    name.withUTF8Buffer { text in unsafe text.reduce(0) { $0 << 8 | UInt32($1) } }
  }

  /// Returns the boxes in a range, as many as can be read; their bodies are clipped to it.
  static func boxes(_ bytes: RawSpan, in range: Range<Int>, most: Int = 10_000) -> [MP4Box] {
    var found: [MP4Box] = []
    var offset = range.lowerBound
    while found.count < most, let box = MP4Box(bytes, at: offset, end: range.upperBound) {
      offset = box.body.upperBound
      found.append(box.clipped(to: range.upperBound))
    }
    return found
  }

  /// Returns the first box of a type in a range; `nil` if there is none.
  static func first(_ name: StaticString, _ bytes: RawSpan, in range: Range<Int>) -> MP4Box? {
    boxes(bytes, in: range).first { $0.has(name) }
  }

  /// Returns the box at the end of a path of types, each in the one before; `nil` if there is none.
  static func find(_ path: [StaticString], _ bytes: RawSpan, in range: Range<Int>) -> MP4Box? {
    var range = range
    var found: MP4Box?
    for name in path {
      found = first(name, bytes, in: range)
      guard let found else { return nil }
      range = found.body
    }
    return found
  }

  private init(type: UInt32, start: Int, body: Range<Int>) {
    self.type = type
    self.start = start
    self.body = body
  }

  private func clipped(to end: Int) -> MP4Box {
    MP4Box(type: type, start: start, body: min(body.lowerBound, end)..<min(body.upperBound, end))
  }
}
