import RepriseSystem

/// Checks every frame of an mp3 and records defects, with the times at which they are heard.
struct MP3DeepCheck {
  private let layout: MP3Layout
  private var check = MP3FrameCheck()
  /// Stretches by kind; adjacent stretches of one kind are merged.
  ///
  /// Bounded, as a file may be damaged from end to end.
  private var spans: [(finding: MP3FrameCheck.Finding, start: Double, end: Double)] = []
  private var counts: [MP3FrameCheck.Finding: Int] = [:]
  private var music: MP3MusicChecksum?

  private static let keptSpans = 10_000

  /// Checks the frames of a layout in the bytes from which it was made.
  static func run(
    _ bytes: RawSpan, _ layout: MP3Layout, evidence: inout Evidence, cancellation: Cancellation?,
    passed: (Int) -> Void = { _ in }
  ) throws(CancellationError) {
    var check = MP3DeepCheck(layout, bytes)
    try check.walk(bytes, cancellation, passed)
    check.confirm()
    check.tell(&evidence)
  }

  private init(_ layout: MP3Layout, _ bytes: RawSpan) {
    self.layout = layout
    music = MP3MusicChecksum(bytes, layout)
  }

  private mutating func walk(
    _ bytes: RawSpan, _ cancellation: Cancellation?, _ passed: (Int) -> Void
  ) throws(CancellationError) {
    var samples = 0
    // Seconds of runs whose rate is not that of the first one.
    var seconds = 0.0
    for run in layout.walk.runs {
      music?.add(bytes, run.start..<run.end)
      let rate = Double(run.kind.sampleRate)
      var position = run.start
      var known: (word: UInt32, header: MPEGFrameHeader)?
      for index in 0..<run.frames {
        if index & 1023 == 0 {
          if let cancellation { try cancellation.check() }
          passed(position)
        }
        guard let word = bytes.big32(at: position) else { return }
        let length = run.kind.length(word)
        guard length > 0, position + length <= bytes.byteCount else { return }
        // Bit rate and padding do not affect the check, and parsing a header again takes time.
        let bits = word & 0xFFFF_0CC0
        if known?.word != bits {
          guard let header = MPEGFrameHeader(word: Int(word)) else { return }
          known = (bits, header)
        }
        guard let header = known?.header else { return }
        if let finding = check.check(bytes.extracting(position..<position + length), header: header) {
          note(finding, from: seconds + Double(index * run.kind.samples) / rate, kind: run.kind)
        }
        position += length
      }
      samples += run.frames * run.kind.samples
      seconds += Double(run.frames * run.kind.samples) / rate
    }
  }

  /// Records a finding about a frame.
  ///
  /// - Parameters:
  ///   - finding: The finding.
  ///   - start: The start of the samples of the frame before trimming, in seconds.
  ///   - kind: The kind of the frame.
  private mutating func note(_ finding: MP3FrameCheck.Finding, from start: Double, kind: MP3FrameKind) {
    // The first granule of the next frame overlaps the last granule of this one.
    let end = start + Double(kind.samples + 576) / Double(kind.sampleRate)
    let (from, to) = (played(start), played(end))
    // Missing frames before a stream do not damage the frames that are present.
    guard to > from, finding != .beforeStart else { return }
    counts[finding, default: 0] += 1
    if let last = spans.indices.last(where: { spans[$0].finding == finding }), from <= spans[last].end + 1e-6,
      last >= spans.count - 6
    {
      spans[last].end = max(to, spans[last].end)
    } else if spans.count < MP3DeepCheck.keptSpans {
      spans.append((finding, from, to))
    }
  }

  /// Returns a time as it is played, without delay and padding.
  private func played(_ seconds: Double) -> Double {
    let rate = Double(layout.first.sampleRate)
    let back = layout.trim.back
    var time = seconds
    if layout.walk.changeCount == 0, !back.isEmpty, seconds * rate > Double(back.lowerBound) {
      time -= min(seconds - Double(back.lowerBound) / rate, Double(back.count) / rate)
    }
    return max(time - Double(layout.trim.front) / rate, 0)
  }

  /// Number of granules per inexact one below which codes that end elsewhere are a habit of the encoder.
  private static let habit = 50

  /// Drops findings that are not damage in a stream of this kind.
  ///
  /// The kind is determined by the frames alone, since a tag that names an encoder may be from any source.
  private mutating func confirm() {
    let isExact = check.inexactGranules * MP3DeepCheck.habit <= check.granules
    // An encoder that does not compute the checksum correctly gets all of them wrong.
    let isChecked = check.wrongChecksums * 2 <= check.protectedFrames
    spans.removeAll { $0.finding == .suspect && !isExact || $0.finding == .checksum && !isChecked }
    if !isExact { counts[.suspect] = nil }
    if !isChecked { counts[.checksum] = nil }
  }

  private func tell(_ evidence: inout Evidence) {
    music?.tell(&evidence)
    if check.wrongChecksums * 2 > check.protectedFrames {
      evidence.problems.append(
        .mp3(.uncomputedChecksums(wrong: check.wrongChecksums, of: check.protectedFrames)))
    }
    if check.framesBeforeStart > 0 {
      evidence.problems.append(
        .mp3(.cutFromLonger(frames: check.framesBeforeStart, bytes: check.bytesBeforeStart)))
    }
    guard let first = spans.min(by: { $0.start < $1.start }) else { return }
    for span in spans.sorted(by: { $0.start < $1.start }) {
      evidence.addDamage(from: span.start, to: span.end, MP3DeepCheck.kind(span.finding))
    }
    let total = counts.values.reduce(0, +)
    let span = DamageSpan(start: first.start, end: first.end, kind: MP3DeepCheck.kind(first.finding))
    evidence.corrupt(.mp3(.damagedFrames(total, first: span)))
  }

  private static func kind(_ finding: MP3FrameCheck.Finding) -> DamageSpan.Kind {
    switch finding {
    case .checksum: .checksum
    case .sideInformation: .sideInformation
    case .overlap: .overlap
    case .pastEnd: .pastEnd
    case .codes, .suspect: .codes
    case .beforeStart, .lostReservoir: .lostReservoir
    }
  }
}
