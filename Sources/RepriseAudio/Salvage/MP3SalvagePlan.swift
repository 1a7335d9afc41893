import RepriseSystem

/// The frames of a result that is made of the whole frames of a damaged mp3.
struct MP3SalvagePlan {
  /// Tags in front of the frames.
  private(set) var tags: [Range<Int>] = []
  /// Frames, without a header of the whole.
  private(set) var frames = ByteSplice()
  /// Number of frames.
  private(set) var frameCount = 0
  /// Numbers of samples per channel before and after the recording.
  private(set) var trim = (front: 0, back: 0)
  /// Header of the source; `nil` if it has none.
  let header: MP3Header?
  /// What is left, and what is not.
  private(set) var facts: SalvageFacts

  private let layout: MP3Layout
  private let check: MP3SalvageCheck
  private let repacking: MP3Repacking
  private let mode: SalvageMode
  /// Stretches of lost frames, counted with those that are missing, and the number of silent frames in their places.
  private var losses: [(range: Range<Int>, filled: Int)] = []
  private var repacked = 0

  /// Number of missing frames that are believed: a day of them.
  private static let mostMissing = 4_000_000
  /// Number of bytes that exceeds the reach of any frame.
  private static let farthest = 512
  /// Number of frames of silence that are written.
  private static let mostSilence = 1_000_000

  /// Plans the result; `nil` if nothing is whole, if nothing is lost, or if the frames have several forms.
  init?(
    _ bytes: RawSpan, _ layout: MP3Layout, mode: SalvageMode, zerosBehind: Int?, cancellation: Cancellation?,
    passed: (Int) -> Void
  ) throws(CancellationError) {
    guard let check = try MP3SalvageCheck(bytes, layout, cancellation: cancellation, passed: passed),
      let word = zip(check.frames, check.isOwn).first(where: \.1)?.0.word
    else { return nil }
    self.layout = layout
    self.check = check
    self.mode = mode
    header = layout.header
    repacking = MP3Repacking(kind: check.kind, like: word)
    facts = SalvageFacts(mode: mode, kept: .frames(repacked: 0), losses: [], seconds: 0)
    let missing = MP3MissingFrames(layout, check, zerosBehind: zerosBehind)
    let lastCut = zerosBehind != nil && bytes.zeros(from: layout.end - 8, to: layout.end) == 8
    let kept = try assemble(bytes, missing, word: word, isLastCut: lastCut, cancellation, passed)
    // Bytes that were put between whole frames cost nothing.
    guard kept > 0, !losses.isEmpty || layout.walk.gapCount > 0 else { return nil }
    tags = MP3Surroundings(bytes, layout).front.filter { $0.kind == .id3v2 }.flatMap { layout.fileRanges($0.range) }
    finish(missing)
  }

  // MARK: Assembly

  /// Puts the frames together and returns the number of those of the source among them.
  private mutating func assemble(
    _ bytes: RawSpan, _ missing: MP3MissingFrames, word: UInt32, isLastCut: Bool, _ cancellation: Cancellation?,
    _ passed: (Int) -> Void
  ) throws(CancellationError) -> Int {
    let delay = layout.trim.front
    var (place, kept, silent) = (0, 0, 0)
    var isBroken = false
    var holes = missing.holes[...]
    trim.front = delay
    for (index, frame) in check.frames.enumerated() {
      if index & 1023 == 0 {
        if let cancellation { try cancellation.check() }
        passed(frame.offset)
      }
      if let hole = holes.first, hole.frame == index {
        holes.removeFirst()
        isBroken = true
        let filled = mode == .silence && silent + hole.count <= MP3SalvagePlan.mostSilence ? hole.count : 0
        silent += filled
        lose(place..<place + hole.count, filled: filled)
        let frame = repacking.silence(like: check.isOwn[index] ? frame.word : word)
        for _ in 0..<filled { append(frame) }
        place += hole.count
      }
      let isWhole = check.isWhole[index] && !(isLastCut && index == check.frames.count - 1)
      let length = check.length(index)
      if isWhole {
        kept += 1
        if isBroken, mode == .close {
          appendBroken(bytes, index)
        } else {
          append(frame.offset..<frame.offset + length)
        }
        isBroken = false
      } else {
        // The silence that the header drops in front cannot become shorter than the delay of a decoder.
        let isInFront = mode == .close && kept == 0 && place * check.kind.samples < delay
        let filled = mode == .silence || isInFront ? 1 : 0
        lose(place..<place + 1, filled: filled)
        if filled > 0 {
          append(
            length > 0
              ? repacking.silenced(
                bytes.copy(at: frame.offset, count: length), word: frame.word, begin: reach(bytes, from: index))
              : repacking.silence(like: word))
        } else {
          isBroken = true
        }
      }
      place += 1
    }
    if missing.atEnd > 0 { lose(place..<place + missing.atEnd, filled: 0) }
    return kept
  }

  /// Appends a frame behind frames that are left out.
  private mutating func appendBroken(_ bytes: RawSpan, _ index: Int) {
    let (offset, word) = check.frames[index]
    let frame = bytes.copy(at: offset, count: check.length(index))
    guard let header = MPEGFrameHeader(word: Int(word)) else { return }
    let start = header.isProtected ? 6 : 4
    let side = MP3SideInformation(unsafe frame.span.bytes, at: start, frame: header)
    guard side.mainDataBegin > 0 else { return append(offset..<offset + frame.count) }
    let reservoir = reservoir(bytes, before: index, count: side.mainDataBegin)
    var bits = 0
    for granule in 0..<side.count { bits += side.granules[granule].codedBits }
    repacked += 1
    if let made = repacking.repacked(frame, word: word, reservoir: reservoir, dataBytes: (bits + 7) / 8) {
      return append(made)
    }
    // A frame of silence in front carries the bytes.
    if let carrier = try? MP3Lead.carrier(like: word, holding: reservoir, layout: layout), let last = losses.last {
      losses[losses.count - 1] = (last.range, last.filled + 1)
      append(carrier)
    }
    append(offset..<offset + frame.count)
  }

  /// Returns the number of bytes before a damaged frame that the next whole one needs; 0 if it needs none.
  private func reach(_ bytes: RawSpan, from index: Int) -> Int {
    var held = 0
    for next in index..<check.frames.count {
      guard held < MP3SalvagePlan.farthest else { return 0 }
      let (offset, word) = check.frames[next]
      if next > index, !check.isOwn[next] || check.holes.contains(where: { $0.frame == next }) { return 0 }
      if check.isWhole[next] {
        let start = offset + repacking.mainOffset(word) - repacking.side
        let first = Int(bytes.byte(at: start) ?? 0)
        let begin = word >> 19 & 1 == 1 ? first << 1 | Int(bytes.byte(at: start + 1) ?? 0) >> 7 : first
        return max(begin - held, 0)
      }
      held += max(check.length(next) - repacking.mainOffset(word), 0)
    }
    return 0
  }

  /// Returns the last main data before a frame.
  private func reservoir(_ bytes: RawSpan, before index: Int, count: Int) -> [UInt8] {
    var result: [UInt8] = []
    var next = index - 1
    while result.count < count, next >= 0, check.isOwn[next] {
      let (offset, word) = check.frames[next]
      let start = min(repacking.mainOffset(word), check.length(next))
      let part = min(check.length(next) - start, count - result.count)
      result = bytes.copy(at: offset + check.length(next) - part, count: part) + result
      next -= 1
    }
    return [UInt8](repeating: 0, count: max(count - result.count, 0)) + result
  }

  private mutating func append(_ range: Range<Int>) {
    for part in layout.fileRanges(range) { frames.append(part) }
    frameCount += 1
  }

  private mutating func append(_ frame: [UInt8]) {
    frames.append(frame)
    frameCount += 1
  }

  private mutating func lose(_ range: Range<Int>, filled: Int) {
    guard !range.isEmpty else { return }
    if let last = losses.last, last.range.upperBound == range.lowerBound, (last.filled > 0) == (filled > 0) {
      losses[losses.count - 1] = (last.range.lowerBound..<range.upperBound, last.filled + filled)
    } else {
      losses.append((range, filled))
    }
  }

  // MARK: Facts

  private mutating func finish(_ missing: MP3MissingFrames) {
    let spf = check.kind.samples
    if missing.atEnd == 0 {
      // With a hole the header's number of frames is not the real one, so that the walk drops no padding.
      let told = max((layout.header?.padding ?? 0) - MP3Header.decoderDelay, 0)
      trim.back = layout.trim.back.isEmpty ? told : layout.trim.back.count
      if layout.header == nil || losses.last.map({ $0.range.upperBound == missing.total && $0.filled == 0 }) == true {
        trim.back = 0
      }
    }
    let rate = Double(check.kind.sampleRate)
    let samples = frameCount * spf
    trim.back = min(trim.back, max(samples - trim.front, 0))
    let played = max(samples - trim.front - trim.back, 0)
    let (front, whole) = (trim.front, missing.total * spf - trim.front - (missing.atEnd == 0 ? trim.back : 0))
    // Times are those of the recording, without what is dropped before and after it.
    func time(_ frame: Int) -> Double { Double(min(max(frame * spf - front, 0), max(whole, 0))) / rate }
    let told = losses.map { loss in
      let (start, end) = (time(loss.range.lowerBound), time(loss.range.upperBound))
      let isAll = loss.filled >= loss.range.count
      return SalvageLoss(start: start, end: end, filled: isAll ? end - start : Double(loss.filled * spf) / rate)
    }
    facts = SalvageFacts(
      mode: mode, kept: .frames(repacked: repacked), losses: told.filter { $0.seconds > 0 },
      seconds: Double(played) / rate)
  }
}

/// The frames that are missing in a damaged mp3, by its header or by the bytes in their places.
struct MP3MissingFrames {
  /// Numbers of frames missing before the frames with these indices, in order.
  private(set) var holes: [(frame: Int, count: Int)] = []
  /// Number of frames missing at the end.
  private(set) var atEnd = 0
  /// Number of frames with those that are missing.
  private(set) var total = 0

  /// Largest number of missing frames that are believed.
  private static let most = 4_000_000

  /// Determines the missing frames.
  init(_ layout: MP3Layout, _ check: MP3SalvageCheck, zerosBehind: Int?) {
    let walk = layout.walk
    let mean = Double(walk.frameBytes) / Double(max(walk.frames, 1))
    var counts = check.holes.map { hole -> Int in
      let likely = Int((Double(hole.bytes) / max(mean, 1)).rounded())
      return min(hole.isGarbage ? max(likely, 1) : likely, MP3MissingFrames.most)
    }
    let sum = counts.reduce(0, +)
    let claimed = layout.header?.frames ?? 0
    let isClaimed = claimed > 0 && layout.header?.kind != .vbri && walk.headerCount == 0
    let missing = isClaimed ? min(claimed - walk.frames, MP3MissingFrames.most) : 0
    if isClaimed, missing > 0 {
      if counts.isEmpty {
        atEnd = missing
      } else if missing <= sum + 2 * counts.count || counts.count == 1 && walk.cutFrame == nil && zerosBehind == nil {
        MP3MissingFrames.scale(&counts, from: sum, to: missing)
      } else {
        atEnd = missing - sum
      }
    } else if let zerosBehind {
      atEnd = min(Int((Double(zerosBehind) / max(mean, 1)).rounded()), MP3MissingFrames.most)
    }
    for (hole, count) in zip(check.holes, counts) { holes.append((hole.frame, count)) }
    total = walk.frames + counts.reduce(0, +) + atEnd
  }

  /// Changes counts so that their sum is another, each in proportion.
  private static func scale(_ counts: inout [Int], from sum: Int, to wanted: Int) {
    var (done, seen) = (0, 0)
    for index in counts.indices {
      seen += sum > 0 ? counts[index] : 1
      let reached = Int((Double(wanted) * Double(seen) / Double(max(sum > 0 ? sum : counts.count, 1))).rounded())
      counts[index] = reached - done
      done = reached
    }
  }
}
