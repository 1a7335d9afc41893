/// A FLAC frame header whose CRC-8 is right (RFC 9639 §9.1).
struct FLACFrameHeader: Equatable {
  /// Whether blocks differ in size; then the number is that of the frame's first sample, else that of the frame.
  let isVariable: Bool
  /// Of the frame or of its first sample, 0 in the first.
  let number: Int
  /// Samples a channel in the frame.
  let blockSize: Int
  /// 1 to 8.
  let channels: Int
  /// In Hz; `nil` where the frame leaves it to STREAMINFO.
  let sampleRate: Int?
  /// 8 to 32; `nil` where the frame leaves it to STREAMINFO.
  let bitsPerSample: Int?

  /// The most bytes a header takes.
  static let mostBytes = 16

  /// Reads the header at `offset`; `nil` if it is none.
  init?(_ bytes: [UInt8], at offset: Int) {
    guard bytes.byte(at: offset) == 0xFF, let second = bytes.byte(at: offset + 1), second & 0xFE == 0xF8,
      let third = bytes.byte(at: offset + 2), let fourth = bytes.byte(at: offset + 3), fourth & 1 == 0,
      let lead = bytes.byte(at: offset + 4)
    else { return nil }
    let sizeCode = Int(third >> 4)
    let rateCode = Int(third & 15)
    guard sizeCode != 0, rateCode != 15, fourth >> 4 < 11, fourth >> 1 & 7 != 3 else { return nil }
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
    switch rateCode {
    case 0: sampleRate = nil
    case 12:
      guard let value = bytes.byte(at: next) else { return nil }
      sampleRate = Int(value) * 1000
      next += 1
    case 13, 14:
      guard let value = bytes.big(at: next, width: 2) else { return nil }
      sampleRate = rateCode == 13 ? value : value * 10
      next += 2
    default: sampleRate = FLACFrameHeader.rates[rateCode]
    }
    guard let check = bytes.byte(at: next), FLACChecksum.crc8(bytes[offset..<next]) == check else { return nil }
    // From 8 on the code names a way to code two channels.
    channels = fourth >> 4 < 8 ? Int(fourth >> 4) + 1 : 2
    bitsPerSample = FLACFrameHeader.widths[Int(fourth >> 1 & 7)]
    isVariable = second & 1 == 1
    number = coded
  }

  /// The next place from `start` on and below `end` where a header can begin.
  static func sync(_ bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    let span = unsafe bytes.span.bytes
    var at = start
    while let place = span.first(0xFF, from: at, to: end) {
      if let second = span.byte(at: place + 1), second & 0xFE == 0xF8 { return place }
      at = place + 1
    }
    return nil
  }

  /// The number of its first sample, where all frames but the last have so many samples.
  ///
  /// The number has 36 bits at most and the size 17, so this cannot overflow.
  func firstSample(blockSize: Int) -> Int { isVariable ? number : number * blockSize }

  /// Whether it can stand in the same stream as another frame.
  func goes(with other: FLACFrameHeader) -> Bool {
    isVariable == other.isVariable && channels == other.channels && sampleRate == other.sampleRate
      && bitsPerSample == other.bitsPerSample
  }

  private static let rates = [
    0, 88200, 176_400, 192_000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000,
  ]
  private static let widths: [Int?] = [nil, 8, 12, nil, 16, 20, 24, 32]
}

/// The checksum of FLAC's frame headers (RFC 9639 §9.1.8); that of whole frames is `CRC16.frame`.
enum FLACChecksum {
  /// Polynomial x⁸ + x² + x + 1.
  static func crc8(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0) { crc, byte in
      (0..<8).reduce(crc ^ byte) { value, _ in value & 0x80 != 0 ? value << 1 ^ 0x07 : value << 1 }
    }
  }
}
