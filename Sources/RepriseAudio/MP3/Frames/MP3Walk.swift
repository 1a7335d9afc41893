import RepriseSystem

/// A walk over every frame of an mp3, from header to header, and the gaps between them.
struct MP3Walk: Sendable {
  /// A range of bytes that belongs to no frame.
  struct Gap: Equatable {
    /// Offset of the first byte.
    let start: Int
    /// Offset of the next frame.
    let end: Int
    /// Seconds of audio before the gap, encoder delay included.
    let seconds: Double
  }

  /// A run of consecutive frames.
  struct Run: Equatable {
    /// Offset of the first frame.
    let start: Int
    /// Offset of the end of the last frame.
    var end: Int
    /// Kind of the frames.
    let kind: MP3FrameKind
    /// `true` if the frames have one channel.
    let isMono: Bool
    /// Header of the first frame.
    let word: UInt32
    /// Number of frames.
    var frames = 0
  }

  /// A header of the whole inside the stream, as of a second mp3 that was joined to the first; it holds no audio.
  struct InnerHeader: Equatable {
    /// Range of the frame that holds the header.
    let range: Range<Int>
    /// Number of frames with audio before it.
    let frames: Int
    /// Seconds of audio before it, encoder delay included.
    let seconds: Double
  }

  /// All frames with audio, in the order of the file; a new run begins after a gap or a header of the whole, and at a
  /// change of kind or of the number of channels.
  private(set) var runs: [Run] = []
  /// Seconds of audio, each frame at its own rate.
  private(set) var seconds = 0.0
  /// First thousand gaps between frames.
  private(set) var gaps: [Gap] = []
  /// Number of gaps.
  private(set) var gapCount = 0
  /// First thousand headers of the whole inside the stream.
  private(set) var headers: [InnerHeader] = []
  /// Number of such headers.
  private(set) var headerCount = 0
  /// First five changes of sample rate or number of channels.
  private(set) var changes: [MP3Finding.FormatChange] = []
  /// Number of changes.
  private(set) var changeCount = 0
  /// Start in seconds of the first frame whose channels differ from those before and after it, which are the same.
  private(set) var strayStart: Double?
  /// Number of frames whose channels differ so.
  private(set) var strays = 0
  /// `true` if the walk was abandoned because the frames are in too many runs.
  private(set) var isShattered = false
  /// Bit rate indices that occur, one bit each.
  private(set) var bitrateIndices: UInt16 = 0
  /// Offset of the header of a frame that is cut off by the end of the audio.
  private(set) var cutFrame: Int?
  /// Number of frames.
  private(set) var frames = 0
  /// Number of samples per channel, encoder delay and padding included.
  private(set) var samples = 0
  /// Combined bytes read ahead, which only keeps the reads from being optimised away.
  private var touched: UInt32 = 0
  private var form: (rate: Int, isMono: Bool)?

  private var lastForm: (rate: Int, isMono: Bool, frame: Int, seconds: Double)?

  /// Largest number of stray frames in a row: joined parts are longer, whereas a damaged header looks like a few
  /// strays.
  private static let mostStrays = 3
  /// Number of frames that are read ahead.
  private static let lead = 8
  private static let keptGaps = 1000
  /// Largest number of runs that are followed; a file with more of them is not a recording.
  private static let mostRuns = 100_000

  /// Offset of the first frame.
  var start: Int? { runs.first?.start }
  /// Offset of the end of the last frame.
  var end: Int? { runs.last?.end }
  /// Number of bytes of all frames.
  var frameBytes: Int { runs.reduce(0) { $0 + $1.end - $1.start } }
  /// Size in bytes of the longest frame at the bit rates that occur; 0 if there is no frame.
  var longestFrame: Int { runs.reduce(0) { max($0, $1.kind.longest(bitrateIndices)) } }
  /// Size in bytes of the shortest frame at the bit rates that occur; 0 if there is no frame.
  var shortestFrame: Int { runs.map { $0.kind.shortest(bitrateIndices) }.min() ?? 0 }

  /// Reads the frames in a range of bytes.
  ///
  /// A header at an offset where a frame is expected is accepted. Elsewhere it counts only if it is followed by another
  /// of the same kind, a tag or the end; a header of another kind needs two followers, since random bytes do hold two.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of the file.
  ///   - start: The offset at which the first frame is expected.
  ///   - end: The offset of the end of the audio.
  ///   - first: The kind of the first frame.
  ///   - cancellation: Interrupts the walk.
  ///   - passed: Called now and then with an offset before which nothing is read again soon.
  /// - Throws: `AudioFileError` `cancelled`.
  init(
    _ bytes: RawSpan, from start: Int, to end: Int, kind first: MP3FrameKind, cancellation: Cancellation? = nil,
    passed: (Int) -> Void = { _ in }
  ) throws(CancellationError) {
    var kind = first
    var position = start
    // The end of the last frame, or the start of the walk.
    var expected = start
    var finder = MP3FrameFinder(end: end)
    while true {
      if let cancellation { try cancellation.check() }
      let begin = position
      position = follow(bytes, from: position, to: end, kind: kind, passed: passed)
      if position > begin { expected = position }
      guard position < end else { break }
      if runs.count >= MP3Walk.mostRuns {
        isShattered = true
        break
      }
      if let word = bytes.big32(at: position), kind.length(word) > 0 {
        // The only frame that is not followed is one with too few bytes after it; other frames may still come.
        cutFrame = position
      }
      guard let next = try finder.next(bytes, from: position, kind: kind, cancellation: cancellation, passed: passed)
      else { break }
      cutFrame = nil
      if next.position > expected, !runs.isEmpty {
        gapCount += 1
        if gaps.count < MP3Walk.keptGaps {
          gaps.append(Gap(start: expected, end: next.position, seconds: seconds))
        }
      }
      kind = next.kind
      position = next.position
    }
  }

  /// Follows the headers and returns the offset at which there is no complete frame of the kind any more.
  private mutating func follow(
    _ bytes: RawSpan, from start: Int, to end: Int, kind: MP3FrameKind, passed: (Int) -> Void
  ) -> Int {
    var position = start
    while runs.count < MP3Walk.mostRuns {
      let begin = position
      position = followRun(bytes, from: position, to: end, kind: kind, passed: passed)
      if let length = innerHeader(bytes, at: position, to: end, kind: kind) {
        headerCount += 1
        if headers.count < MP3Walk.keptGaps {
          headers.append(InnerHeader(range: position..<position + length, frames: frames, seconds: seconds))
        }
        position += length
      } else if position == begin {
        break
      }
    }
    return position
  }

  /// Returns the size of the frame at an offset if it holds a header of the whole; `nil` for any other frame.
  private func innerHeader(_ bytes: RawSpan, at position: Int, to end: Int, kind: MP3FrameKind) -> Int? {
    guard position <= end - 8, let word = bytes.big32(at: position) else { return nil }
    let length = kind.length(word)
    guard length > 0, position + length <= end, MP3Walk.isHeader(bytes, at: position, word) else { return nil }
    return length
  }

  /// Returns `true` if the frame at an offset holds a header of the whole: "Xing" or "Info" after the side information,
  /// or "VBRI" at its fixed offset.
  private static func isHeader(_ bytes: RawSpan, at position: Int, _ word: UInt32) -> Bool {
    let isMPEG1 = word >> 19 & 1 == 1
    let side = MP3FrameKind.isMono(word) ? (isMPEG1 ? 17 : 9) : (isMPEG1 ? 32 : 17)
    let place = position + 4 + side
    func isTag(_ place: Int) -> Bool { bytes.big32(at: place).map { $0 == 0x5869_6E67 || $0 == 0x496E_666F } ?? false }
    return isTag(place) || bytes.big32(at: position + 36) == 0x5642_5249
  }

  /// Follows frames of one kind and number of channels, and returns the offset at which there is no further one.
  private mutating func followRun(
    _ bytes: RawSpan, from start: Int, to end: Int, kind: MP3FrameKind, passed: (Int) -> Void
  ) -> Int {
    var mark = (start / MappedBytes.forgotten + 1) * MappedBytes.forgotten
    var position = start
    var count = 0
    var indices: UInt16 = 0
    // Every frame has more than eight bytes.
    let last = min(end, bytes.byteCount) - 8
    var touched: UInt32 = 0
    guard start <= last else { return start }
    let firstWord = UInt32(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt32.self))
    let isMono = MP3FrameKind.isMono(firstWord)
    while position <= last {
      let head = UInt64(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
      let word = UInt32(truncatingIfNeeded: head >> 32)
      let length = kind.length(word)
      guard length > 0, position + length <= end, MP3FrameKind.isMono(word) == isMono else { break }
      // The side information of a frame with a header of the whole is all zeros; that of few others begins so.
      if head & 0xFFFF == 0, MP3Walk.isHeader(bytes, at: position, word) { break }
      // The likely positions of further headers are read ahead: the position of each frame depends on the previous one,
      // and most of a walk would be memory latency.
      touched ^= unsafe bytes.unsafeLoadUnaligned(
        fromByteOffset: min(position + MP3Walk.lead * length, last), as: UInt32.self)
      indices |= 1 << UInt16(truncatingIfNeeded: word >> 12 & 15)
      count += 1
      position += length
      if position >= mark {
        passed(position)
        mark = (position / MappedBytes.forgotten + 1) * MappedBytes.forgotten
      }
    }
    self.touched = touched
    guard count > 0 else { return start }
    if isMono != form?.isMono || kind.sampleRate != form?.rate {
      noteForm(kind.sampleRate, isMono, at: seconds, frame: frames)
    }
    bitrateIndices |= indices
    frames += count
    samples += count * kind.samples
    seconds += Double(count * kind.samples) / Double(kind.sampleRate)
    if let run = runs.last, run.end == start, run.kind == kind, run.isMono == isMono {
      runs[runs.count - 1].end = position
      runs[runs.count - 1].frames += count
    } else {
      runs.append(Run(start: start, end: position, kind: kind, isMono: isMono, word: firstWord, frames: count))
    }
    return position
  }

  private mutating func noteForm(_ rate: Int, _ isMono: Bool, at seconds: Double, frame: Int) {
    if let form {
      if let last = lastForm, last.rate == rate, last.isMono == isMono, frame - last.frame <= MP3Walk.mostStrays {
        strays += frame - last.frame
        if strayStart == nil { strayStart = last.seconds }
      }
      lastForm = (form.rate, form.isMono, frame, seconds)
      changeCount += 1
      if changes.count < 5 {
        changes.append(
          MP3Finding.FormatChange(
            oldRate: form.rate, oldChannels: form.isMono ? 1 : 2, rate: rate, channels: isMono ? 1 : 2,
            seconds: seconds))
      }
    }
    form = (rate, isMono)
  }

  /// Creates a walk over some of the runs of another one.
  init(_ walk: MP3Walk, runs range: Range<Int>) {
    runs = Array(walk.runs[range])
    bitrateIndices = walk.bitrateIndices
    for run in runs {
      frames += run.frames
      samples += run.frames * run.kind.samples
      seconds += Double(run.frames * run.kind.samples) / Double(run.kind.sampleRate)
    }
  }
}
