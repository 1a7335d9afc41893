import RepriseSystem

/// Every frame of an mp3, from header to header, and what lies between them.
struct MP3Walk: Sendable {
  /// Bytes that belong to no frame.
  struct Gap: Equatable {
    /// Where it begins.
    let start: Int
    /// Where the next frame begins.
    let end: Int
    /// Seconds of audio ahead of it, encoder delay included.
    let seconds: Double
  }

  /// Frames that stand one behind the other.
  struct Run: Equatable {
    /// Where the first of them begins.
    let start: Int
    /// Where the last of them ends.
    var end: Int
    /// What they are.
    let kind: MP3FrameKind
    /// How many there are.
    var frames = 0
  }

  /// All frames, in the order of the file; another run begins behind a gap and where the kind changes.
  private(set) var runs: [Run] = []
  /// Seconds of audio, each frame at its own rate.
  private(set) var seconds = 0.0
  /// The first thousand stretches between frames.
  private(set) var gaps: [Gap] = []
  /// How many there are.
  private(set) var gapCount = 0
  /// The first five places where the sample rate or the number of channels changes.
  private(set) var changes: [MP3Finding.FormatChange] = []
  /// How many there are.
  private(set) var changeCount = 0
  /// Frames of other channels than those before and behind them, which are the same: the first of them in seconds.
  private(set) var strayStart: Double?
  /// How many there are.
  private(set) var strays = 0
  /// Whether the frames lie in so many pieces that the walk was given up.
  private(set) var isShattered = false
  /// The bit rate indices met, a bit each.
  private(set) var bitrateIndices: UInt16 = 0
  /// Where the header of a frame stands that the end of the audio cuts off.
  private(set) var cutFrame: Int?
  /// The frames.
  private(set) var frames = 0
  /// Their samples a channel, encoder delay and padding included.
  private(set) var samples = 0
  /// What was read ahead; it is of no use but that it was read.
  private var touched: UInt32 = 0
  private var form: (rate: Int, isMono: Bool)?

  private var lastForm: (rate: Int, isMono: Bool, frame: Int, seconds: Double)?

  /// Nobody joins parts of so few frames; a damaged header looks like one.
  private static let mostStrays = 3
  /// How many frames ahead.
  private static let lead = 8
  private static let keptGaps = 1000
  /// The most stretches of frames that are followed; a file in more pieces is no recording.
  private static let mostRuns = 100_000

  /// Where the first frame begins.
  var start: Int? { runs.first?.start }
  /// Where the last frame ends.
  var end: Int? { runs.last?.end }
  /// The bytes of all frames.
  var frameBytes: Int { runs.reduce(0) { $0 + $1.end - $1.start } }
  /// Bytes of the longest frame that the bit rates met allow; 0 if there is no frame.
  var longestFrame: Int { runs.reduce(0) { max($0, $1.kind.longest(bitrateIndices)) } }
  /// Bytes of the shortest frame that the bit rates met allow; 0 if there is no frame.
  var shortestFrame: Int { runs.map { $0.kind.shortest(bitrateIndices) }.min() ?? 0 }

  /// Walks the bytes from `start`, where a frame of `kind` is expected, to `end`.
  ///
  /// At the place where a frame is expected its header is believed. Elsewhere one counts only if another of the same
  /// kind follows it, a tag or the end; a header of another kind wants two followers, since random bytes do hold two.
  ///
  /// - Parameter passed: called with a place now and then: what stands before it is not looked at again soon.
  init(
    _ bytes: RawSpan, from start: Int, to end: Int, kind first: MP3FrameKind, cancellation: Cancellation? = nil,
    passed: (Int) -> Void = { _ in }
  ) throws(CancellationError) {
    var kind = first
    var position = start
    // Where the last frame ended, or the walk began.
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
        // The only frame that is not followed is one with too few bytes behind it; other frames may still come.
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

  /// Goes from header to header; returns where none of the kind stands any more, or not all of its frame.
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
      // Where headers further on are likely to stand is read already: each frame's place hangs on the one before, and
      // waiting for memory at every one of them is most of a walk.
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
