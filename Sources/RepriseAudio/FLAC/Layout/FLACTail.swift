/// The end of a FLAC stream, found without decoding; the number of the last frame determines the length of the stream.
struct FLACTail: Equatable {
  /// Header of the last frame.
  let last: FLACFrameHeader
  /// Offset of the last frame.
  let start: Int
  /// Number of samples per channel in the whole stream, if no frame is missing.
  let totalSamples: Int
  /// Offset of the end of the last frame.
  let end: Int
  /// Contents after the last frame, the last first; empty if there are none.
  let behind: [NonAudio]

  /// Numbers of bytes that are read to find a frame.
  ///
  /// The first suffices for most frames. The largest frame has 2 MB (8 channels of 65535 samples and 32 bits), and one
  /// in seven of the offsets that look like a header has the wrong form.
  static let windows = [1 << 14, 1 << 18, 1 << 22]

  /// Number of bytes over which the checksums of false headers may be computed.
  private static let checkedBytes = 1 << 24

  /// Smallest size of a frame: 5 bytes of header followed by a checksum, a constant subframe, a footer.
  private static let smallestFrame = 10

  /// Searches for the last frame whose header and footer checksums are both correct, before any tags.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - start: The offset of the first frame.
  ///   - limit: The end of the stream and of what follows it; `nil` for the end of the file.
  ///   - first: The frame at `start`, with which the last one must be compatible.
  ///   - windows: The numbers of bytes that are read to find a frame, ascending.
  ///   - mostZeros: The largest number of zeros at the end that are examined.
  /// - Returns: The end of the stream; `nil` if it cannot be determined, because the frames are followed by bytes that
  ///   are not a tag, or a frame is cut off.
  /// - Throws: `AudioFileError` if the file cannot be read.
  static func find(
    _ file: borrowing InputFile, from start: Int, to limit: Int? = nil, first: FLACFrameHeader,
    windows: [Int] = FLACTail.windows, mostZeros: Int = FLACTrailer.mostZeros
  ) throws(AudioFileError) -> FLACTail? {
    let audio = try FLACTrailer.strip(file, from: start, to: limit ?? file.byteCount, mostZeros: mostZeros)
    var budget = checkedBytes
    var searched = audio.end
    for window in windows {
      let from = max(start, audio.end - window)
      let bytes = try file.bytes(at: from, count: audio.end - from)
      guard bytes.count == audio.end - from else { return nil }
      for offset in syncPositions(bytes, to: min(searched, audio.end - 8) - from).reversed() {
        guard let frame = FLACFrameHeader(bytes, at: offset) else { continue }
        budget -= bytes.count - offset
        guard budget >= 0 else { return nil }
        // Byte sequences that look like a header do occur inside frames; their checksum cannot be correct.
        guard let end = end(of: offset, frame, in: bytes, zeros: audio.zeros) else { continue }
        // The checksum over several whole frames is 0 as well: only the last of them counts.
        let most = (from + offset - start) / smallestFrame
        guard frame.goes(with: first), frame.blockSize <= first.blockSize || frame.isVariable,
          frame.number / (frame.isVariable ? 65536 : 1) <= most
        else { return nil }
        let total = frame.firstSample(blockSize: first.blockSize) + frame.blockSize
        return FLACTail(
          last: frame, start: from + offset, totalSamples: total, end: from + end,
          behind: from + end == audio.zerosEnd ? audio.kinds.filter { $0 != .zeros } : audio.kinds)
      }
      if from == start { return nil }
      searched = from
    }
    return nil
  }

  /// Returns the offsets below `end` at which headers can begin.
  private static func syncPositions(_ bytes: [UInt8], to end: Int) -> [Int] {
    var found: [Int] = []
    while let position = FLACFrameHeader.sync(bytes, from: found.last.map { $0 + 1 } ?? 0, to: end) {
      found.append(position)
    }
    return found
  }

  /// Returns the end of the frame that begins at `offset`; up to two of the zeros after it may be its footer.
  private static func end(of offset: Int, _ frame: FLACFrameHeader, in bytes: [UInt8], zeros: Int) -> Int? {
    guard CRC16.isFLACFrame(bytes, offset..<bytes.count) else { return nil }
    guard zeros > 0, CRC16.isFLACFrame(bytes, offset..<bytes.count - 1) else { return bytes.count }
    // Zeros after a whole frame leave the checksum at 0, and so does a footer that ends with zeros: only the samples
    // tell where the frame ends.
    let whole = Array(bytes[offset...])
    for bits in frame.bitsPerSample.map({ [$0] }) ?? [16, 24] + Array(4...32) {
      if let frame = FLACFrameDecoder(bits: bits).decode(whole) { return offset + frame.byteCount }
    }
    return bytes.count
  }
}

/// Tags and padding removed from the end of a file, the last first.
struct FLACTrailer {
  /// Offset of the end of the remaining bytes, including up to two zeros that may belong to a frame.
  private(set) var end: Int
  /// Number of trailing zeros of the remaining bytes that may not belong to a frame, 0 to 2.
  private(set) var zeros = 0
  /// Offset of the end of these zeros and of those that were removed after them; `nil` if there are none.
  private(set) var zerosEnd: Int?
  /// Contents that were removed, the last first.
  private(set) var kinds: [NonAudio] = []

  /// Largest number of zeros that are examined.
  static let mostZeros = 1 << 26

  /// Removes all recognised contents between `start` and `limit`, of zeros at most about `mostZeros`.
  static func strip(
    _ file: borrowing InputFile, from start: Int, to limit: Int, mostZeros: Int = FLACTrailer.mostZeros
  ) throws(AudioFileError) -> FLACTrailer {
    var trailer = FLACTrailer(end: limit)
    for _ in 0..<16 {
      let before = trailer.end
      let last = try file.bytes(at: max(trailer.end - 192, start), count: min(192, max(trailer.end - start, 0)))
      if let (kind, bytes) = tag(last), bytes <= trailer.end - start {
        trailer.end -= bytes
        trailer.kinds.append(kind)
      } else if last.last == 0, try trailer.stripZeros(file, from: start, most: mostZeros) {
        // A tag may precede the zeros.
        let last = try file.bytes(at: max(trailer.end - 192, start), count: min(192, max(trailer.end - start, 0)))
        if tag(last) != nil { continue }
        trailer.zerosEnd = before
        trailer.zeros = min(2, before - trailer.end)
        trailer.end += trailer.zeros
        break
      } else {
        break
      }
    }
    return trailer
  }

  private mutating func stripZeros(
    _ file: borrowing InputFile, from start: Int, most: Int
  ) throws(AudioFileError) -> Bool {
    var left = end
    while left > start, end - left < most {
      let from = max(left - min(65536, most), start)
      let bytes = try file.bytes(at: from, count: left - from)
      guard let last = bytes.lastIndex(where: { $0 != 0 }) else {
        left = from
        continue
      }
      left = from + last + 1
      break
    }
    guard left < end else { return false }
    end = left
    kinds.append(.zeros)
    return true
  }

  /// Returns the kind and the size of the tag that ends with these bytes.
  private static func tag(_ last: [UInt8]) -> (kind: NonAudio, bytes: Int)? {
    let count = last.count
    if last.has("TAG", at: count - 128) { return (.id3v1, 128) }
    // The footer of an APE tag (wiki.hydrogenaudio.org, "APE Tags Header") counts itself and the items; bit 31
    // indicates a header of 32 more bytes.
    if last.has("APETAGEX", at: count - 32), let size = last.little(at: count - 20, width: 4),
      let flags = last.little(at: count - 12, width: 4)
    {
      return (.ape, size + (flags >> 31 & 1 == 1 ? 32 : 0))
    }
    if last.has("LYRICS200", at: count - 9), let text = String(bytes: last[(count - 15)..<(count - 9)]) {
      return Int(text).flatMap { $0 >= 0 ? (.lyrics3, $0 + 15) : nil }
    }
    // The footer of an ID3v2.4 tag is its header with another identifier.
    if last.has("3DI", at: count - 10) {
      let header = Array("ID3".utf8) + last[(count - 7)...]
      return ID3v2.byteCount(header).map { (.id3v2, $0) }
    }
    return nil
  }
}

extension String {
  /// Creates a number from decimal digits; `nil` if any byte is not a digit.
  fileprivate init?(bytes: ArraySlice<UInt8>) {
    guard bytes.allSatisfy({ (48..<58).contains($0) }) else { return nil }
    self = String(decoding: bytes, as: UTF8.self)
  }
}
