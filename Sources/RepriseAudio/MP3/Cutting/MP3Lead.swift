/// The pre-roll of an exact part of an mp3, which is decoded and dropped.
struct MP3Lead {
  /// Index of the first frame that is copied.
  let firstFrame: Int
  /// Frames of silence before it, the last of which carries the bytes of the bit reservoir that it needs.
  let carriers: [[UInt8]]
  /// Number of samples per channel that are decoded and dropped before the part.
  let dropped: Int

  /// Largest number of samples that the 12 bits of delay in a LAME header let a decoder drop.
  private static let mostDropped = 4095 + MP3Header.decoderDelay
  /// Number of frames that libmpg123 decodes before the first sample it plays; it skips those before them.
  private static let mostFrames = 4
  /// Number of frames that main data can reach back: 511 bytes at most, and a frame holds at least 16 of them.
  private static let reach = 40

  /// Chooses the frames before the decoded sample `start`.
  static func choose(
    _ bytes: RawSpan, _ layout: MP3Layout, from start: Int, passed: (Int) -> Void = { _ in }
  ) throws(MP3CutRefusal) -> MP3Lead {
    let spf = layout.first.samples
    let target = start / spf
    if target <= MP3Lead.mostFrames, start <= MP3Lead.mostDropped {
      return try fromFirst(bytes, layout, start)
    }
    var cursor = MP3FrameCursor(layout.walk)
    cursor.skip(to: max(target - MP3Lead.reach, 0), bytes, passed: passed)
    var frames: [MP3Frame] = []
    while frames.last.map({ $0.index < target }) ?? true, let frame = cursor.next(bytes) { frames.append(frame) }
    guard let found = frames.last, found.index == target else { throw .tooFewBits }
    let reservoir = Reservoir(frames: frames, layout: layout)
    var best: (penalty: Int, lead: Int, index: Int, wanted: Int)?
    // One frame of two granules or two of one are needed; more are taken if that suits the decoder better.
    for count in (layout.first.version == .mpeg1 ? 1 : 2)...MP3Lead.mostFrames where count < frames.count {
      let index = frames.count - 1 - count
      let wanted = reservoir.wanted(bytes, by: index)
      guard reservoir.available(before: index) >= wanted else { continue }
      let lead = count + (wanted > 0 ? 1 : 0)
      guard lead <= MP3Lead.mostFrames, lead * spf + start % spf <= MP3Lead.mostDropped else { continue }
      let penalty = MP3Lead.penalty(target - lead, slots: spf / 32)
      if best.map({ penalty < $0.penalty }) ?? true { best = (penalty, lead, index, wanted) }
    }
    guard let best else { throw .tooFewBits }
    let held = reservoir.bytes(bytes, best.wanted, before: best.index)
    let first = frames[best.index]
    return MP3Lead(
      firstFrame: first.index,
      carriers: held.isEmpty ? [] : [try carrier(like: first.word, holding: held, layout: layout)],
      dropped: best.lead * spf + start % spf)
  }

  /// Returns a pre-roll from the first frame of the source on, so that the frames decode as they do in the source.
  private static func fromFirst(
    _ bytes: RawSpan, _ layout: MP3Layout, _ start: Int
  ) throws(MP3CutRefusal) -> MP3Lead {
    if start >= MP3Header.decoderDelay { return MP3Lead(firstFrame: 0, carriers: [], dropped: start) }
    // A header cannot specify that less than the delay of the decoder is dropped. Preceding silence changes nothing, as
    // the initial state of a decoder is silence, if the first frame needs no data from before it.
    var cursor = MP3FrameCursor(layout.walk)
    guard let first = cursor.next(bytes), Reservoir(frames: [first], layout: layout).wanted(bytes, by: 0) == 0 else {
      throw .tooFewBits
    }
    let spf = layout.first.samples
    let fitting = (1...MP3Lead.mostFrames).filter { $0 * spf + start <= MP3Lead.mostDropped }
    let count = fitting.min { MP3Lead.penalty($0, slots: spf / 32) < MP3Lead.penalty($1, slots: spf / 32) } ?? 1
    let silence = try carrier(like: first.word, holding: [], layout: layout)
    return MP3Lead(
      firstFrame: 0, carriers: Array(repeating: silence, count: count), dropped: count * spf + start)
  }

  /// Returns a rank of the rounding differences of a decoder whose frames are shifted by `frames`.
  ///
  /// libmpg123 adds the 16 products of the filterbank in the order of a ring buffer, which advances by one position
  /// with every 32 samples. After a shift by whole turns the sums are identical to the bit; by half or quarter turns
  /// too, if they are added pairwise, as vector code does.
  private static func penalty(_ frames: Int, slots: Int) -> Int {
    switch frames * slots % 16 {
    case 0: 0
    case 8: 1
    case 4, 12: 2
    default: 3
    }
  }

  /// Returns a frame of silence with bytes at its end.
  private static func carrier(
    like word: UInt32, holding reservoir: [UInt8], layout: MP3Layout
  ) throws(MP3CutRefusal) -> [UInt8] {
    let side = layout.first.sideInformation
    // Without padding and mode extension; the bit rate is that of the frame, if sufficient.
    let plain = word & 0xFFFF_FDCF
    let own = Int(word >> 12 & 15)
    for index in [own] + Array(1..<15) {
      let header = plain & 0xFFFF_0FFF | UInt32(index) << 12
      let length = layout.kind.length(header)
      let isProtected = header >> 16 & 1 == 0
      guard length >= 4 + (isProtected ? 2 : 0) + side + reservoir.count else { continue }
      var frame = [UInt8](repeating: 0, count: length)
      for index in 0..<4 { frame[index] = UInt8(truncatingIfNeeded: header >> (24 - 8 * UInt32(index))) }
      if isProtected {
        // The last two bytes of the header and the side information, which is all zeros.
        let covered = Array(frame[2..<4]) + [UInt8](repeating: 0, count: side)
        let crc = CRC16.frame(unsafe covered.span.bytes, 0..<covered.count, from: 0xFFFF)
        frame[4] = UInt8(crc >> 8)
        frame[5] = UInt8(crc & 0xFF)
      }
      frame.replaceSubrange(length - reservoir.count..<length, with: reservoir)
      return frame
    }
    throw .tooFewBits
  }
}

/// The main data of consecutive frames, each of which may begin in those before it.
private struct Reservoir {
  let frames: [MP3Frame]
  let side: Int
  let isVersion1: Bool

  init(frames: [MP3Frame], layout: MP3Layout) {
    self.frames = frames
    side = layout.first.sideInformation
    isVersion1 = layout.first.version == .mpeg1
  }

  /// Returns the number of bytes before a frame at which its data begin: 9 bits of its side information, 8 in MPEG-2
  /// (ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7).
  func wanted(_ bytes: RawSpan, by index: Int) -> Int {
    let frame = frames[index]
    let start = frame.offset + frame.mainDataOffset(sideBytes: 0)
    let first = Int(bytes.byte(at: start) ?? 0)
    return isVersion1 ? first << 1 | Int(bytes.byte(at: start + 1) ?? 0) >> 7 : first
  }

  private func mainData(_ index: Int) -> Range<Int> {
    let frame = frames[index]
    let start = min(frame.mainDataOffset(sideBytes: side), frame.length)
    return frame.offset + start..<frame.offset + frame.length
  }

  /// Returns the number of bytes of main data before a frame.
  func available(before index: Int) -> Int { (0..<index).reduce(0) { $0 + mainData($1).count } }

  /// Returns the last `count` bytes of main data before a frame.
  func bytes(_ bytes: RawSpan, _ count: Int, before index: Int) -> [UInt8] {
    var result: [UInt8] = []
    var next = index - 1
    while result.count < count, next >= 0 {
      let range = mainData(next)
      let part = min(range.count, count - result.count)
      result = bytes.copy(at: range.upperBound - part, count: part) + result
      next -= 1
    }
    return result
  }
}
