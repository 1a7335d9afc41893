import Platform

/// Compares what STREAMINFO claims with the frames that are there.
enum FLACInspector {
  /// Finds the last frame, or decodes everything where that does not tell or where it was asked for.
  static func inspect(
    _ file: borrowing InputFile, offset: Int, deep: Bool, cancellation: Cancellation?
  ) throws(AudioFileError) -> Evidence {
    var evidence = Evidence(codec: "flac")
    let layout = try FLACLayout(file, start: offset)
    if offset > 0 { evidence.problems.append("\(offset) bytes of tags stand in front of the stream") }
    if !layout.otherBlocks.isEmpty {
      evidence.problems.append("blocks beside the samples: \(layout.otherBlocks.joined(separator: ", "))")
    }
    guard let info = layout.streamInfo else {
      evidence.corrupt("its first block is no STREAMINFO, without which nothing can be decoded")
      return evidence
    }
    evidence.sampleRate = info.sampleRate
    evidence.channels = info.channels
    evidence.encoding = .integer(bits: info.bitsPerSample)
    guard info.sampleRate > 0 else {
      evidence.corrupt("its header claims 0 Hz")
      return evidence
    }
    guard let audioStart = layout.audioStart else {
      evidence.truncate("it ends within its metadata, before any audio; get a complete copy")
      return evidence
    }
    evidence.audioBytes = file.byteCount - audioStart
    evidence.audioRange = audioStart..<file.byteCount
    if info.totalSamples > 0 { evidence.declaredSeconds = Double(info.totalSamples) / Double(info.sampleRate) }
    if let tail = try FLACTail.find(file, from: audioStart, info: info) {
      evidence.countedFrames = tail.totalSamples
      evidence.audioBytes = tail.end - audioStart
      evidence.audioRange = audioStart..<max(tail.end, audioStart)
      if !deep { return evidence }
    }
    try decode(file, offset: offset, info: info, evidence: &evidence, cancellation: cancellation)
    evidence.isFull = true
    return evidence
  }

  private static func decode(
    _ file: borrowing InputFile, offset: Int, info: FLACLayout.StreamInfo, evidence: inout Evidence,
    cancellation: Cancellation?
  ) throws(AudioFileError) {
    let hasMD5 = info.md5.contains { $0 != 0 }
    let checker = try FLACChecker(path: file.path)
    let outcome = try checker.run(file, from: offset, hasMD5: hasMD5, cancellation: cancellation)
    evidence.decodedFrames = outcome.frames
    evidence.statistics = outcome.statistics
    let rate = Double(info.sampleRate)
    let missing = info.totalSamples - outcome.frames
    // Errors behind the last frame are a trailing tag or the cut itself, not damage in between.
    let inside = outcome.errors.filter { $0.after < outcome.frames }
    if let first = inside.first {
      evidence.corrupt(
        "\(outcome.errorCount) errors while decoding, the first at \(describe(seconds: Double(first.after) / rate)): "
          + "\(first.kind); get an undamaged copy")
    } else if missing > 0, evidence.countedFrames == nil {
      evidence.truncate(
        "it ends early: \(describe(seconds: Double(outcome.frames) / rate)) of "
          + "\(describe(seconds: Double(info.totalSamples) / rate)) are there; get a complete copy")
    } else if info.totalSamples == 0, outcome.errorCount > 0 {
      evidence.truncate(
        "its last frame, at \(describe(seconds: Double(outcome.frames) / rate)), is cut off or damaged; "
          + "get a complete copy")
    } else if outcome.md5Matches == false, outcome.errorCount == 0, missing == 0 {
      evidence.corrupt("the MD5 of its samples is not the one in its header: they are not what was encoded")
    }
    if outcome.md5Matches == nil { evidence.problems.append("its header has no MD5 to compare the samples with") }
    if outcome.frames == 0, evidence.corruption == nil, evidence.truncation == nil {
      evidence.corrupt("not one frame of it can be decoded")
    }
  }
}
