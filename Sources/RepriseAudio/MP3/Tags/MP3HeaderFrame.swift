/// A frame with a Xing or Info header and LAME's extension, as it is written before the frames of an mp3.
///
/// Layout: the Xing SDK's dxhead.c, and LAME's "mp3 info tag revision 1" specification.
struct MP3HeaderFrame {
  /// Number of samples that an encoder put before the audio, without the decoder's own 529: 0…4095.
  var delay = 0
  /// Number of samples after the audio: 0…4095.
  var padding = 0
  private let word: UInt32
  private let side: Int
  private let source: MP3Header?
  private var frames = 0
  private var musicBytes = 0
  private var checksum: UInt16 = 0
  private var bitrates: UInt16 = 0
  private var carriers: [Int] = []

  /// Creates a header for frames like those of a file.
  init(_ layout: MP3Layout) {
    let flags: UInt32 = 0x0001_0000
    // Never with a CRC: half of the readers search for the header at its offset without one.
    word = layout.first.word & 0xFFFF_FDCF | flags
    side = layout.first.sideInformation
    source = layout.header
  }

  /// Counts a frame of silence that precedes the frames of the source.
  mutating func add(_ carrier: [UInt8]) {
    guard carrier.count > 4 else { return }
    carriers.append(carrier.count)
    frames += 1
    bitrates |= 1 << UInt16(carrier[2] >> 4)
    musicBytes += carrier.count
    checksum = CRC16.tag(unsafe carrier.span.bytes, 0..<carrier.count, from: checksum)
  }

  /// Counts a frame.
  mutating func add(_ bytes: RawSpan, _ frame: MP3Frame) {
    frames += 1
    bitrates |= 1 << UInt16(truncatingIfNeeded: frame.word >> 12 & 15)
  }

  /// Adds the bytes of frames.
  mutating func addMusic(_ bytes: RawSpan) {
    musicBytes += bytes.byteCount
    checksum = CRC16.tag(bytes, 0..<bytes.byteCount, from: checksum)
  }

  /// Returns the whole frame.
  ///
  /// - Parameters:
  ///   - positions: The ranges of the frames in the source, for the table of contents.
  ///   - source: The bytes of the source.
  ///   - kind: The kind of the frames.
  ///   - passed: Called now and then with an offset before which nothing is read again soon.
  /// - Returns: The bytes of the frame.
  func bytes(
    positions: [Range<Int>], in source: RawSpan, kind: MP3FrameKind, passed: (Int) -> Void
  ) -> [UInt8] {
    let index = bitrateIndex(kind)
    let header = word & 0xFFFF_0FFF | UInt32(index) << 12
    var frame = [UInt8](repeating: 0, count: kind.length(header))
    func put(_ value: Int, at offset: Int, width: Int) {
      for position in 0..<width {
        frame[offset + position] = UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - position)))
      }
    }
    put(Int(header), at: 0, width: 4)
    let tag = 4 + side
    let isConstant = bitrates.nonzeroBitCount <= 1
    frame.replaceSubrange(tag..<tag + 4, with: Array((isConstant ? "Info" : "Xing").utf8))
    put(15, at: tag + 4, width: 4)
    put(frames, at: tag + 8, width: 4)
    put(frame.count + musicBytes, at: tag + 12, width: 4)
    frame.replaceSubrange(
      tag + 16..<tag + 116, with: contents(frame.count, positions: positions, in: source, kind: kind, passed: passed))
    let old = self.source
    put(old?.quality ?? 0, at: tag + 116, width: 4)
    let extended = tag + 120
    frame.replaceSubrange(extended..<extended + 9, with: old?.encoderName ?? Array("LAME3.100".utf8))
    // Revision 0 and the bit rate method, the settings of the encoder unchanged; values that hold for the whole source
    // (peak, gain, presets that imply a bit rate) are omitted.
    put(isConstant ? 1 : old?.method ?? 0, at: extended + 9, width: 1)
    put(old?.lowpass ?? 0, at: extended + 10, width: 1)
    put(old?.settings ?? 0, at: extended + 19, width: 1)
    put(delay << 12 | padding, at: extended + 21, width: 3)
    put(frame.count + musicBytes, at: extended + 28, width: 4)
    put(Int(checksum), at: extended + 32, width: 2)
    let own = CRC16.tag(unsafe frame.span.bytes, 0..<extended + 34, from: 0)
    put(Int(own), at: extended + 34, width: 2)
    return frame
  }

  /// Returns the index of the frames' own bit rate, if such a frame has room for LAME's header, else of the next that
  /// has.
  private func bitrateIndex(_ kind: MP3FrameKind) -> Int {
    let own = Int(word >> 12 & 15)
    let fits = { (index: Int) in kind.length(word & 0xFFFF_0FFF | UInt32(index) << 12) >= 4 + side + 156 }
    return (own..<15).first(where: fits) ?? 14
  }

  /// Returns the positions of each hundredth of the time, in 256ths of the file.
  private func contents(
    _ headerBytes: Int, positions: [Range<Int>], in source: RawSpan, kind: MP3FrameKind, passed: (Int) -> Void
  ) -> [UInt8] {
    let total = headerBytes + musicBytes
    var table = [UInt8](repeating: 0, count: 100)
    var entry = 0
    var index = 0
    var position = headerBytes
    func reach() {
      while entry < 100, entry * frames <= index * 100 {
        table[entry] = UInt8(clamping: position * 256 / total)
        entry += 1
      }
    }
    for carrier in carriers {
      reach()
      index += 1
      position += carrier
    }
    for range in positions {
      var offset = range.lowerBound
      while offset < range.upperBound, let word = source.big32(at: offset) {
        let length = kind.length(word)
        guard length > 0 else { break }
        reach()
        index += 1
        position += length
        offset += length
        if index & 1023 == 0 { passed(offset) }
      }
      passed(offset)
    }
    index = frames
    reach()
    return table
  }
}
