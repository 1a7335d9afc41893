/// The end of a FLAC stream, found without decoding: the last frame tells how many samples came before it.
struct FLACTail: Equatable {
  /// As the last frame's header has it.
  let number: Int
  /// Samples a channel in the whole stream.
  let totalSamples: Int
  /// Where the last frame ends.
  let end: Int

  /// How many bytes at the end are searched: a frame of 8 channels, 65535 samples and 32 bits would be larger, but
  /// the caller decodes where nothing is found.
  private static let searchedBytes = 1 << 18

  /// How many headers are tried: bytes that look like one are rare, and each costs a checksum over all behind it.
  private static let triedHeaders = 64

  /// The fewest bytes a frame takes: 5 of header with its checksum behind, a constant subframe, a footer.
  private static let smallestFrame = 10

  /// Looks for the last frame whose header and footer checksums are both right.
  ///
  /// - Parameter first: the frame at `start`, which the last one must go with.
  static func find(
    _ file: borrowing InputFile, from start: Int, first: FLACFrameHeader, info: FLACLayout.StreamInfo
  ) throws(AudioFileError) -> FLACTail? {
    let from = max(start, file.byteCount - searchedBytes)
    var bytes = try file.bytes(at: from, count: searchedBytes)
    // An ID3v1 tag may stand behind the last frame.
    if bytes.count > 128, bytes.has("TAG", at: bytes.count - 128) { bytes.removeLast(128) }
    let end = bytes.count
    var offset = end - 8
    var tried = 0
    while offset >= 0, tried < triedHeaders {
      defer { offset -= 1 }
      guard bytes[offset] == 0xFF, bytes[offset + 1] & 0xFE == 0xF8,
        let frame = FLACFrameHeader(bytes, at: offset, info: info), frame.isVariable == first.isVariable
      else { continue }
      let most = (from + offset - start) / smallestFrame
      guard frame.number / (frame.isVariable ? 65536 : 1) <= most else { continue }
      tried += 1
      // Bytes that look like a header do turn up inside frames, where the footer cannot be right.
      guard FLACChecksum.crc16(bytes[offset..<end - 2]) == bytes.big(at: end - 2, width: 2) else { continue }
      // With a fixed block size the last block may be shorter, but its number counts whole ones: as the first is. The
      // number has 36 bits at most and the size 17, so this cannot overflow.
      let before = frame.isVariable ? frame.number : frame.number * first.blockSize
      return FLACTail(number: frame.number, totalSamples: before + frame.blockSize, end: from + end)
    }
    return nil
  }
}

/// A FLAC frame header whose CRC-8 is right (RFC 9639 §9.1).
struct FLACFrameHeader: Equatable {
  /// Whether blocks differ in size; then the number is that of the frame's first sample, else that of the frame.
  let isVariable: Bool
  /// Of the frame or of its first sample, 0 in the first.
  let number: Int
  /// Samples a channel in the frame.
  let blockSize: Int

  /// Reads the header at `offset`; `nil` if it is none or does not belong to the stream.
  init?(_ bytes: [UInt8], at offset: Int, info: FLACLayout.StreamInfo) {
    guard let second = bytes.byte(at: offset + 1), let third = bytes.byte(at: offset + 2),
      let fourth = bytes.byte(at: offset + 3), fourth & 1 == 0, let lead = bytes.byte(at: offset + 4)
    else { return nil }
    let sizeCode = Int(third >> 4)
    let rateCode = Int(third & 15)
    guard sizeCode != 0, rateCode != 15, fourth >> 4 < 11 else { return nil }
    // The frame's or sample's number is coded as UTF-8 codes characters, stretched to 36 bits.
    let extra = lead < 0x80 ? 0 : (~lead).leadingZeroBitCount - 1
    guard lead < 0x80 || (1...6).contains(extra) else { return nil }
    var coded = lead < 0x80 ? Int(lead) : Int(lead) & (0x7F >> (extra + 1))
    var next = offset + 5
    for _ in 0..<extra {
      guard let byte = bytes.byte(at: next), byte & 0xC0 == 0x80 else { return nil }
      coded = coded << 6 | Int(byte & 0x3F)
      next += 1
    }
    switch sizeCode {
    case 1: blockSize = 192
    case 2...5: blockSize = 144 << sizeCode
    case 6:
      guard let value = bytes.byte(at: next) else { return nil }
      blockSize = Int(value) + 1
      next += 1
    case 7:
      guard let value = bytes.big(at: next, width: 2) else { return nil }
      blockSize = value + 1
      next += 2
    default: blockSize = 1 << sizeCode
    }
    next += rateCode == 12 ? 1 : rateCode > 12 ? 2 : 0
    guard let check = bytes.byte(at: next), next > offset,
      FLACChecksum.crc8(bytes[offset..<next]) == check, blockSize <= max(info.maximumBlock, 16)
    else { return nil }
    isVariable = second & 1 == 1
    number = coded
  }
}

/// FLAC's checksums (RFC 9639 §9.1.8 and §9.3).
enum FLACChecksum {
  /// Polynomial x⁸ + x² + x + 1.
  static func crc8(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0) { crc, byte in
      (0..<8).reduce(crc ^ byte) { value, _ in value & 0x80 != 0 ? value << 1 ^ 0x07 : value << 1 }
    }
  }

  /// Polynomial x¹⁶ + x¹⁵ + x² + 1.
  static func crc16(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { crc, byte in (crc << 8 & 0xFFFF) ^ table[(crc >> 8 ^ Int(byte)) & 0xFF] }
  }

  private static let table: [Int] = (0..<256).map { index in
    (0..<8).reduce(index << 8) { value, _ in value & 0x8000 != 0 ? (value << 1 ^ 0x8005) & 0xFFFF : value << 1 & 0xFFFF
    }
  }
}
