/// The end of a FLAC stream, found without decoding: the last frame tells how many samples came before it.
struct FLACTail: Equatable {
  /// The last frame's header.
  let last: FLACFrameHeader
  /// Where it begins.
  let start: Int
  /// Samples a channel in the whole stream, if no frame of it is missing.
  let totalSamples: Int
  /// Where the last frame ends.
  let end: Int
  /// What stands behind it, the last first; empty where nothing does.
  let behind: [NonAudio]

  /// How much is read to find a frame: a page or two will do for most, the largest there can be has 2 MB (8 channels of
  /// 65535 samples and 32 bits), and one in seven of those that look like a header has the wrong form.
  private static let windows = [1 << 14, 1 << 18, 1 << 22]

  /// How many bytes the checksums of false headers may go over.
  private static let checkedBytes = 1 << 24

  /// The fewest bytes a frame takes: 5 of header with its checksum behind, a constant subframe, a footer.
  private static let smallestFrame = 10

  /// Looks for the last frame whose header and footer checksums are both right, in front of whatever tags there are.
  ///
  /// - Parameter first: the frame at `start`, which the last one must go with.
  /// - Returns: `nil` where it cannot be told, because what stands behind the frames is no tag, or a frame is cut off.
  static func find(
    _ file: borrowing InputFile, from start: Int, first: FLACFrameHeader
  ) throws(AudioFileError) -> FLACTail? {
    let audio = try FLACTrailer.strip(file, from: start)
    var budget = checkedBytes
    var searched = audio.end
    for window in windows {
      let from = max(start, audio.end - window)
      let bytes = try file.bytes(at: from, count: audio.end - from)
      guard bytes.count == audio.end - from else { return nil }
      for offset in places(bytes, to: min(searched, audio.end - 8) - from).reversed() {
        guard let frame = FLACFrameHeader(bytes, at: offset) else { continue }
        budget -= bytes.count - offset
        guard budget >= 0 else { return nil }
        // Bytes that look like a header do turn up inside frames, where the checksum cannot be right.
        guard let end = end(of: offset, in: bytes, zeros: audio.zeros) else { continue }
        // The checksum of several whole frames is 0 as well: the last of them is the one, or there is none.
        let most = (from + offset - start) / smallestFrame
        guard frame.goes(with: first), frame.blockSize <= first.blockSize || frame.isVariable,
          frame.number / (frame.isVariable ? 65536 : 1) <= most
        else { return nil }
        let total = frame.firstSample(blockSize: first.blockSize) + frame.blockSize
        return FLACTail(
          last: frame, start: from + offset, totalSamples: total, end: from + end,
          behind: audio.end - audio.zeros + 2 < from + end ? audio.kinds.filter { $0 != .zeros } : audio.kinds)
      }
      if from == start { return nil }
      searched = from
    }
    return nil
  }

  /// Where headers can begin, below `end`.
  private static func places(_ bytes: [UInt8], to end: Int) -> [Int] {
    var found: [Int] = []
    while let place = FLACFrameHeader.sync(bytes, from: found.last.map { $0 + 1 } ?? 0, to: end) { found.append(place) }
    return found
  }

  /// Where the frame ends that begins at `offset`; up to two of the zeros behind it may be its footer's.
  private static func end(of offset: Int, in bytes: [UInt8], zeros: Int) -> Int? {
    guard CRC16.isFLACFrame(bytes, offset..<bytes.count) else { return nil }
    // Zeros behind a whole frame leave the checksum at 0.
    var end = bytes.count
    for _ in 0..<min(zeros, 2) where CRC16.isFLACFrame(bytes, offset..<end - 1) { end -= 1 }
    return end
  }
}

/// Tags and padding at the end of a file, taken off from behind.
struct FLACTrailer {
  /// Where what is left ends, two zeros included if there were any: they can belong to a frame.
  private(set) var end: Int
  /// How many of the last bytes of what is left are zeros that may belong to nothing, 0 to 2.
  private(set) var zeros = 0
  /// What was taken off, the last first.
  private(set) var kinds: [NonAudio] = []

  /// The most zeros that are looked through.
  private static let mostZeros = 1 << 26

  /// Takes off all that is recognised behind `start`.
  static func strip(_ file: borrowing InputFile, from start: Int) throws(AudioFileError) -> FLACTrailer {
    var trailer = FLACTrailer(end: file.byteCount)
    for _ in 0..<16 {
      let last = try file.bytes(at: max(trailer.end - 192, start), count: min(192, max(trailer.end - start, 0)))
      if let (kind, bytes) = tag(last), bytes <= trailer.end - start {
        trailer.end -= bytes
        trailer.kinds.append(kind)
      } else if last.last == 0, try trailer.stripZeros(file, from: start) {
        // A tag may stand in front of them.
        let before = try file.bytes(at: max(trailer.end - 192, start), count: min(192, max(trailer.end - start, 0)))
        if tag(before) != nil { continue }
        trailer.zeros = min(2, file.byteCount - trailer.end)
        trailer.end += trailer.zeros
        break
      } else {
        break
      }
    }
    return trailer
  }

  private mutating func stripZeros(_ file: borrowing InputFile, from start: Int) throws(AudioFileError) -> Bool {
    var left = end
    while left > start, end - left < FLACTrailer.mostZeros {
      let from = max(left - 65536, start)
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

  /// The tag that ends with these bytes, and how many it has.
  private static func tag(_ last: [UInt8]) -> (kind: NonAudio, bytes: Int)? {
    let count = last.count
    if last.has("TAG", at: count - 128) { return (.id3v1, 128) }
    // An APE tag's footer (wiki.hydrogenaudio.org, "APE Tags Header") counts itself and the items; bit 31 tells of a
    // header of 32 more.
    if last.has("APETAGEX", at: count - 32), let size = last.little(at: count - 20, width: 4),
      let flags = last.little(at: count - 12, width: 4)
    {
      return (.ape, size + (flags >> 31 & 1 == 1 ? 32 : 0))
    }
    if last.has("LYRICS200", at: count - 9), let text = String(bytes: last[(count - 15)..<(count - 9)]) {
      return Int(text).flatMap { $0 >= 0 ? (.lyrics3, $0 + 15) : nil }
    }
    // The footer of an ID3v2.4 tag is its header with another name.
    if last.has("3DI", at: count - 10) {
      let header = Array("ID3".utf8) + last[(count - 7)...]
      return ID3v2.byteCount(header).map { (.id3v2, $0) }
    }
    return nil
  }
}

extension String {
  /// Digits; `nil` if any byte is none.
  fileprivate init?(bytes: ArraySlice<UInt8>) {
    guard bytes.allSatisfy({ (48..<58).contains($0) }) else { return nil }
    self = String(decoding: bytes, as: UTF8.self)
  }
}
