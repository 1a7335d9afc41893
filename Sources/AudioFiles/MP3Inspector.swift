import Platform

/// Counts what is in an mp3 and compares it with what its header claims.
enum MP3Inspector {
  /// Walks every frame.
  static func inspect(
    _ file: borrowing InputFile, offset: Int, cancellation: Cancellation?
  ) throws(AudioFileError) -> Evidence {
    var evidence = Evidence(codec: "mp3")
    evidence.encoding = .lossy
    let head = try file.bytes(at: offset, count: 8192)
    guard let first = MPEGFrameHeader(head, at: 0) else {
      throw AudioFileError(.corrupt, path: file.path, message: "the first mp3 frame cannot be read")
    }
    evidence.sampleRate = first.sampleRate
    evidence.channels = first.channels
    let header = MP3Header(head, frameAt: 0, frame: first)
    let walk = try MP3Walk(file, cancellation: cancellation)
    // libmpg123 passes over Xing and Info but takes VBRI's frame for audio.
    let headerFrames = header?.kind == .vbri && walk.start <= offset ? 1 : 0
    let frames = walk.frames - headerFrames
    guard frames > 0 else {
      evidence.countedFrames = 0
      evidence.corrupt("no mp3 frame holds any audio")
      return evidence
    }
    let samples = walk.samples - headerFrames * first.samples
    let counted = header?.trimmed(samples, samplesPerFrame: first.samples) ?? samples
    evidence.countedFrames = counted
    let rate = Double(first.sampleRate)
    if walk.changeCount > 0 {
      let untrimmed = walk.seconds - Double(headerFrames * first.samples) / rate
      evidence.countedSeconds = untrimmed - Double(samples - counted) / rate
      evidence.problems.append(
        "the format changes \(walk.changeCount) times: " + walk.changes.joined(separator: "; "))
    }
    // The header's own frame is counted by tools that do not know it.
    evidence.ungaplessSeconds = Double(samples + (header == nil ? 0 : first.samples)) / rate
    evidence.declaredSeconds = header?.claimedSamples(samplesPerFrame: first.samples).map { Double($0) / rate }
    let audioStart = min(offset, walk.start)
    evidence.audioBytes = walk.frameBytes + max(walk.start - audioStart, 0)
    evidence.audioRange = audioStart..<max(walk.end, audioStart)
    compare(header, first: first, frames: frames, bytes: walk.end - audioStart, evidence: &evidence)
    try lookAround(file, walk: walk, audioStart: audioStart, evidence: &evidence, cancellation: cancellation)
    return evidence
  }

  /// Accounts for every byte that is in no frame.
  private static func lookAround(
    _ file: borrowing InputFile, walk: MP3Walk, audioStart: Int, evidence: inout Evidence,
    cancellation: Cancellation?
  ) throws(AudioFileError) {
    let front = try TagSkipper.explain(file, from: 0, to: audioStart, cancellation: cancellation)
    if front.unexplained > 0 {
      evidence.problems.append("\(front.unexplained) bytes in front of the first frame are no audio")
    }
    for (index, gap) in walk.gaps.enumerated() {
      if index >= listedAtMost, evidence.corruption != nil {
        evidence.problems.append("\(walk.gapCount - index) more stretches between frames hold no audio")
        break
      }
      let finding = try TagSkipper.explain(file, from: gap.start, to: gap.end, cancellation: cancellation)
      if finding.unexplained > 0 {
        evidence.corrupt(
          "\(finding.unexplained) bytes at \(finding.firstUnexplained) between two frames are no audio; "
            + "get an undamaged copy, or listen to what is left: \(conversion(of: file.path))")
      } else if !finding.hasTags {
        // Zeros belong behind a tag; on their own they are what a lost block of a disk or a download leaves.
        evidence.corrupt(
          "\(gap.end - gap.start) bytes at \(gap.start) between two frames are zeros: audio was lost there; "
            + "get an undamaged copy, or listen to what is left: \(conversion(of: file.path))")
      } else if index < listedAtMost {
        evidence.problems.append(
          "\(gap.end - gap.start) bytes of \(finding.summary) at \(gap.start) between two frames")
      }
    }
    if evidence.corruption == nil, walk.gapCount > listedAtMost {
      evidence.problems.append("\(walk.gapCount - listedAtMost) more stretches of tags between frames")
    }
    let back = try TagSkipper.explain(file, from: walk.end, to: file.byteCount, cancellation: cancellation)
    if back.isCutFrame {
      evidence.truncate(
        "the last frame, at byte \(back.firstUnexplained), is cut off by the end of the file; get a complete copy")
    } else if back.unexplained > 0 {
      evidence.problems.append("\(back.unexplained) bytes behind the last frame, at \(walk.end), are no audio")
    }
  }

  /// Tells a file that ends too early from a header that does not fit its file.
  private static func compare(
    _ header: MP3Header?, first: MPEGFrameHeader, frames: Int, bytes: Int, evidence: inout Evidence
  ) {
    guard let header, let claimed = header.frames, claimed > frames else { return }
    // The header counts its bytes too: if those are all there, it is the count of frames that is wrong.
    if let claimedBytes = header.bytes, claimedBytes <= bytes + 1 { return }
    let missing = Double((claimed - frames) * first.samples) / Double(first.sampleRate)
    evidence.truncate(
      "\(frames) of the \(claimed) frames its \(header.kind.rawValue) header promises are there: the last "
        + "\(describe(seconds: missing)) are missing; get a complete copy")
  }
}
