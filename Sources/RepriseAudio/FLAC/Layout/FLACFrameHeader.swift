/// A FLAC frame header with a correct CRC-8 (RFC 9639 §9.1).
struct FLACFrameHeader: Equatable {
  /// `true` if blocks differ in size; `number` is then that of the first sample of the frame, else that of the frame.
  let isVariable: Bool
  /// Number of the frame or of its first sample; 0 in the first frame.
  let number: Int
  /// Number of samples per channel in the frame.
  let blockSize: Int
  /// Number of channels, 1 to 8.
  let channels: Int
  /// Sample rate in Hz; `nil` if the frame refers to STREAMINFO.
  let sampleRate: Int?
  /// Width of a sample, 8 to 32 bits; `nil` if the frame refers to STREAMINFO.
  let bitsPerSample: Int?

  /// Largest size of a header in bytes.
  static let mostBytes = 16

  /// Reads the header at `offset`; `nil` if there is none.
  init?(_ bytes: [UInt8], at offset: Int) {
    guard bytes.byte(at: offset) == 0xFF, let second = bytes.byte(at: offset + 1), second & 0xFE == 0xF8,
      let third = bytes.byte(at: offset + 2), let fourth = bytes.byte(at: offset + 3), fourth & 1 == 0,
      let lead = bytes.byte(at: offset + 4)
    else { return nil }
    let sizeCode = Int(third >> 4)
    let rateCode = Int(third & 15)
    guard sizeCode != 0, rateCode != 15, fourth >> 4 < 11, fourth >> 1 & 7 != 3 else { return nil }
    // The number of the frame or sample is encoded like a character in UTF-8, extended to 36 bits.
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
    // From 8 on the value denotes a coding of two channels.
    channels = fourth >> 4 < 8 ? Int(fourth >> 4) + 1 : 2
    bitsPerSample = FLACFrameHeader.widths[Int(fourth >> 1 & 7)]
    isVariable = second & 1 == 1
    number = coded
  }

  /// Returns the first offset in `start..<end` at which a header can begin.
  static func sync(_ bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    let span = unsafe bytes.span.bytes
    var at = start
    while let position = span.first(0xFF, from: at, to: end) {
      if let second = span.byte(at: position + 1), second & 0xFE == 0xF8 { return position }
      at = position + 1
    }
    return nil
  }

  /// Returns the number of the first sample of the frame, in a stream whose frames but the last have `blockSize`
  /// samples.
  ///
  /// The number has 36 bits at most and the size 17, so this cannot overflow.
  func firstSample(blockSize: Int) -> Int { isVariable ? number : number * blockSize }

  /// Returns `true` if the frame can be in the same stream as another frame.
  func goes(with other: FLACFrameHeader) -> Bool {
    isVariable == other.isVariable && channels == other.channels && sampleRate == other.sampleRate
      && bitsPerSample == other.bitsPerSample
  }

  private static let rates = [
    0, 88200, 176_400, 192_000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000,
  ]
  private static let widths: [Int?] = [nil, 8, 12, nil, 16, 20, 24, 32]
}

/// The checksum of FLAC frame headers (RFC 9639 §9.1.8); that of whole frames is `CRC16.frame`.
enum FLACChecksum {
  /// Returns the CRC-8 with the polynomial x⁸ + x² + x + 1.
  static func crc8(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0) { crc, byte in
      (0..<8).reduce(crc ^ byte) { value, _ in value & 0x80 != 0 ? value << 1 ^ 0x07 : value << 1 }
    }
  }
}
