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
    if layout.otherBlockCount > 0 {
      let more = layout.otherBlockCount - layout.otherBlocks.count
      evidence.problems.append(
        "blocks beside the samples: " + layout.otherBlocks.joined(separator: ", ")
          + (more > 0 ? " and \(more) more" : ""))
    }
    guard let info = layout.streamInfo else {
      evidence.corrupt("its first block is no STREAMINFO, without which nothing can be decoded")
      return evidence
    }
    evidence.sampleRate = info.sampleRate
    evidence.channels = info.channels
    evidence.encoding = .integer(bits: info.bitsPerSample)
    let rates = WaveInspector.plausibleRates
    guard rates.contains(info.sampleRate) else {
      evidence.corrupt(
        "its header claims \(info.sampleRate) Hz; audio has \(rates.lowerBound) to \(rates.upperBound) Hz")
      return evidence
    }
    guard let audioStart = layout.audioStart else {
      evidence.truncate("it ends within its metadata, before any audio; get a complete copy")
      return evidence
    }
    evidence.audioBytes = file.byteCount - audioStart
    evidence.audioRange = audioStart..<file.byteCount
    if info.totalSamples > 0 { evidence.declaredSeconds = Double(info.totalSamples) / Double(info.sampleRate) }
    let first = FLACFrameHeader(try file.bytes(at: audioStart, count: 32), at: 0, info: info)
    // A part cut out of a stream keeps its numbers: the last frame's then says nothing of the length.
    if let first, first.number == 0, let tail = try FLACTail.find(file, from: audioStart, first: first, info: info) {
      evidence.countedFrames = tail.totalSamples
      evidence.audioBytes = tail.end - audioStart
      evidence.audioRange = audioStart..<max(tail.end, audioStart)
      if let message = sizeLie(info, first: first, tail: tail, path: file.path) {
        evidence.corrupt(message)
        return evidence
      }
      // Fewer samples than the header claims: a lie, or a stream that was cut between two frames. Its MD5 tells.
      if !deep, info.totalSamples <= tail.totalSamples { return evidence }
    }
    try decode(file, offset: offset, first: first, info: info, evidence: &evidence, cancellation: cancellation)
    evidence.isFull = true
    return evidence
  }

  /// What is wrong where STREAMINFO has one block size and the frames have another.
  private static func sizeLie(
    _ info: FLACLayout.StreamInfo, first: FLACFrameHeader, tail: FLACTail, path: String
  ) -> String? {
    guard !first.isVariable, tail.number > 0, info.minimumBlock == info.maximumBlock,
      first.blockSize != info.maximumBlock
    else { return nil }
    let rate = Double(info.sampleRate)
    let seen = describe(seconds: Double(tail.number * info.maximumBlock) / rate)
    return "its header claims blocks of \(info.maximumBlock) samples where its frames have \(first.blockSize): what "
      + "goes by the header, as libFLAC does, plays \(seen) with gaps instead of "
      + "\(describe(seconds: Double(tail.totalSamples) / rate)); write it again: \(conversion(of: path))"
  }

  private static func decode(
    _ file: borrowing InputFile, offset: Int, first: FLACFrameHeader?, info: FLACLayout.StreamInfo,
    evidence: inout Evidence, cancellation: Cancellation?
  ) throws(AudioFileError) {
    let hasMD5 = info.md5.contains { $0 != 0 }
    let outcome = try FLACChecker.run(file, from: offset, hasMD5: hasMD5, cancellation: cancellation)
    evidence.decodedFrames = outcome.frames
    evidence.statistics = outcome.statistics
    let rate = Double(info.sampleRate)
    func time(_ samples: Int) -> String { describe(seconds: Double(samples) / rate) }
    let rest = try Rest(file, from: outcome.end)
    if let end = outcome.end, let range = evidence.audioRange, rest.bytes > 0 {
      evidence.audioRange = range.lowerBound..<max(end, range.lowerBound)
      evidence.audioBytes = evidence.audioRange?.count
      evidence.problems.append("\(rest.bytes) bytes behind the last frame are \(rest.name)")
    }
    // Errors behind the last frame are a trailing tag or the cut itself, not damage in between.
    let inside = outcome.errors.filter { $0.after < outcome.frames }
    let isShort = info.totalSamples > outcome.frames && outcome.md5Matches != true
    if let error = inside.first {
      evidence.corrupt(
        "\(outcome.errorCount) errors while decoding, the first at \(time(error.after)): \(error.kind); "
          + "get an undamaged copy")
    } else if let hole = outcome.holes.first {
      let places = outcome.holeCount == 1 ? "1 place" : "\(outcome.holeCount) places"
      evidence.corrupt(
        "frames are missing in \(places), \(time(outcome.missing)) in all, the first from \(time(hole.start)) to "
          + "\(time(hole.start + hole.length)); get an undamaged copy")
    } else if isShort, let first, first.number > 0 {
      let start = first.isVariable ? first.number : first.number * first.blockSize
      evidence.truncate(
        "it is a part of a longer stream: it begins at \(time(start)), and \(time(outcome.frames)) of "
          + "\(time(info.totalSamples)) are there; get a complete copy, or write it again: \(conversion(of: file.path))"
      )
    } else if isShort {
      evidence.truncate(
        "it ends early: \(time(outcome.frames)) of \(time(info.totalSamples)) are there; get a complete copy")
    } else if outcome.md5Matches == false {
      evidence.corrupt("the MD5 of its samples is not the one in its header: they are not what was encoded")
    } else if info.totalSamples == 0, outcome.md5Matches == nil, outcome.errorCount > 0, !rest.isHarmless {
      evidence.truncate(
        "its last frame, at \(time(outcome.frames)), is cut off or damaged; get a complete copy")
    }
    if outcome.md5Matches == nil { evidence.problems.append("its header has no MD5 to compare the samples with") }
    if outcome.frames == 0, evidence.corruption == nil, evidence.truncation == nil {
      evidence.corrupt("not one frame of it can be decoded")
    }
  }

  /// What stands behind the last frame that could be decoded.
  private struct Rest {
    /// How much it is.
    let bytes: Int
    /// What it is: "a tag".
    let name: String
    /// Whether it is known to be no audio.
    let isHarmless: Bool

    init(_ file: borrowing InputFile, from end: Int?) throws(AudioFileError) {
      bytes = max(file.byteCount - (end ?? file.byteCount), 0)
      let head = try file.bytes(at: file.byteCount - bytes, count: 4096)
      if ["TAG", "APETAGEX", "ID3", "LYRICSBEGIN"].contains(where: { head.has($0) }) {
        (name, isHarmless) = ("a tag", true)
      } else if bytes > 0, head.allSatisfy({ $0 == 0 }) {
        (name, isHarmless) = ("zeros", true)
      } else if head.count > 1, head[0] == 0xFF, head[1] & 0xFE == 0xF8 {
        (name, isHarmless) = ("a frame that is cut off or damaged", false)
      } else {
        (name, isHarmless) = ("no frame", bytes == 0)
      }
    }
  }
}
