/// The size of ID3v2 tags (id3.org, ID3v2.4.0 structure §3.1), which may precede any kind of audio.
enum ID3v2 {
  /// Returns the size in bytes of the tag that begins at `offset`, header and footer included; `nil` if there is none.
  static func byteCount(_ bytes: [UInt8], at offset: Int = 0) -> Int? {
    guard bytes.has("ID3", at: offset), let major = bytes.byte(at: offset + 3), major != 0xFF,
      let minor = bytes.byte(at: offset + 4), minor != 0xFF, let flags = bytes.byte(at: offset + 5),
      let raw = bytes.big(at: offset + 6, width: 4), raw & 0x8080_8080 == 0
    else { return nil }
    let size = raw & 0x7F | raw >> 1 & 0x3F80 | raw >> 2 & 0x1F_C000 | raw >> 3 & 0xFE0_0000
    return 10 + size + (flags & 0x10 != 0 ? 10 : 0)
  }

  /// Returns the number of tags at the beginning of a file, of their bytes, and whether any has a footer.
  static func leading(
    _ file: borrowing InputFile
  ) throws(AudioFileError) -> (count: Int, bytes: Int, hasFooter: Bool) {
    var found = (count: 0, bytes: 0, hasFooter: false)
    while found.count < 16 {
      let head = try file.bytes(at: found.bytes, count: 10)
      guard let bytes = byteCount(head) else { break }
      found = (found.count + 1, found.bytes + bytes, found.hasFooter || (head.byte(at: 5) ?? 0) & 0x10 != 0)
    }
    return found
  }
}
