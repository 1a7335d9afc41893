/// The common properties of the frames of one layer III stream, and the length of each frame.
struct MP3FrameKind: Equatable {
  /// Bits that are constant from frame to frame: sync, version, layer and sample rate.
  static let mask: UInt32 = 0xFFFE_0C00

  /// Constant bits of this stream.
  let signature: UInt32
  /// Number of samples per channel in a frame.
  let samples: Int
  /// Sample rate in Hz.
  let sampleRate: Int
  /// Size in bytes of an unpadded frame of free format; `nil` if the bit rate determines it.
  let freeFormatLength: Int?
  /// Sizes of a frame in bytes by bit rate index and padding bit; 0 if there is no such frame.
  private let lengths: [Int]

  /// Creates the kind of stream to which a frame belongs; `nil` unless `word` is a layer III header whose frame has a
  /// known length.
  ///
  /// - Parameters:
  ///   - word: The header of the frame.
  ///   - freeFormatLength: The size in bytes of an unpadded frame, if the header does not determine it.
  init?(word: UInt32, freeFormatLength: Int? = nil) {
    guard let header = MPEGFrameHeader(word: Int(word)), header.layer == 3 else { return nil }
    // A frame without room for its side information cannot be decoded; free format could be as short.
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
          // A stream of free format remains so (ISO 11172-3 §2.4.2.3).
          let other = MPEGFrameHeader(word: Int(word & 0xFFFF_0DFF) | index << 12 | padding << 9)
          lengths.append(header.bitrate > 0 ? other?.byteCount ?? 0 : 0)
        }
      }
    }
    self.lengths = lengths
  }

  /// Returns the size in bytes of the frame with this header; 0 if the frame does not belong to the stream.
  func length(_ word: UInt32) -> Int {
    guard word & MP3FrameKind.mask == signature else { return 0 }
    return lengths[Int(word >> 11 & 0x1E | word >> 9 & 1)]
  }

  /// Returns the size in bytes of the longest frame with one of the bit rate indices in the set, one bit each.
  func longest(_ bitrateIndices: UInt16) -> Int {
    (0..<16).reduce(0) { bitrateIndices >> UInt16($1) & 1 == 1 ? max($0, lengths[2 * $1 + 1]) : $0 }
  }

  /// Returns the size in bytes of the shortest frame with one of the bit rate indices in the set; 0 if the set is
  /// empty.
  func shortest(_ bitrateIndices: UInt16) -> Int {
    (0..<16).filter { bitrateIndices >> UInt16($0) & 1 == 1 }.map { lengths[2 * $0] }.min() ?? 0
  }

  /// Returns `true` if a frame has one channel.
  static func isMono(_ word: UInt32) -> Bool { word & 0xC0 == 0xC0 }
}
