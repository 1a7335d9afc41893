import RepriseSystem

/// Compares what STREAMINFO claims with the frames that are there.
enum FLACInspector {
  /// Up to how many bytes of frames are always followed: some milliseconds. Frames missing in the middle of more are
  /// found where a seek table tells, and by decoding.
  private static let followedBytes = 8 << 20

  /// Finds the last frame, follows the headers where that leaves a doubt, and decodes everything where those do or where
  /// it was asked for.
  static func inspect(
    _ file: borrowing InputFile, offset: Int, deep: Bool, listener: (any SampleListener)? = nil,
    cancellation: Cancellation?
  ) throws(AudioFileError) -> Evidence {
    var evidence = Evidence(codec: "flac")
    let layout = try FLACLayout(file, start: offset)
    if offset > 0 {
      evidence.problems.append(
        "\(counted(offset, "byte")) of tags \(offset == 1 ? "stands" : "stand") in front of the stream")
    }
    if layout.otherBlockCount > 0 {
      evidence.problems.append("blocks beside the samples: \(listing(layout.otherBlocks, of: layout.otherBlockCount))")
    }
    let first = try layout.audioStart.flatMap { start throws(AudioFileError) in
      FLACFrameHeader(try file.bytes(at: start, count: 32), at: 0)
    }
    guard let info = layout.streamInfo else {
      try describeFrames(file, layout, first: first, evidence: &evidence)
      return evidence
    }
    evidence.sampleRate = info.sampleRate
    evidence.channels = info.channels
    evidence.encoding = .integer(bits: info.bitsPerSample)
    guard let audioStart = layout.audioStart else {
      evidence.truncate("it ends within its metadata, before any audio; get a complete copy")
      return evidence
    }
    if let message = contradiction(info, layout: layout, first: first) {
      evidence.corrupt(message)
      return evidence
    }
    if let block = layout.brokenBlock {
      evidence.rewrite =
        "its block of metadata called \(block) has no sound size, for which many programs refuse the file; 'reprise "
        + "prepare' writes it anew"
    }
    evidence.audioBytes = file.byteCount - audioStart
    evidence.audioRange = audioStart..<file.byteCount
    if info.totalSamples > 0 { evidence.declaredSeconds = Double(info.totalSamples) / Double(info.sampleRate) }
    // A part cut out of a stream keeps its numbers: the last frame's then says nothing of the length.
    if let first, first.number == 0, let tail = try FLACTail.find(file, from: audioStart, first: first) {
      evidence.countedFrames = tail.totalSamples
      evidence.audioBytes = tail.end - audioStart
      evidence.audioRange = audioStart..<max(tail.end, audioStart)
      if let message = sizeLie(info, first: first, tail: tail, path: file.path) {
        evidence.corrupt(message)
        return evidence
      }
      if !deep,
        try isCertain(file, layout, info, from: audioStart, first: first, tail: tail, cancellation: cancellation)
      {
        addTrailer(file.byteCount - tail.end, tail.behind, to: &evidence)
        return evidence
      }
    }
    let decoding = FLACDecoding(info: info, first: first, path: file.path, listener: listener)
    try decoding.run(file, offset: offset, evidence: &evidence, cancellation: cancellation)
    return evidence
  }

  /// Whether the last frame's number is beyond doubt the length.
  private static func isCertain(
    _ file: borrowing InputFile, _ layout: FLACLayout, _ info: FLACLayout.StreamInfo, from start: Int,
    first: FLACFrameHeader, tail: FLACTail, cancellation: Cancellation?
  ) throws(AudioFileError) -> Bool {
    // Fewer samples than the header claims: a lie, or a stream that was cut between two frames. Its MD5 tells.
    if info.totalSamples > tail.totalSamples { return false }
    let isLarge = tail.end - start > followedBytes
    if isLarge, info.totalSamples == tail.totalSamples, try layout.seekPointsHold(file, first: first) { return true }
    // More, or nothing to compare with: a lie, or two files in one.
    return try FLACWalk.isGapless(file, from: start, first: first, tail: tail, cancellation: cancellation)
  }

  private static func addTrailer(_ bytes: Int, _ names: [String], to evidence: inout Evidence) {
    guard bytes > 0 else { return }
    let isZeros = names.allSatisfy { $0 == "zeros" }
    let what = isZeros ? "zeros" : "a tag (\(names.reversed().joined(separator: ", ")))"
    evidence.problems.append("\(counted(bytes, "byte")) behind the last frame \(bytes == 1 ? "is" : "are") \(what)")
  }

  /// What is wrong where STREAMINFO makes no sense, or not together with the first frame.
  private static func contradiction(
    _ info: FLACLayout.StreamInfo, layout: FLACLayout, first: FLACFrameHeader?
  ) -> String? {
    // RFC 9639 has room for 1,048,575 Hz, and nobody has made a sound of less than 100.
    guard info.sampleRate >= WaveInspector.plausibleRates.lowerBound else {
      return "its header claims \(info.sampleRate) Hz; a flac has 100 to 1048575 Hz"
    }
    if layout.isUnmarked {
      return
        "its metadata do not end where its frames begin: the mark of the last block is missing; get an undamaged copy"
    }
    if layout.hasSecondStreamInfo {
      return "it has two STREAMINFO blocks, and decoders go by different ones; get an undamaged copy"
    }
    guard let first else { return nil }
    let claims: [(String, Int, Int?)] = [
      ("Hz", info.sampleRate, first.sampleRate), ("channels", info.channels, first.channels),
      ("bits", info.bitsPerSample, first.bitsPerSample),
    ]
    for case (let unit, let claimed, let found?) in claims where claimed != found {
      return "its header claims \(claimed) \(unit) where its frames have \(found); get an undamaged copy"
    }
    return nil
  }

  /// What the frames tell of a stream whose header is missing.
  private static func describeFrames(
    _ file: borrowing InputFile, _ layout: FLACLayout, first: FLACFrameHeader?, evidence: inout Evidence
  ) throws(AudioFileError) {
    guard let start = layout.audioStart, let first else {
      evidence.corrupt("its first block is no STREAMINFO, without which nothing can be decoded")
      return
    }
    evidence.sampleRate = first.sampleRate
    evidence.channels = first.channels
    evidence.encoding = first.bitsPerSample.map { .integer(bits: $0) }
    evidence.audioBytes = file.byteCount - start
    var words = [first.sampleRate.map { "\($0) Hz" }, "\(counted(first.channels, "channel"))"].compactMap { $0 }
    if let bits = first.bitsPerSample { words.append("\(bits) bits") }
    if first.number == 0, let tail = try FLACTail.find(file, from: start, first: first) {
      evidence.countedFrames = tail.totalSamples
      evidence.audioBytes = tail.end - start
      if let rate = first.sampleRate, rate > 0 {
        words.append(describe(seconds: Double(tail.totalSamples) / Double(rate)))
      }
    }
    evidence.corrupt(
      "its first block is no STREAMINFO, without which few programs decode it; its frames show "
        + "\(words.joined(separator: ", ")); get an undamaged copy")
  }

  /// What is wrong where STREAMINFO has one block size and the frames have another.
  private static func sizeLie(
    _ info: FLACLayout.StreamInfo, first: FLACFrameHeader, tail: FLACTail, path: String
  ) -> String? {
    guard !first.isVariable, tail.last.number > 0, info.minimumBlock == info.maximumBlock, info.maximumBlock >= 16,
      first.blockSize != info.maximumBlock
    else { return nil }
    let rate = Double(info.sampleRate)
    let seen = describe(seconds: Double(tail.last.number * info.maximumBlock) / rate)
    return
      "its header claims blocks of \(counted(info.maximumBlock, "sample")) where its frames have \(first.blockSize): what "
      + "goes by the header, as libFLAC does, plays \(seen) with gaps instead of "
      + "\(describe(seconds: Double(tail.totalSamples) / rate)); write it again: \(conversion(of: path))"
  }
}

extension Optional {
  /// `flatMap` for a body that throws one type.
  fileprivate func flatMap<Result, Failure: Error>(
    _ body: (Wrapped) throws(Failure) -> Result?
  ) throws(Failure) -> Result? {
    switch self {
    case .some(let value): try body(value)
    case .none: nil
    }
  }
}
