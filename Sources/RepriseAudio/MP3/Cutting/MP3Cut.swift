import RepriseSystem

/// A part of an mp3 made of the frames of the source, exact to the sample.
///
/// The data of a frame may begin in previous frames (the bit reservoir), its transform overlaps the previous granule,
/// and the synthesis filterbank has a memory of 15 time slots of 32 samples (ISO 11172-3 §2.4.3.4). Therefore one frame
/// of two granules, or two of one, is decoded before the part (pre-roll) and dropped by the decoder, as the delay in
/// the LAME header specifies. The bytes that the first of these frames needs from earlier frames are carried by a frame
/// of silence made for them: its own main data are empty, and the bytes of the reservoir take the position of unused
/// bits.
package struct MP3Cut {
  /// Frame of the header and frames of silence, which precede the copied frames.
  package let head: [UInt8]
  /// Ranges of the source that follow, in order.
  package let ranges: [Range<Int>]
  /// Range of the part, in samples per channel of the recording.
  package let samples: Range<Int>
  /// Layout of the source.
  let layout: MP3Layout
  /// Indices of the first and the last frame that are copied.
  let frames: ClosedRange<Int>

  /// Size of the result in bytes.
  package var byteCount: Int { ranges.reduce(head.count) { $0 + $1.count } }

  /// Plans a part.
  ///
  /// - Parameters:
  ///   - file: The source.
  ///   - samples: The range of the part, in samples per channel of the recording; not empty.
  /// - Throws: `MP3CutRefusal` if frames cannot be copied, `AudioFileError` if the file cannot be read.
  package init(_ file: borrowing InputFile, samples: Range<Int>) throws {
    try self.init(file, try MP3Layout(file), samples: samples)
  }

  /// Plans a part of a file that was already inspected; `MP3CutProof` detects a change since.
  package init(_ file: borrowing InputFile, _ facts: MP3FrameFacts, samples: Range<Int>) throws {
    try self.init(file, facts.layout, samples: samples)
  }

  init(_ file: borrowing InputFile, _ layout: MP3Layout, samples: Range<Int>) throws {
    let mapped = try file.map()
    self = try mapped.withBytes { bytes in
      try layout.withStream(bytes) { stream in
        try MP3Cut(stream, layout, samples: samples) { mapped.forget(before: $0) }
      }
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
    self.ranges = ranges.flatMap { layout.fileRanges($0) }
    self.layout = layout
    self.samples = samples
    frames = lead.firstFrame...last
  }

  /// Returns the most by which the length reported by tools that ignore delay and padding exceeds the true one, in
  /// seconds.
  package static func surplus(sampleRate: Int) -> Double {
    let samplesPerFrame = sampleRate >= 32000 ? 1152 : 576
    return Double(4095 + MP3Header.decoderDelay + 2 * samplesPerFrame + MP3Header.decoderDelay) / Double(sampleRate)
  }
}

/// The facts about an mp3 that planning a cut needs.
package struct MP3FrameFacts: Sendable, Equatable {
  /// Number of samples per channel in a frame.
  package let samplesPerFrame: Int
  /// Largest possible size of a frame in bytes.
  package let longestFrame: Int
  /// Reason for which the frames cannot be copied; `nil` if they can.
  package let refusal: MP3CutRefusal?
  /// Layout of the frames, so that the file need not be read again.
  let layout: MP3Layout

  /// Returns `true` if the facts are the same, wherever the frames are.
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

  /// Returns the largest size in bytes of an exact part of `samples` samples per channel.
  package func mostBytes(samples: Int) -> Int {
    // The frames themselves, pre-roll, the partial frame at either end, header and carrier.
    let frames = samples / samplesPerFrame + 8 + 2
    return frames * longestFrame + 2 * 1441
  }
}

/// The reasons for which a part of an mp3 cannot be made of its own frames.
package enum MP3CutRefusal: Error, Equatable, Sendable {
  /// Frames of free format, whose length no header specifies.
  case freeFormat
  /// Sample rate or channels change within the file.
  case changingFormat
  /// Two files were joined, and the part spans the joint, at which padding was removed.
  case acrossJoint
  /// The 12 bits of delay in the header cannot hold the number of samples to drop.
  case tooFewBits

  /// Creates the reason that the layout of a file implies; `nil` if its frames can be copied.
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
  /// Kind of all frames; valid only if it does not change.
  var kind: MP3FrameKind { walk.runs[0].kind }

  /// Returns the range of samples of the recording among the decoded ones; `nil` if some within are trimmed.
  func decoded(_ samples: Range<Int>) -> Range<Int>? {
    let start = samples.lowerBound + trim.front
    let end = samples.upperBound + trim.front
    if trim.back.isEmpty || end <= trim.back.lowerBound { return start..<end }
    guard start >= trim.back.lowerBound else { return nil }
    return start + trim.back.count..<end + trim.back.count
  }

  /// Reads the frames of an mp3, wherever the first one is.
  ///
  /// - Throws: `AudioFileError` as `FileSniffer` does; `corrupt` if the file is not an mp3.
  package init(_ file: borrowing InputFile) throws(AudioFileError) {
    let content = try FileSniffer.sniff(file)
    guard content.format == .mp3 else {
      throw AudioFileError(path: file.path, .noMP3AnyMore)
    }
    try self.init(file, offset: content.offset)
  }
}
