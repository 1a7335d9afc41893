import RepriseSystem

/// Compares the claims of STREAMINFO with the frames of the stream.
enum FLACInspector {
  /// Number of bytes of frames that are always followed, which takes some milliseconds.
  ///
  /// Missing frames in the middle of a longer stream are found by a seek table and by decoding.
  private static let followedBytes = 8 << 20

  /// Finds the last frame, follows the headers if that leaves a doubt, and decodes everything if those do or if `deep`
  /// is set.
  static func inspect(
    _ file: borrowing InputFile, offset: Int, deep: Bool, listener: (any SampleListener)? = nil,
    cancellation: Cancellation?
  ) throws(AudioFileError) -> Evidence {
    var evidence = Evidence(codec: "flac")
    let layout = try FLACLayout(file, start: offset)
    if offset > 0 { evidence.problems.append(.flac(.tagsInFront(bytes: offset))) }
    if layout.otherBlocks.count > 0 { evidence.problems.append(.flac(.sideBlocks(layout.otherBlocks))) }
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
      evidence.truncate(.flac(.endsInMetadata))
      return evidence
    }
    if let finding = contradiction(info, layout: layout, first: first) {
      evidence.corrupt(.flac(finding))
      return evidence
    }
    if let block = layout.brokenBlock { evidence.rewrite = .flac(.brokenBlock(block)) }
    evidence.audioBytes = file.byteCount - audioStart
    evidence.audioRange = audioStart..<file.byteCount
    if info.totalSamples > 0 { evidence.declaredSeconds = Double(info.totalSamples) / Double(info.sampleRate) }
    // A part cut out of a stream keeps its numbers: that of the last frame then does not determine the length.
    if let first, first.number == 0, let tail = try FLACTail.find(file, from: audioStart, first: first) {
      evidence.countedFrames = tail.totalSamples
      evidence.audioBytes = tail.end - audioStart
      evidence.audioRange = audioStart..<max(tail.end, audioStart)
      if let finding = sizeLie(info, first: first, tail: tail) {
        evidence.corrupt(.flac(finding))
        return evidence
      }
      if !deep,
        try isCertain(file, layout, info, from: audioStart, first: first, tail: tail, cancellation: cancellation)
      {
        addTrailer(file.byteCount - tail.end, tail.behind, to: &evidence)
        return evidence
      }
    }
    let decoding = FLACDecoding(info: info, first: first, listener: listener)
    try decoding.run(file, offset: offset, evidence: &evidence, cancellation: cancellation)
    return evidence
  }

  /// Returns `true` if the number of the last frame certainly determines the length.
  private static func isCertain(
    _ file: borrowing InputFile, _ layout: FLACLayout, _ info: FLACLayout.StreamInfo, from start: Int,
    first: FLACFrameHeader, tail: FLACTail, cancellation: Cancellation?
  ) throws(AudioFileError) -> Bool {
    // Fewer samples than the header claims: a wrong claim, or a stream cut between two frames. The MD5 decides.
    if info.totalSamples > tail.totalSamples { return false }
    let isLarge = tail.end - start > followedBytes
    if isLarge, info.totalSamples == tail.totalSamples, try layout.seekPointsHold(file, first: first) { return true }
    // More samples, or no claim to compare with: a wrong claim, or two files in one.
    return try FLACWalk.isGapless(file, from: start, first: first, tail: tail, cancellation: cancellation)
  }

  /// Adds what follows the last frame to the evidence.
  ///
  /// - Parameters:
  ///   - bytes: The number of bytes after the last frame.
  ///   - kinds: The kinds of content after the last frame, the last first.
  ///   - evidence: The evidence.
  private static func addTrailer(_ bytes: Int, _ kinds: [NonAudio], to evidence: inout Evidence) {
    guard bytes > 0 else { return }
    evidence.problems.append(.flac(.trailer(bytes: bytes, kinds.reversed())))
  }

  /// Returns the finding about a STREAMINFO that is invalid or contradicts the first frame.
  static func contradiction(
    _ info: FLACLayout.StreamInfo, layout: FLACLayout, first: FLACFrameHeader?
  ) -> FLACFinding? {
    // RFC 9639 allows up to 1,048,575 Hz; no audio has a rate below 100 Hz.
    guard info.sampleRate >= WaveInspector.plausibleRates.lowerBound else {
      return .implausibleRate(info.sampleRate)
    }
    if layout.isUnmarked { return .unmarkedMetadata }
    if layout.hasSecondStreamInfo { return .twoStreamInfos }
    guard let first else { return nil }
    let claims: [(FLACFinding.Property, Int, Int?)] = [
      (.sampleRate, info.sampleRate, first.sampleRate), (.channels, info.channels, first.channels),
      (.width, info.bitsPerSample, first.bitsPerSample),
    ]
    for case (let property, let claimed, let found?) in claims where claimed != found {
      return .contradiction(property, claimed: claimed, found: found)
    }
    return nil
  }

  /// Describes a stream without STREAMINFO by its frames.
  private static func describeFrames(
    _ file: borrowing InputFile, _ layout: FLACLayout, first: FLACFrameHeader?, evidence: inout Evidence
  ) throws(AudioFileError) {
    guard let start = layout.audioStart, let first else {
      evidence.corrupt(.flac(.noStreamInfo))
      return
    }
    evidence.sampleRate = first.sampleRate
    evidence.channels = first.channels
    evidence.encoding = first.bitsPerSample.map { .integer(bits: $0) }
    evidence.audioBytes = file.byteCount - start
    var seconds: Double?
    if first.number == 0, let tail = try FLACTail.find(file, from: start, first: first) {
      evidence.countedFrames = tail.totalSamples
      evidence.audioBytes = tail.end - start
      if let rate = first.sampleRate, rate > 0 { seconds = Double(tail.totalSamples) / Double(rate) }
    }
    evidence.corrupt(
      .flac(
        .onlyFrames(
          sampleRate: first.sampleRate, channels: first.channels, bits: first.bitsPerSample, seconds: seconds)))
  }

  /// Returns the finding about a block size in STREAMINFO that is not that of the frames.
  private static func sizeLie(
    _ info: FLACLayout.StreamInfo, first: FLACFrameHeader, tail: FLACTail
  ) -> FLACFinding? {
    guard !first.isVariable, tail.last.number > 0, info.minimumBlock == info.maximumBlock, info.maximumBlock >= 16,
      first.blockSize != info.maximumBlock
    else { return nil }
    let rate = Double(info.sampleRate)
    return .blockSize(
      claimed: info.maximumBlock, found: first.blockSize,
      apparentSeconds: Double(tail.last.number * info.maximumBlock) / rate,
      seconds: Double(tail.totalSamples) / rate)
  }
}

extension Optional {
  /// Returns the result of `body` for the wrapped value, and throws only its type of error; `nil` if there is none.
  fileprivate func flatMap<Result, Failure: Error>(
    _ body: (Wrapped) throws(Failure) -> Result?
  ) throws(Failure) -> Result? {
    switch self {
    case .some(let value): try body(value)
    case .none: nil
    }
  }
}
