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
    /// Number of frames.
    var frames = 0
  }

  /// All frames, in the order of the file; a new run begins after a gap and at a change of kind.
  private(set) var runs: [Run] = []
  /// Seconds of audio, each frame at its own rate.
  private(set) var seconds = 0.0
  /// First thousand gaps between frames.
  private(set) var gaps: [Gap] = []
  /// Number of gaps.
  private(set) var gapCount = 0
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
      position = follow(bytes, from: position, to: end, kind: kind, passed: passed)
      if runs.last?.end == position { expected = position }
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
    var mark = (start / MappedBytes.forgotten + 1) * MappedBytes.forgotten
    var position = start
    var count = 0
    var indices: UInt16 = 0
    let last = min(end, bytes.byteCount) - 4
    var touched: UInt32 = 0
    while position <= last {
      let word = UInt32(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt32.self))
      let length = kind.length(word)
      guard length > 0, position + length <= end else { break }
      // The likely positions of further headers are read ahead: the position of each frame depends on the previous one,
      // and most of a walk would be memory latency.
      touched ^= unsafe bytes.unsafeLoadUnaligned(
        fromByteOffset: min(position + MP3Walk.lead * length, last), as: UInt32.self)
      let mono = MP3FrameKind.isMono(word)
      if mono != form?.isMono || kind.sampleRate != form?.rate {
        noteForm(
          kind.sampleRate, mono, at: seconds + Double(count * kind.samples) / Double(kind.sampleRate),
          frame: frames + count)
      }
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
    bitrateIndices |= indices
    frames += count
    samples += count * kind.samples
    seconds += Double(count * kind.samples) / Double(kind.sampleRate)
    if let run = runs.last, run.end == start, run.kind == kind {
      runs[runs.count - 1].end = position
      runs[runs.count - 1].frames += count
    } else {
      runs.append(Run(start: start, end: position, kind: kind, frames: count))
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
}
