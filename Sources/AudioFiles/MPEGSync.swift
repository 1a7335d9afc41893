/// The first place where MPEG audio frames, or ADTS ones, really follow each other.
struct MPEGSync: Equatable {
  /// What the frames are.
  enum Kind: Equatable {
    /// MPEG audio layer 1, 2 or 3.
    case layer(Int)
    /// AAC in ADTS (ISO 13818-7 §6.2).
    case adts
  }

  /// Where the first frame begins.
  let offset: Int
  /// What it is.
  let kind: Kind

  /// Searches for a header whose frame is followed by a consistent one.
  ///
  /// Behind garbage three in a row are wanted, since two consistent headers do turn up in random bytes. A last frame
  /// that ends where the file does needs no follower.
  static func find(_ bytes: [UInt8], isWholeFile: Bool) -> MPEGSync? {
    var offset = 0
    while let start = bytes[offset...].firstIndex(of: 0xFF), start + 4 <= bytes.count {
      let wanted = start == 0 ? 2 : 3
      if let header = MPEGFrameHeader(bytes, at: start),
        chain(bytes, from: start, header: header, wanted: wanted, isWholeFile: isWholeFile)
      {
        return MPEGSync(offset: start, kind: .layer(header.layer))
      }
      if adtsChain(bytes, from: start, wanted: wanted) { return MPEGSync(offset: start, kind: .adts) }
      offset = start + 1
    }
    return nil
  }

  private static func chain(
    _ bytes: [UInt8], from start: Int, header: MPEGFrameHeader, wanted: Int, isWholeFile: Bool
  ) -> Bool {
    guard header.bitrate > 0 else { return freeFormatLength(bytes, from: start, header: header) != nil }
    var offset = start
    var current = header
    for _ in 1..<wanted {
      guard let length = current.byteCount else { return false }
      offset += length
      if offset >= bytes.count { return isWholeFile && (start == 0 || offset == bytes.count) }
      // Tags may follow the only frames there are.
      if isWholeFile, bytes.has("TAG", at: offset) || bytes.has("APETAGEX", at: offset) { return true }
      guard let next = MPEGFrameHeader(bytes, at: offset), next.continues(header) else { return false }
      current = next
    }
    return true
  }

  /// The length of an unpadded free-format frame: three headers at one distance, give or take the padding slot.
  static func freeFormatLength(_ bytes: [UInt8], from start: Int, header: MPEGFrameHeader) -> Int? {
    func isNext(_ offset: Int) -> MPEGFrameHeader? {
      guard let next = MPEGFrameHeader(bytes, at: offset), next.continues(header) else { return nil }
      return next
    }
    let slot = header.layer == 1 ? 4 : 1
    // The largest frame any decoder here takes: 640 kbit/s at 8 kHz, rounded up.
    for distance in 24..<6000 {
      guard start + distance + 4 <= bytes.count else { return nil }
      guard bytes[start + distance] == 0xFF, let second = isNext(start + distance) else { continue }
      let length = distance - (header.isPadded ? slot : 0)
      guard isNext(start + distance + length + (second.isPadded ? slot : 0)) != nil else { continue }
      return length
    }
    return nil
  }

  private static func adtsChain(_ bytes: [UInt8], from start: Int, wanted: Int) -> Bool {
    var offset = start
    for _ in 0..<wanted {
      // Sync of 12 bits, then layer 0, which no MPEG audio frame has.
      guard let word = bytes.big(at: offset, width: 6), word >> 36 == 0xFFF, word >> 33 & 3 == 0,
        word >> 26 & 15 < 13
      else { return false }
      let length = word >> 5 & 0x1FFF
      guard length > 7 else { return false }
      offset += length
    }
    return true
  }
}
