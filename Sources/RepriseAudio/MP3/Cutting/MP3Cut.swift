import RepriseSystem

/// A part of an mp3 made of the source's own frames, exact to the sample.
///
/// A frame's data may begin in frames before it (the bit reservoir), its transform overlaps the granule before, and the
/// synthesis filterbank remembers 15 time slots of 32 samples (ISO 11172-3 §2.4.3.4). So one frame of two granules, or
/// two of one, is decoded ahead of the part and dropped by the decoder, as the LAME header's delay says. The bytes that
/// the first of them wants from earlier frames are carried by a frame of silence made for them: its own main data are
/// empty, and the reservoir's bytes stand where unused bits do.
package struct MP3Cut {
  /// The header's frame and those of silence, which stand in front of the copied frames.
  package let head: [UInt8]
  /// The source's bytes that follow, in order.
  package let ranges: [Range<Int>]
  /// The part, in samples a channel of the recording.
  package let samples: Range<Int>
  /// The source's layout.
  let layout: MP3Layout
  /// The first of the source's frames that are copied, and the last one.
  let frames: ClosedRange<Int>

  /// The result's size in bytes.
  package var byteCount: Int { ranges.reduce(head.count) { $0 + $1.count } }

  /// Works out how a part is made.
  ///
  /// - Parameters:
  ///   - file: the source.
  ///   - samples: the part, in samples a channel of the recording, not empty.
  /// - Throws: `MP3CutRefusal` where frames cannot be copied, `AudioFileError` where the file cannot be read.
  package init(_ file: borrowing InputFile, samples: Range<Int>) throws {
    try self.init(file, try MP3Layout(file), samples: samples)
  }

  /// The same for a file that was looked at already; if it has changed since, `MP3CutProof` says so.
  package init(_ file: borrowing InputFile, _ facts: MP3FrameFacts, samples: Range<Int>) throws {
    try self.init(file, facts.layout, samples: samples)
  }

  init(_ file: borrowing InputFile, _ layout: MP3Layout, samples: Range<Int>) throws {
    let mapped = try file.map()
    self = try mapped.withBytes { bytes in
      try MP3Cut(bytes, layout, samples: samples) { mapped.forget(before: $0) }
    }
    guard !mapped.isCut else { throw AudioFileError.changed(file.path) }
  }

  init(
    _ bytes: RawSpan, _ layout: MP3Layout, samples: Range<Int>, passed: (Int) -> Void = { _ in }
  ) throws(MP3CutRefusal) {
    if let refusal = MP3CutRefusal(layout) { throw refusal }
    guard let raw = layout.decoded(samples), !raw.isEmpty, raw.upperBound <= layout.walk.samples else {
      throw .acrossJoint
    }
    let lead = try MP3Lead.choose(bytes, layout, from: raw.lowerBound, passed: passed)
    let spf = layout.first.samples
    let last = (raw.upperBound - 1) / spf
    var header = MP3HeaderFrame(layout)
    header.delay = lead.dropped - MP3Header.decoderDelay
    header.padding = (last + 1) * spf - raw.upperBound + MP3Header.decoderDelay
    guard (0...4095).contains(header.delay), header.padding <= 4095 else { throw .tooFewBits }
    var cursor = MP3FrameCursor(layout.walk)
    cursor.skip(to: lead.firstFrame, bytes, passed: passed)
    var ranges: [Range<Int>] = []
    for carrier in lead.carriers { header.add(carrier) }
    while let frame = cursor.next(bytes), frame.index <= last {
      header.add(bytes, frame)
      if frame.index & 511 == 0 { passed(frame.offset) }
      if let end = ranges.last?.upperBound, end == frame.offset {
        ranges[ranges.count - 1] = ranges[ranges.count - 1].lowerBound..<end + frame.length
      } else {
        ranges.append(frame.offset..<frame.offset + frame.length)
      }
    }
    for range in ranges {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: MappedBytes.forgotten) {
        let end = min(start + MappedBytes.forgotten, range.upperBound)
        header.addMusic(bytes.extracting(start..<end))
        passed(end)
      }
    }
    head = header.bytes(positions: ranges, in: bytes, kind: layout.kind, passed: passed) + lead.carriers.joined()
    self.ranges = ranges
    self.layout = layout
    self.samples = samples
    frames = lead.firstFrame...last
  }

  /// How much more than its length tools see that take no notice of delay and padding, at most, in seconds.
  package static func surplus(sampleRate: Int) -> Double {
    let samplesPerFrame = sampleRate >= 32000 ? 1152 : 576
    return Double(4095 + MP3Header.decoderDelay + 2 * samplesPerFrame + MP3Header.decoderDelay) / Double(sampleRate)
  }
}

/// What planning a cut of an mp3 takes.
package struct MP3FrameFacts: Sendable, Equatable {
  /// Samples a channel in a frame.
  package let samplesPerFrame: Int
  /// Bytes of the longest frame there can be in it.
  package let longestFrame: Int
  /// Why its frames cannot be copied; `nil` where they can.
  package let refusal: MP3CutRefusal?
  /// Where its frames are, so that they need not be walked again.
  let layout: MP3Layout

  /// The same facts, wherever the frames are.
  package static func == (one: MP3FrameFacts, other: MP3FrameFacts) -> Bool {
    one.samplesPerFrame == other.samplesPerFrame && one.longestFrame == other.longestFrame
      && one.refusal == other.refusal && one.layout.walk.runs == other.layout.walk.runs
  }

  init(_ layout: MP3Layout) {
    self.layout = layout
    samplesPerFrame = layout.first.samples
    longestFrame = layout.walk.longestFrame
    refusal = MP3CutRefusal(layout)
  }

  /// The most bytes that an exact part of so many samples a channel takes.
  package func mostBytes(samples: Int) -> Int {
    // The frames themselves, those before them, the part of a frame at either end, header and carrier.
    let frames = samples / samplesPerFrame + 8 + 2
    return frames * longestFrame + 2 * 1441
  }
}

/// Why a part of an mp3 cannot be made of its own frames.
package enum MP3CutRefusal: Error, Equatable, Sendable {
  /// No header tells how long a frame is.
  case freeFormat
  /// Sample rate or channels change on the way.
  case changingFormat
  /// Two files were joined, and the part lies across the joint, where padding was taken out.
  case acrossJoint
  /// The header's 12 bits of delay do not hold what would have to be dropped.
  case tooFewBits

  /// What a file's own layout tells; `nil` where its frames can be copied.
  init?(_ layout: MP3Layout) {
    if layout.walk.runs.contains(where: { $0.kind.freeFormatLength != nil }) {
      self = .freeFormat
    } else if layout.walk.changeCount > 0 {
      self = .changingFormat
    } else {
      return nil
    }
  }
}

extension MP3Layout {
  /// What the frames have in common; only where nothing changes on the way.
  var kind: MP3FrameKind { walk.runs[0].kind }

  /// Where samples of the recording stand among the decoded ones; `nil` if some in between are trimmed away.
  func decoded(_ samples: Range<Int>) -> Range<Int>? {
    let start = samples.lowerBound + trim.front
    let end = samples.upperBound + trim.front
    if trim.back.isEmpty || end <= trim.back.lowerBound { return start..<end }
    guard start >= trim.back.lowerBound else { return nil }
    return start + trim.back.count..<end + trim.back.count
  }

  /// Walks the mp3, wherever its first frame stands.
  ///
  /// - Throws: `AudioFileError` as `FileSniffer` does; `corrupt` where it is no mp3.
  package init(_ file: borrowing InputFile) throws(AudioFileError) {
    let content = try FileSniffer.sniff(file)
    guard content.format == .mp3 else {
      throw AudioFileError(path: file.path, .noMP3AnyMore)
    }
    try self.init(file, offset: content.offset)
  }
}
