/// The tags between and after the frames of an mp3: ID3v1 and v2, APEv1 and v2, Lyrics3.
///
/// ID3: id3.org; APE: the Monkey's Audio SDK and wiki.hydrogenaud.io; Lyrics3 1.00 and 2.00: id3.org/Lyrics3,
/// Lyrics3v2.
struct MP3Tags {
  /// A tag.
  struct Tag: Equatable {
    /// Kind of tag.
    let kind: NonAudio
    /// Size in bytes.
    let length: Int
  }

  /// Number of remaining searches for the end of lyrics, each of which costs thousands of bytes.
  private var searches = 64

  /// Largest size in bytes of Lyrics3 1.00.
  private static let mostLyrics = 5100

  /// Returns `true` if the bytes at an offset are the first ones of a tag.
  static func begins(_ bytes: RawSpan, at position: Int) -> Bool {
    bytes.has("TAG", at: position) || bytes.has("ID3", at: position) || bytes.has("APETAGEX", at: position)
      || bytes.has("LYRICSBEGIN", at: position)
  }

  /// Returns the tag that begins at an offset and ends at or before `end`.
  mutating func tag(_ bytes: RawSpan, at position: Int, to end: Int) -> Tag? {
    guard let found = unbounded(bytes, at: position, to: end), found.length <= end - position else { return nil }
    return found
  }

  private mutating func unbounded(_ bytes: RawSpan, at position: Int, to end: Int) -> Tag? {
    switch bytes.byte(at: position) {
    case UInt8(ascii: "I"):
      return ID3v2.byteCount(bytes.copy(at: position, count: 10)).map { Tag(kind: .id3v2, length: $0) }
    case UInt8(ascii: "T"):
      if bytes.has("TAG+", at: position), bytes.has("TAG", at: position + 227) { return Tag(kind: .id3v1, length: 355) }
      return bytes.has("TAG", at: position) ? Tag(kind: .id3v1, length: 128) : nil
    case UInt8(ascii: "A"):
      guard bytes.has("APETAGEX", at: position), let size = bytes.little32(at: position + 12),
        let flags = bytes.little32(at: position + 20)
      else { return nil }
      // Bit 29: this is the header, which the size does not include. A footer without a header ends its tag.
      return Tag(kind: .ape, length: flags >> 29 & 1 == 1 ? Int(size) + 32 : 32)
    case UInt8(ascii: "L"):
      guard searches > 0, bytes.has("LYRICSBEGIN", at: position) else { return nil }
      searches -= 1
      var offset = position
      // A tag of version 2 holds its size, but after its text.
      while let mark = bytes.first(UInt8(ascii: "L"), from: offset, to: min(end, position + 1 << 16)) {
        if bytes.has("LYRICS200", at: mark) || bytes.has("LYRICSEND", at: mark) {
          return Tag(kind: .lyrics3, length: mark + 9 - position)
        }
        offset = mark + 1
      }
      return nil
    default: return nil
    }
  }

  /// Returns the end of the audio before the tags at the very end of the bytes, which are searched backwards, as some
  /// of them can only be found so.
  static func audioEnd(_ bytes: RawSpan, from start: Int) -> Int {
    var end = bytes.byteCount
    while let length = last(bytes, before: end), end - length >= start, length > 0 { end -= length }
    return end
  }

  private static func last(_ bytes: RawSpan, before end: Int) -> Int? {
    if bytes.has("TAG", at: end - 128) { return bytes.has("TAG+", at: end - 355) ? 355 : 128 }
    if bytes.has("APETAGEX", at: end - 32) { return ape(bytes, before: end) }
    if bytes.has("LYRICS200", at: end - 9) {
      let digits = bytes.copy(at: end - 15, count: 6)
      guard digits.count == 6, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
      let length = digits.reduce(0) { $0 * 10 + Int($1) - 48 } + 15
      return bytes.has("LYRICSBEGIN", at: end - length) ? length : nil
    }
    if bytes.has("LYRICSEND", at: end - 9) {
      return (20...mostLyrics + 20).first { bytes.has("LYRICSBEGIN", at: end - $0) }
    }
    if bytes.has("3DI", at: end - 10) {
      var header = bytes.copy(at: end - 10, count: 10)
      guard header.count == 10 else { return nil }
      header.replaceSubrange(0..<3, with: Array("ID3".utf8))
      guard let length = ID3v2.byteCount(header), bytes.has("ID3", at: end - length) else { return nil }
      return length
    }
    return nil
  }

  /// Returns the length of the APE tag whose footer ends at `end`, if all of its items are present: by its size alone,
  /// audio could be taken for a tag.
  private static func ape(_ bytes: RawSpan, before end: Int) -> Int? {
    let footer = end - 32
    guard let size = bytes.little32(at: footer + 12), let count = bytes.little32(at: footer + 16),
      let flags = bytes.little32(at: footer + 20), size >= 32, Int(size) <= end, count <= 65536
    else { return nil }
    var position = end - Int(size)
    for _ in 0..<count {
      guard let length = bytes.little32(at: position), position + 8 < footer,
        let key = bytes.first(0, from: position + 8, to: min(position + 8 + 256, footer))
      else { return nil }
      position = key + 1 + Int(length)
      guard position <= footer else { return nil }
    }
    guard position == footer else { return nil }
    let hasHeader = flags >> 31 == 1 && bytes.has("APETAGEX", at: end - Int(size) - 32)
    return Int(size) + (hasHeader ? 32 : 0)
  }
}
