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
        return try layout.withStream(bytes) { stream throws(CancellationError) in
          var evidence = try gather(stream, layout, byteCount: bytes.byteCount, cancellation: cancellation) {
            mapped.forget(before: $0)
          }
          if deep {
            try MP3DeepCheck.run(stream, layout, evidence: &evidence, cancellation: cancellation) {
              mapped.forget(before: $0)
            }
          }
          return evidence
        }
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
    _ bytes: RawSpan, _ layout: MP3Layout, byteCount: Int, cancellation: Cancellation?, passed: (Int) -> Void
  ) throws(CancellationError) -> Evidence {
    var evidence = Evidence(codec: "mp3")
    let (walk, first, header) = (layout.walk, layout.first, layout.header)
    evidence.encoding = .lossy
    evidence.sampleRate = layout.sampleRate
    evidence.channels = layout.channels
    guard walk.frames > 0 else {
      evidence.countedFrames = 0
      evidence.corrupt(.mp3(.noAudio))
      return evidence
    }
    let rate = Double(first.sampleRate)
    evidence.countedFrames = layout.playedSamples
    if walk.changeCount > 0 {
      // The trimmed samples are counted at the first rate; frames of a higher rate may be shorter.
      let seconds = max(walk.seconds - Double(layout.trim.count) / rate, 0)
      evidence.countedSeconds = seconds
      evidence.countedFrames = Int((seconds * Double(layout.sampleRate)).rounded())
      evidence.problems.append(.mp3(.formatChanges(walk.changes, count: walk.changeCount)))
    }
    if let start = walk.strayStart {
      let position = max(start - Double(layout.trim.front) / rate, 0)
      evidence.addDamage(from: position, to: position + Double(walk.strays * first.samples) / rate, .frameHeader)
      evidence.corrupt(.mp3(.strayFrames(walk.strays, first: position)))
    }
    evidence.reportedDurations = layout.reportedDurations(byteCount: byteCount)
    evidence.declaredSeconds = header?.claimedSamples(samplesPerFrame: first.samples).map { Double($0) / rate }
    evidence.audioBytes = walk.frameBytes + layout.headerFrame.count
    evidence.audioRange = layout.streamMetadata == nil ? layout.start..<layout.end : nil
    evidence.frames = MP3FrameFacts(layout)
    evidence.gapless = gapless(bytes, layout)
    if walk.isShattered {
      evidence.corrupt(.mp3(.shattered(pieces: walk.runs.count - 1)))
    }
    if header?.isBehindChecksum == true {
      evidence.problems.append(.mp3(.headerBehindChecksum))
    }
    if let metadata = layout.streamMetadata {
      evidence.problems.append(
        .mp3(
          .streamMetadata(
            blocks: metadata.blocks.count, texts: metadata.texts, bytes: metadata.byteCount,
            interval: metadata.interval)))
    }
    if walk.headerCount > 0 {
      evidence.problems.append(.mp3(.joined(parts: FirstOf(layout.partSeconds), count: walk.headerCount + 1)))
    }
    compare(layout, evidence: &evidence)
    try lookAround(bytes, layout, evidence: &evidence, cancellation: cancellation, passed: passed)
    guard evidence.corruption == nil, evidence.truncation == nil else { return evidence }
    let surroundings = MP3Surroundings(bytes, layout)
    evidence.portability = MP3DecoderRules.portability(
      bytes, layout, byteCount: byteCount, surroundings: surroundings)
    if !evidence.portability.isEmpty {
      evidence.mending = MP3Mender.mending(bytes, layout, surroundings, passed: passed)
    }
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
      _ = try judge([gap], count: 1, bytes, layout, evidence: &evidence, cancellation: cancellation, passed: passed)
    }
    let lost = try judge(
      walk.gaps, count: walk.gapCount, bytes, layout, evidence: &evidence, cancellation: cancellation, passed: passed)
    if lost > 0 || walk.gapCount > 0 && evidence.corruption != nil { tellLoss(lost, layout, evidence: &evidence) }
    let back = try NonAudioRegion(bytes, layout.end..<layout.tagsStart, cancellation: cancellation, passed: passed)
    evidence.skip(back.range, back.contents)
    // Tags at the very end were recognised backwards from the end, so that not all of them are named.
    evidence.skip(layout.tagsStart..<bytes.byteCount, NonAudioContents(recognised: FirstOf([.tags])))
    if back.unexplained == 0, back.contents.recognised.count > 0 {
      evidence.problems.append(.mp3(.tagsBehind(bytes: back.range.count, back.contents)))
    }
    if let other = otherLayer(bytes, layout) {
      evidence.corrupt(.mp3(.otherLayerBehind(other, bytes: layout.tagsStart - layout.end, offset: layout.end)))
    } else if let cut = walk.cutFrame {
      evidence.problems.append(.mp3(.lastFrameCut(offset: cut)))
    } else if layout.header?.frames ?? 0 == 0, zeros(behind: back, bytes, layout) {
      evidence.truncate(.mp3(.zerosBehind(bytes: back.range.count, offset: layout.end)))
    } else if back.unexplained > 0 {
      evidence.problems.append(.mp3(.garbageBehind(bytes: back.unexplained, offset: layout.end)))
    }
  }

  /// Returns `true` if zeros begin inside the last frame, and there is room for a second of audio in those behind it: a
  /// download that stopped in a file of the full size.
  private static func zeros(behind region: NonAudioRegion, _ bytes: RawSpan, _ layout: MP3Layout) -> Bool {
    let walk = layout.walk
    guard region.unexplained == 0, !region.hasTags, walk.seconds > 0 else { return false }
    return Double(region.range.count) > Double(walk.frameBytes) / walk.seconds
      && bytes.zeros(from: layout.end - 8, to: layout.end) == 8
  }

  /// Returns the layer of frames of MPEG layer I or II right behind the last frame; `nil` if there are none.
  private static func otherLayer(_ bytes: RawSpan, _ layout: MP3Layout) -> Int? {
    var place = layout.end
    var layer: Int?
    for _ in 0..<4 {
      guard place < layout.tagsStart, let word = bytes.big32(at: place), let header = MPEGFrameHeader(word: Int(word)),
        header.layer != 3, header.layer == layer ?? header.layer, let length = header.byteCount
      else { return nil }
      layer = header.layer
      place += length
    }
    return layer
  }

  /// Judges gaps between frames, and returns the number of bytes in them that took the place of audio.
  private static func judge(
    _ gaps: [MP3Walk.Gap], count: Int, _ bytes: RawSpan, _ layout: MP3Layout, evidence: inout Evidence,
    cancellation: Cancellation?, passed: (Int) -> Void
  ) throws(CancellationError) -> Int {
    var lost = 0
    let delay = Double(layout.trim.front) / Double(layout.first.sampleRate)
    for (index, gap) in gaps.enumerated() {
      if index >= maximumReported, evidence.corruption != nil {
        evidence.problems.append(.mp3(.moreGaps(count - index)))
        break
      }
      let region = try NonAudioRegion(bytes, gap.start..<gap.end, cancellation: cancellation, passed: passed)
      evidence.skip(region.range, region.contents)
      let position = max(gap.seconds - delay, 0)
      // Zeros take the place of audio; other bytes may have been put between whole frames. Zeros in front of the header of
      // another part fill up the file that was joined.
      let zeros = region.unexplained > 0 ? region.firstUnexplained - region.range.lowerBound : region.range.count
      let isJoint =
        region.unexplained == 0 && !region.hasTags
        && layout.walk.headers.contains { $0.range.lowerBound == gap.end }
      if !region.hasTags, !isJoint, zeros >= 16 { lost += region.range.count }
      if region.unexplained > 0 {
        evidence.addDamage(from: position, to: position, .garbage)
        evidence.corrupt(
          .mp3(.garbageBetween(bytes: region.unexplained, offset: region.firstUnexplained, seconds: position)))
      } else if !region.hasTags, !isJoint {
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
    return lost
  }

  /// Adds what the bytes between frames cost: all the frames that the header claims and that are not there, or as many as
  /// the bytes would hold.
  private static func tellLoss(_ bytes: Int, _ layout: MP3Layout, evidence: inout Evidence) {
    let walk = layout.walk
    guard evidence.truncation == nil, walk.frameBytes > 0 else { return }
    let claimed = layout.header?.frames ?? 0
    let missing = claimed - walk.frames
    let seconds: Double
    if claimed > 0, layout.header?.kind != .vbri, walk.headerCount == 0 {
      // Bytes that were put between whole frames cost nothing.
      guard missing > 0 else { return }
      seconds =
        layout.header?.claimedSamples(samplesPerFrame: layout.first.samples)
        .map { Double($0 - layout.playedSamples) / Double(layout.first.sampleRate) } ?? 0
    } else {
      seconds = Double(bytes) / Double(walk.frameBytes) * walk.seconds
    }
    guard seconds > 0 else { return }
    let between = bytes > 0 ? bytes : walk.gaps.reduce(0) { $0 + $1.end - $1.start }
    let finding = Finding.mp3(.audioLost(seconds: seconds, bytes: between, isCounted: claimed > 0))
    evidence.problems.append(finding)
    evidence.corruption = finding
  }

  /// Returns the delay and padding that the encoder told, in LAME's header or in an ID3v2 tag in front.
  private static func gapless(_ bytes: RawSpan, _ layout: MP3Layout) -> Gapless {
    if let header = layout.header, let delay = header.delay {
      return Gapless(delay: delay, padding: header.padding, source: .lame)
    }
    var place = 0
    var tags = MP3Tags()
    while place < layout.start, let tag = tags.tag(bytes, at: place, to: layout.start), tag.kind == .id3v2 {
      if let found = ITunesGapless(bytes, tag: place..<place + tag.length) {
        return Gapless(delay: found.delay, padding: found.padding, source: .itunsmpb)
      }
      place += tag.length
    }
    return Gapless(delay: nil, padding: nil, source: .none)
  }

  /// Distinguishes a file that ends too early from a header that does not match its file.
  private static func compare(_ layout: MP3Layout, evidence: inout Evidence) {
    let frames = layout.walk.frames
    guard let header = layout.header, let claimed = header.frames, claimed > frames else { return }
    // The header claims its bytes too: if all of them are present, the count of frames is wrong.
    if let claimedBytes = header.bytes, claimedBytes <= layout.end - layout.start + 1 { return }
    // If only the last frame is cut, the rest is whole.
    if claimed == frames + 1, layout.walk.cutFrame != nil { return }
    let missing = Double((claimed - frames) * layout.first.samples) / Double(layout.first.sampleRate)
    evidence.truncate(
      .mp3(
        .truncated(
          frames: frames, promised: claimed, header: header.kind.rawValue, missingSeconds: missing)))
  }
}
