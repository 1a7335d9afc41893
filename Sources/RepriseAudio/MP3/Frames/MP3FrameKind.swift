/// What the frames of one layer III stream have in common, and how long each of them is.
struct MP3FrameKind: Equatable {
  /// Sync, version, layer and sample rate: the bits that stay from frame to frame.
  static let mask: UInt32 = 0xFFFE_0C00

  /// Those bits of this stream.
  let signature: UInt32
  /// Samples a channel in a frame.
  let samples: Int
  /// In Hz.
  let sampleRate: Int
  /// Bytes of an unpadded frame of free format; `nil` where the bit rate tells.
  let freeFormatLength: Int?
  /// Bytes of a frame by bit rate index and padding bit; 0 where there is no such frame.
  private let lengths: [Int]

  /// The kind of stream that a frame belongs to.
  ///
  /// - Parameters:
  ///   - word: the frame's header.
  ///   - freeFormatLength: bytes of an unpadded frame, where the header tells none.
  /// - Returns: `nil` unless it is a layer III header whose frame has a known length.
  init?(word: UInt32, freeFormatLength: Int? = nil) {
    guard let header = MPEGFrameHeader(word: Int(word)), header.layer == 3 else { return nil }
    // Without room for its side information no frame can be decoded; free format could be as short.
    let least = 4 + (header.isProtected ? 2 : 0) + header.sideInformation
    guard header.bitrate > 0 || freeFormatLength.map({ $0 >= least }) == true else { return nil }
    signature = word & MP3FrameKind.mask
    samples = header.samples
    sampleRate = header.sampleRate
    self.freeFormatLength = header.bitrate > 0 ? nil : freeFormatLength
    var lengths: [Int] = []
    for index in 0..<16 {
      for padding in 0..<2 {
        if index == 0 {
          lengths.append(header.bitrate > 0 ? 0 : (freeFormatLength ?? 0) + padding)
        } else {
          // A stream of free format stays one (ISO 11172-3 §2.4.2.3).
          let other = MPEGFrameHeader(word: Int(word & 0xFFFF_0DFF) | index << 12 | padding << 9)
          lengths.append(header.bitrate > 0 ? other?.byteCount ?? 0 : 0)
        }
      }
    }
    self.lengths = lengths
  }

  /// Bytes of the frame with this header; 0 if it does not belong to the stream.
  func length(_ word: UInt32) -> Int {
    guard word & MP3FrameKind.mask == signature else { return 0 }
    return lengths[Int(word >> 11 & 0x1E | word >> 9 & 1)]
  }

  /// Bytes of the longest frame with one of the bit rate indices in the set, a bit each.
  func longest(_ bitrateIndices: UInt16) -> Int {
    (0..<16).reduce(0) { bitrateIndices >> UInt16($1) & 1 == 1 ? max($0, lengths[2 * $1 + 1]) : $0 }
  }

  /// Bytes of the shortest frame with one of the bit rate indices in the set; 0 if the set is empty.
  func shortest(_ bitrateIndices: UInt16) -> Int {
    (0..<16).filter { bitrateIndices >> UInt16($0) & 1 == 1 }.map { lengths[2 * $0] }.min() ?? 0
  }

  /// Whether a frame has one channel.
  static func isMono(_ word: UInt32) -> Bool { word & 0xC0 == 0xC0 }
}
