import RepriseSystem

/// Counts the frames of an mp3 and compares them with the claims of its header.
enum MP3Inspector {
  /// Largest number of gaps between frames that are reported one by one.
  private static let maximumReported = 10

  /// Reads every frame and accounts for every byte.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - offset: The offset of the first frame.
  ///   - deep: `true` to check inside every frame as well.
  ///   - cancellation: Interrupts the inspection.
  /// - Returns: The evidence.
  /// - Throws: `AudioFileError` if the file cannot be read or is not an mp3.
  static func inspect(
    _ file: borrowing InputFile, offset: Int, deep: Bool, cancellation: Cancellation?
  ) throws(AudioFileError) -> Evidence {
    let mapped = try file.map()
    let path = file.path
    let evidence = try mapped.withBytes { bytes throws(AudioFileError) -> Evidence? in
      do throws(CancellationError) {
        guard
          let layout = try MP3Layout(
            bytes, offset: offset, cancellation: cancellation, passed: { mapped.forget(before: $0) })
        else { return nil }
        var evidence = try gather(bytes, layout, cancellation: cancellation) { mapped.forget(before: $0) }
        if deep {
          try MP3DeepCheck.run(bytes, layout, evidence: &evidence, cancellation: cancellation) {
            mapped.forget(before: $0)
          }
        }
        return evidence
      } catch {
        throw AudioFileError.cancelled(path)
      }
    }
    guard !mapped.isCut, !file.hasShrunk else { throw AudioFileError.changed(path) }
    guard let evidence else {
      throw AudioFileError(path: path, .firstMP3Frame)
    }
    return evidence
  }

  private static func gather(
    _ bytes: RawSpan, _ layout: MP3Layout, cancellation: Cancellation?, passed: (Int) -> Void
  ) throws(CancellationError) -> Evidence {
    var evidence = Evidence(codec: "mp3")
    let (walk, first, header) = (layout.walk, layout.first, layout.header)
    evidence.encoding = .lossy
    evidence.sampleRate = first.sampleRate
    evidence.channels = first.channels
    guard walk.frames > 0 else {
      evidence.countedFrames = 0
      evidence.corrupt(.mp3(.noAudio))
      return evidence
    }
    let rate = Double(first.sampleRate)
    evidence.countedFrames = layout.playedSamples
    if walk.changeCount > 0 {
      // The trimmed samples are counted at the first rate; frames of a higher rate may be shorter.
      evidence.countedSeconds = max(walk.seconds - Double(layout.trim.count) / rate, 0)
      evidence.problems.append(.mp3(.formatChanges(walk.changes, count: walk.changeCount)))
    }
    if let start = walk.strayStart {
      let position = max(start - Double(layout.trim.front) / rate, 0)
      evidence.addDamage(from: position, to: position + Double(walk.strays * first.samples) / rate, .frameHeader)
      evidence.corrupt(.mp3(.strayFrames(walk.strays, first: position)))
    }
    evidence.reportedDurations = layout.reportedDurations(byteCount: bytes.byteCount)
    evidence.declaredSeconds = header?.claimedSamples(samplesPerFrame: first.samples).map { Double($0) / rate }
    evidence.audioBytes = walk.frameBytes + layout.headerFrame.count
    evidence.audioRange = layout.start..<layout.end
    evidence.frames = MP3FrameFacts(layout)
    if walk.isShattered {
      evidence.corrupt(.mp3(.shattered(pieces: walk.runs.count - 1)))
    }
    if header?.isBehindChecksum == true {
      evidence.problems.append(.mp3(.headerBehindChecksum))
    }
    compare(layout, evidence: &evidence)
    try lookAround(bytes, layout, evidence: &evidence, cancellation: cancellation, passed: passed)
    return evidence
  }

  /// Accounts for every byte that is in no frame.
  private static func lookAround(
    _ bytes: RawSpan, _ layout: MP3Layout, evidence: inout Evidence, cancellation: Cancellation?,
    passed: (Int) -> Void
  ) throws(CancellationError) {
    let walk = layout.walk
    let front = try NonAudioRegion(bytes, 0..<layout.start, cancellation: cancellation, passed: passed)
    evidence.skip(front.range, front.contents)
    if front.unexplained > 0 { evidence.problems.append(.mp3(.garbageInFront(bytes: front.unexplained))) }
    if let start = walk.start, start > layout.headerFrame.upperBound {
      let gap = MP3Walk.Gap(start: layout.headerFrame.upperBound, end: start, seconds: 0)
      try judge([gap], count: 1, bytes, layout, evidence: &evidence, cancellation: cancellation, passed: passed)
    }
    try judge(
      walk.gaps, count: walk.gapCount, bytes, layout, evidence: &evidence, cancellation: cancellation, passed: passed)
    let back = try NonAudioRegion(bytes, layout.end..<layout.tagsStart, cancellation: cancellation, passed: passed)
    // Tags at the very end were recognised backwards from the end, so that not all of them are named.
    let tags = NonAudioContents(recognised: FirstOf([.tags]))
    evidence.skip(layout.end..<bytes.byteCount, back.unexplained > 0 ? back.contents : tags)
    if back.unexplained == 0, back.contents.recognised.count > 0 {
      evidence.problems.append(.mp3(.tagsBehind(bytes: back.range.count, back.contents)))
    }
    if let cut = walk.cutFrame {
      evidence.truncate(.mp3(.lastFrameCut(offset: cut)))
    } else if back.unexplained > 0 {
      evidence.problems.append(.mp3(.garbageBehind(bytes: back.unexplained, offset: layout.end)))
    }
  }

  private static func judge(
    _ gaps: [MP3Walk.Gap], count: Int, _ bytes: RawSpan, _ layout: MP3Layout, evidence: inout Evidence,
    cancellation: Cancellation?, passed: (Int) -> Void
  ) throws(CancellationError) {
    let delay = Double(layout.trim.front) / Double(layout.first.sampleRate)
    for (index, gap) in gaps.enumerated() {
      if index >= maximumReported, evidence.corruption != nil {
        evidence.problems.append(.mp3(.moreGaps(count - index)))
        break
      }
      let region = try NonAudioRegion(bytes, gap.start..<gap.end, cancellation: cancellation, passed: passed)
      evidence.skip(region.range, region.contents)
      let position = max(gap.seconds - delay, 0)
      if region.unexplained > 0 {
        evidence.addDamage(from: position, to: position, .garbage)
        evidence.corrupt(
          .mp3(.garbageBetween(bytes: region.unexplained, offset: region.firstUnexplained, seconds: position)))
      } else if !region.hasTags {
        // Zeros are normal after a tag; on their own they are the result of a lost block of a disk or a download.
        evidence.addDamage(from: position, to: position, .zeros)
        evidence.corrupt(.mp3(.zerosBetween(bytes: region.range.count, offset: gap.start, seconds: position)))
      } else if index < maximumReported {
        evidence.problems.append(
          .mp3(.tagsBetween(bytes: region.range.count, region.contents, offset: gap.start)))
      }
    }
    if evidence.corruption == nil, count > maximumReported {
      evidence.problems.append(.mp3(.moreTags(count - maximumReported)))
    }
  }

  /// Distinguishes a file that ends too early from a header that does not match its file.
  private static func compare(_ layout: MP3Layout, evidence: inout Evidence) {
    let frames = layout.walk.frames
    guard let header = layout.header, let claimed = header.frames, claimed > frames else { return }
    // The header claims its bytes too: if all of them are present, the count of frames is wrong.
    if let claimedBytes = header.bytes, claimedBytes <= layout.end - layout.start + 1 { return }
    let missing = Double((claimed - frames) * layout.first.samples) / Double(layout.first.sampleRate)
    evidence.truncate(
      .mp3(
        .truncated(
          frames: frames, promised: claimed, header: header.kind.rawValue, missingSeconds: missing)))
  }
}
