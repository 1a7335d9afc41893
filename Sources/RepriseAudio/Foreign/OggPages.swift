import RepriseSystem

/// The pages of an Ogg file (RFC 3533 §6), each with its checksum.
package struct OggPages: Equatable {
  /// Number of damaged pages, and of gaps between pages.
  package private(set) var damaged = 0
  /// Offset of the first of them.
  private(set) var firstDamaged: Int?
  /// `true` if the file ends within a page.
  package private(set) var endsInPage = false

  /// Walks the pages from an offset on.
  ///
  /// - Throws: `AudioFileError` if the file cannot be read.
  package init(_ file: InputFile, from start: Int) throws(AudioFileError) {
    var offset = start
    while offset < file.byteCount {
      let head = try file.bytes(at: offset, count: 27 + 255)
      guard Self.isPage(head, at: 0) else {
        // What stands behind the last page is a tag, or padding.
        guard let next = try Self.page(in: file, after: offset) else { return }
        note(offset)
        offset = next
        continue
      }
      let segments = Int(head.byte(at: 26) ?? 0)
      let body = head.count < 27 + segments ? Int.max / 2 : head[27..<27 + segments].reduce(0) { $0 + Int($1) }
      let length = 27 + segments + body
      guard length <= file.byteCount - offset else {
        // The size of a damaged page may be anything.
        guard let next = try Self.page(in: file, after: offset + 4) else {
          endsInPage = true
          return
        }
        note(offset)
        offset = next
        continue
      }
      guard Self.isIntact(try file.bytes(at: offset, count: length)) else {
        note(offset)
        offset =
          try Self.isPage(file.bytes(at: offset + length, count: 6), at: 0) || offset + length == file.byteCount
          ? offset + length : Self.page(in: file, after: offset + 4) ?? file.byteCount
        continue
      }
      offset += length
    }
  }

  private mutating func note(_ offset: Int) {
    damaged += 1
    if firstDamaged == nil { firstDamaged = offset }
  }

  /// Returns `true` if a page can begin at `place`: its version is 0, and its flags are three bits.
  private static func isPage(_ bytes: [UInt8], at place: Int) -> Bool {
    bytes.has("OggS", at: place) && bytes.byte(at: place + 4) == 0 && (bytes.byte(at: place + 5) ?? 8) < 8
  }

  /// Returns the offset of the next page.
  private static func page(in file: InputFile, after start: Int) throws(AudioFileError) -> Int? {
    var offset = start
    while offset < file.byteCount {
      let block = try file.bytes(at: offset, count: 1 << 16)
      guard block.count >= 6 else { return nil }
      var place = 0
      while let found = block[place...].firstIndex(of: 0x4F) {
        if isPage(block, at: found) { return offset + found }
        place = found + 1
      }
      offset += block.count - 5
    }
    return nil
  }

  /// Returns `true` if the checksum of a whole page is right: CRC-32 with the polynomial 0x04C11DB7, most significant
  /// bit first, initial value 0, over the page with zeros in place of the checksum.
  private static func isIntact(_ page: [UInt8]) -> Bool {
    guard let told = page.little(at: 22, width: 4) else { return false }
    var crc: UInt32 = 0
    let table = table.span
    for (index, byte) in page.enumerated() {
      let value = (22..<26).contains(index) ? 0 : byte
      crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 24) ^ value)]
    }
    return Int(crc) == told
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index) << 24) { crc, _ in crc & 0x8000_0000 != 0 ? crc << 1 ^ 0x04C1_1DB7 : crc << 1 }
  }
}
