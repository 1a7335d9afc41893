/// Consecutive frames in a few bytes of an mp3.
struct MP3Probe {
  /// Header of the first frame.
  let first: MPEGFrameHeader
  /// Offset of the first frame in the bytes.
  let start: Int
  /// Offset of the end of the last whole frame.
  private(set) var end: Int
  /// Number of whole frames.
  private(set) var frames = 0
  /// Lowest and highest bit rate of the frames, in kbit/s.
  private(set) var bitrates: ClosedRange<Int>
  /// Number of bytes that are missing of a frame that begins at `end`; 0 if none does.
  private(set) var missing = 0

  /// Number of bytes of a probe: five of the longest frames that have a bit rate.
  static let byteCount = 1 << 13

  /// Finds frames that follow each other; `nil` if there are not enough of them.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - origin: The offset from which on a frame is sought.
  ///   - wanted: The number of whole frames that suffice; three in a row hardly occur in bytes of another kind.
  ///   - freeFormatLength: The size in bytes of an unpadded frame of a stream of free format.
  ///   - stream: The header with which the frames must go; `nil` to take any.
  init?(
    _ bytes: [UInt8], from origin: Int = 0, wanted: Int = 3, freeFormatLength: Int? = nil,
    continuing stream: MPEGFrameHeader? = nil
  ) {
    var position = origin
    while let start = bytes[min(position, bytes.count)...].firstIndex(of: 0xFF), start + 4 <= bytes.count {
      if let header = MPEGFrameHeader(bytes, at: start), header.layer == 3, stream.map(header.continues) ?? true {
        let found = MP3Probe(bytes, start, header, freeFormatLength)
        if found.frames >= wanted {
          self = found
          return
        }
      }
      position = start + 1
    }
    return nil
  }

  private init(_ bytes: [UInt8], _ start: Int, _ header: MPEGFrameHeader, _ freeFormatLength: Int?) {
    first = header
    self.start = start
    end = start
    bitrates = header.bitrate...header.bitrate
    while let next = MPEGFrameHeader(bytes, at: end), next.continues(header),
      let length = next.byteCount ?? freeFormatLength.map({ $0 + (next.isPadded ? 1 : 0) }), length > 4
    {
      guard end + length <= bytes.count else {
        missing = end + length - bytes.count
        return
      }
      bitrates = min(bitrates.lowerBound, next.bitrate)...max(bitrates.upperBound, next.bitrate)
      end += length
      frames += 1
    }
  }
}
