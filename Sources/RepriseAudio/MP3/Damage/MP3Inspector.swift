import RepriseSystem

/// Counts what is in an mp3 and compares it with what its header claims.
enum MP3Inspector {
  /// Walks every frame and accounts for every byte.
  ///
  /// - Parameter deep: looks into every frame as well.
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
        var evidence = try gather(bytes, layout, path: path, cancellation: cancellation) { mapped.forget(before: $0) }
        if deep {
          try MP3DeepCheck.run(bytes, layout, path: path, evidence: &evidence, cancellation: cancellation) {
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
      throw AudioFileError(.corrupt, path: path, message: "the first mp3 frame cannot be read")
    }
    return evidence
  }

  private static func gather(
    _ bytes: RawSpan, _ layout: MP3Layout, path: String, cancellation: Cancellation?,
    passed: (Int) -> Void
  ) throws(CancellationError) -> Evidence {
    var evidence = Evidence(codec: "mp3")
    let (walk, first, header) = (layout.walk, layout.first, layout.header)
    evidence.encoding = .lossy
    evidence.sampleRate = first.sampleRate
    evidence.channels = first.channels
    guard walk.frames > 0 else {
      evidence.countedFrames = 0
      evidence.corrupt("no mp3 frame holds any audio")
      return evidence
    }
    let rate = Double(first.sampleRate)
    evidence.countedFrames = layout.playedSamples
    if walk.changeCount > 0 {
      // What is taken off is counted at the first rate; frames of a higher one may be shorter than that.
      evidence.countedSeconds = max(walk.seconds - Double(layout.trim.count) / rate, 0)
      evidence.problems.append(
        "the format changes \(counted(walk.changeCount, "time")): " + walk.changes.joined(separator: "; "))
    }
    if let start = walk.strayStart {
      let place = max(start - Double(layout.trim.front) / rate, 0)
      evidence.addDamage(
        from: place, to: place + Double(walk.strays * first.samples) / rate, "a damaged frame header")
      evidence.corrupt(
        "\(walk.strays) frames have other channels than all around them, the first at \(describe(seconds: place)): their "
          + "headers are damaged; get an undamaged copy")
    }
    evidence.views = LengthView.views(layout, byteCount: bytes.byteCount)
    evidence.declaredSeconds = header?.claimedSamples(samplesPerFrame: first.samples).map { Double($0) / rate }
    evidence.audioBytes = walk.frameBytes + layout.headerFrame.count
    evidence.audioRange = layout.start..<layout.end
    evidence.frames = MP3FrameFacts(layout)
    if walk.isShattered {
      evidence.corrupt(
        "its frames lie in more than \(walk.runs.count - 1) pieces, and what follows was not looked at; get an undamaged copy"
      )
    }
    if header?.isBehindChecksum == true {
      evidence.problems.append("its header stands behind a CRC, where decoders do not find it: they play its frame")
    }
    compare(layout, evidence: &evidence)
    try lookAround(bytes, layout, path: path, evidence: &evidence, cancellation: cancellation, passed: passed)
    return evidence
  }

  /// Accounts for every byte that is in no frame.
  private static func lookAround(
    _ bytes: RawSpan, _ layout: MP3Layout, path: String, evidence: inout Evidence, cancellation: Cancellation?,
    passed: (Int) -> Void
  ) throws(CancellationError) {
    let walk = layout.walk
    let front = try MP3Stretch(bytes, 0..<layout.start, cancellation: cancellation, passed: passed)
    evidence.skip(front.range, front.summary)
    if front.unexplained > 0 {
      evidence.problems.append(
        "\(counted(front.unexplained, "byte")) in front of the first frame \(front.unexplained == 1 ? "is" : "are") no audio"
      )
    }
    if let start = walk.start, start > layout.headerFrame.upperBound {
      let gap = MP3Walk.Gap(start: layout.headerFrame.upperBound, end: start, seconds: 0)
      try judge(
        [gap], count: 1, bytes, layout, path: path, evidence: &evidence, cancellation: cancellation, passed: passed)
    }
    try judge(
      walk.gaps, count: walk.gapCount, bytes, layout, path: path, evidence: &evidence, cancellation: cancellation,
      passed: passed)
    let back = try MP3Stretch(bytes, layout.end..<layout.tagsStart, cancellation: cancellation, passed: passed)
    evidence.skip(layout.end..<bytes.byteCount, back.unexplained > 0 ? back.summary : "tags")
    if back.unexplained == 0, back.count > 0 {
      evidence.problems.append(
        "\(counted(back.range.count, "byte")) behind the last frame \(back.range.count == 1 ? "is" : "are") \(back.summary)"
      )
    }
    if let cut = walk.cutFrame {
      evidence.truncate("the last frame, at byte \(cut), is cut off by the end of the file; get a complete copy")
    } else if back.unexplained > 0 {
      evidence.problems.append(
        "\(counted(back.unexplained, "byte")) behind the last frame, at \(layout.end), \(back.unexplained == 1 ? "is" : "are") no audio"
      )
    }
  }

  private static func judge(
    _ gaps: [MP3Walk.Gap], count: Int, _ bytes: RawSpan, _ layout: MP3Layout, path: String,
    evidence: inout Evidence, cancellation: Cancellation?,
    passed: (Int) -> Void
  ) throws(CancellationError) {
    let delay = Double(layout.trim.front) / Double(layout.first.sampleRate)
    for (index, gap) in gaps.enumerated() {
      if index >= listedAtMost, evidence.corruption != nil {
        evidence.problems.append("\(count - index) more stretches between frames hold no audio")
        break
      }
      let stretch = try MP3Stretch(bytes, gap.start..<gap.end, cancellation: cancellation, passed: passed)
      evidence.skip(stretch.range, stretch.summary)
      let place = max(gap.seconds - delay, 0)
      let advice = "get an undamaged copy, or listen to what is left: \(conversion(of: path))"
      if stretch.unexplained > 0 {
        evidence.addDamage(from: place, to: place, "bytes between frames that are no audio")
        evidence.corrupt(
          "\(counted(stretch.unexplained, "byte")) at \(stretch.firstUnexplained) between two frames, at "
            + "\(describe(seconds: place)), are no audio; \(advice)")
      } else if !stretch.hasTags {
        // Zeros belong behind a tag; on their own they are what a lost block of a disk or a download leaves.
        evidence.addDamage(from: place, to: place, "zeros between frames")
        evidence.corrupt(
          "\(counted(stretch.range.count, "byte")) at \(gap.start) between two frames, at \(describe(seconds: place)), \(stretch.range.count == 1 ? "is" : "are") zeros: "
            + "audio was lost there; \(advice)")
      } else if index < listedAtMost {
        evidence.problems.append(
          "\(counted(stretch.range.count, "byte")) of \(stretch.summary) at \(gap.start) between two frames")
      }
    }
    if evidence.corruption == nil, count > listedAtMost {
      evidence.problems.append("\(count - listedAtMost) more stretches of tags between frames")
    }
  }

  /// Tells a file that ends too early from a header that does not fit its file.
  private static func compare(_ layout: MP3Layout, evidence: inout Evidence) {
    let frames = layout.walk.frames
    guard let header = layout.header, let claimed = header.frames, claimed > frames else { return }
    // The header counts its bytes too: if those are all there, it is the count of frames that is wrong.
    if let claimedBytes = header.bytes, claimedBytes <= layout.end - layout.start + 1 { return }
    let missing = Double((claimed - frames) * layout.first.samples) / Double(layout.first.sampleRate)
    evidence.truncate(
      "\(frames) of the \(claimed) frames its \(header.kind.rawValue) header promises are there: the last "
        + "\(describe(seconds: missing)) are missing; get a complete copy")
  }
}
