/// The first offset at which genuine MPEG audio or ADTS frames follow each other.
struct MPEGSync: Equatable {
  /// The kinds of frames.
  enum Kind: Equatable {
    /// MPEG audio layer 1, 2 or 3.
    case layer(Int)
    /// AAC in ADTS (ISO 13818-7 §6.2).
    case adts
  }

  /// Offset of the first frame.
  let offset: Int
  /// Kind of the frames.
  let kind: Kind

  /// Searches for a header whose frame is followed by consistent ones.
  ///
  /// The number of frames required depends on how easily other data resemble them. At the start of a file two layer III
  /// frames are enough; after garbage more, and the more there is, since few do occur in random bytes, and in samples of
  /// other formats. Layers I and II and ADTS are rare, and
  /// their headers common in other data (a text in UTF-16 begins like a layer I frame), so more are required. A frame
  /// that ends at the end of the file needs no follower, but after garbage one before it.
  static func find(_ bytes: [UInt8], isWholeFile: Bool) -> MPEGSync? {
    var offset = 0
    while let start = bytes[offset...].firstIndex(of: 0xFF), start + 4 <= bytes.count {
      if let header = MPEGFrameHeader(bytes, at: start),
        chain(bytes, from: start, header: header, isWholeFile: isWholeFile)
      {
        return MPEGSync(offset: start, kind: .layer(header.layer))
      }
      if adtsChain(bytes, from: start, wanted: start == 0 ? 2 : 6) { return MPEGSync(offset: start, kind: .adts) }
      offset = start + 1
    }
    return nil
  }

  /// Returns the number of layer III frames in a row that are genuine after so many bytes of garbage.
  ///
  /// In megabytes of tables and samples three in a row do occur.
  private static func usualFrames(after garbage: Int) -> Int {
    switch garbage {
    case 0: 2
    case ..<(1 << 16): 3
    default: min(8 + garbage >> 17, 32)
    }
  }

  private static func chain(
    _ bytes: [UInt8], from start: Int, header: MPEGFrameHeader, isWholeFile: Bool
  ) -> Bool {
    let isUsual = header.layer == 3
    guard header.bitrate > 0 else {
      // At any of thousands of distances there may be headers by chance.
      let headers = start == 0 ? 3 : usualFrames(after: start) + 3
      return (isUsual || start == 0)
        && freeFormatLength(bytes, from: start, header: header, headers: headers, isWholeFile: isWholeFile) != nil
    }
    let wanted = isUsual ? usualFrames(after: start) : (start == 0 ? 4 : 8)
    var offset = start
    var current = header
    for found in 1..<wanted {
      guard let length = current.byteCount else { return false }
      offset += length
      if offset >= bytes.count {
        let isEnd = isWholeFile && offset == bytes.count
        return isUsual && start == 0 ? isWholeFile : isEnd && found > 1
      }
      // The only frames may be followed by tags.
      if isWholeFile, bytes.has("TAG", at: offset) || bytes.has("APETAGEX", at: offset) { return true }
      guard let next = MPEGFrameHeader(bytes, at: offset), next.continues(header) else { return false }
      current = next
    }
    return true
  }

  /// Returns the length of an unpadded free-format frame, from headers at one distance, up to the padding slot.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - start: The offset of the first frame.
  ///   - header: The header of the first frame.
  ///   - wanted: The number of headers; three are enough where the bytes end with a frame.
  ///   - isWholeFile: `true` if the bytes end where the file does.
  /// - Returns: The length in bytes; `nil` if there are not as many headers.
  static func freeFormatLength(
    _ bytes: [UInt8], from start: Int, header: MPEGFrameHeader, headers wanted: Int = 3, isWholeFile: Bool = false
  ) -> Int? {
    func isNext(_ offset: Int) -> MPEGFrameHeader? {
      guard let next = MPEGFrameHeader(bytes, at: offset), next.continues(header) else { return nil }
      return next
    }
    let slot = header.layer == 1 ? 4 : 1
    // The largest frame that any of the decoders accepts: 640 kbit/s at 8 kHz, rounded up.
    for distance in 24..<6000 {
      guard start + distance + 4 <= bytes.count else { return nil }
      guard bytes[start + distance] == 0xFF, let second = isNext(start + distance) else { continue }
      let length = distance - (header.isPadded ? slot : 0)
      var offset = start + distance + length + (second.isPadded ? slot : 0)
      var count = 2
      while count < wanted, let next = isNext(offset) {
        offset += length + (next.isPadded ? slot : 0)
        count += 1
      }
      if count >= wanted || isWholeFile && count >= 3 && offset == bytes.count { return length }
    }
    return nil
  }

  private static func adtsChain(_ bytes: [UInt8], from start: Int, wanted: Int) -> Bool {
    var offset = start
    // Sync, version, layer, protection, profile and sample rate are constant from frame to frame.
    let fixed = bytes.big(at: start, width: 6).map { $0 >> 26 }
    for _ in 0..<wanted {
      // Sync of 12 bits, then layer 0, which no MPEG audio frame has.
      guard let word = bytes.big(at: offset, width: 6), word >> 36 == 0xFFF, word >> 33 & 3 == 0,
        word >> 26 & 15 < 13, word >> 26 == fixed
      else { return false }
      let length = word >> 5 & 0x1FFF
      guard length > 7 else { return false }
      offset += length
    }
    return true
  }
}
