/// The four bytes at the beginning of every MPEG audio frame (ISO 11172-3 §2.4.2.3, ISO 13818-3, and MPEG-2.5).
struct MPEGFrameHeader: Equatable {
  /// The standards of a frame.
  enum Version: Sendable { case mpeg1, mpeg2, mpeg25 }

  /// All 32 bits.
  let word: UInt32
  /// Standard: MPEG-1, 2 or 2.5.
  let version: Version
  /// Layer, 1 to 3.
  let layer: Int
  /// Bit rate in kbit/s; 0 for free format.
  let bitrate: Int
  /// Sample rate in Hz.
  let sampleRate: Int
  /// Number of channels, 1 or 2.
  let channels: Int
  /// `true` if a 16-bit CRC follows the header.
  let isProtected: Bool
  /// `true` if the frame has an additional slot.
  let isPadded: Bool

  /// Reads a header; `nil` unless sync, version, layer, bit rate and sample rate are all defined values.
  init?(_ bytes: [UInt8], at offset: Int) {
    guard let word = bytes.big(at: offset, width: 4) else { return nil }
    self.init(word: word)
  }

  /// Reads a header from its 32 bits.
  init?(word: Int) {
    guard word >> 21 == 0x7FF else { return nil }
    let versions: [Version?] = [.mpeg25, nil, .mpeg2, .mpeg1]
    guard let version = versions[word >> 19 & 3] else { return nil }
    let layer = 4 - (word >> 17 & 3)
    guard layer < 4 else { return nil }
    let bitrateIndex = word >> 12 & 15
    let rateIndex = word >> 10 & 3
    guard bitrateIndex < 15, rateIndex < 3, word & 3 != 2 else { return nil }
    self.word = UInt32(truncatingIfNeeded: word)
    self.version = version
    self.layer = layer
    bitrate = MPEGFrameHeader.bitrates(version, layer)[bitrateIndex]
    let base = [44100, 48000, 32000][rateIndex]
    sampleRate = version == .mpeg1 ? base : version == .mpeg2 ? base / 2 : base / 4
    channels = word >> 6 & 3 == 3 ? 1 : 2
    isProtected = word >> 16 & 1 == 0
    isPadded = word >> 9 & 1 == 1
  }

  /// Number of samples per channel in one frame.
  var samples: Int {
    switch layer {
    case 1: 384
    case 2: 1152
    default: version == .mpeg1 ? 1152 : 576
    }
  }

  /// Size in bytes of the whole frame, header included; `nil` for free format, whose size no header specifies.
  var byteCount: Int? {
    guard bitrate > 0 else { return nil }
    if layer == 1 { return (12000 * bitrate / sampleRate + (isPadded ? 1 : 0)) * 4 }
    return samples * 125 * bitrate / sampleRate + (isPadded ? 1 : 0)
  }

  /// Size in bytes of the layer III side information, which is between the header (and CRC) and the main data.
  var sideInformation: Int {
    version == .mpeg1 ? (channels == 1 ? 17 : 32) : (channels == 1 ? 9 : 17)
  }

  /// Returns `true` if the frames can follow each other in one stream.
  func continues(_ other: MPEGFrameHeader) -> Bool {
    version == other.version && layer == other.layer && sampleRate == other.sampleRate
      && (bitrate == 0) == (other.bitrate == 0)
  }

  private static func bitrates(_ version: Version, _ layer: Int) -> [Int] {
    switch (version, layer) {
    case (.mpeg1, 1): [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448]
    case (.mpeg1, 2): [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384]
    case (.mpeg1, _): [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    case (_, 1): [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256]
    default: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
    }
  }
}
