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
    _ file: InputFile, offset: Int, deep: Bool, listener: (any SampleListener)? = nil,
    cancellation: Cancellation?
  ) throws(AudioFileError) -> Evidence {
    var evidence = Evidence(codec: "flac")
    let layout = try FLACLayout(file, start: offset)
    if offset > 0, try ID3v2.leading(file).bytes == offset {
      evidence.problems.append(.flac(.tagsInFront(bytes: offset)))
    }
    if layout.otherBlocks.count > 0 { evidence.problems.append(.flac(.sideBlocks(layout.otherBlocks))) }
    let first = try layout.audioStart.flatMap { start throws(AudioFileError) in
      FLACFrameHeader(try file.bytes(at: start, count: 32), at: 0)
    }
    guard let head = layout.head(first: first), let info = FLACLayout.StreamInfo(head.streamInfo) else {
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
    if let finding = contradiction(info, first: first) {
      evidence.corrupt(.flac(finding))
      return evidence
    }
    evidence.audioBytes = file.byteCount - audioStart
    evidence.audioRange = audioStart..<file.byteCount
    if info.totalSamples > 0 { evidence.declaredSeconds = Double(info.totalSamples) / Double(info.sampleRate) }
    let mender = FLACMender(layout: layout, first: first)
    // A part cut out of a stream keeps its numbers: that of the last frame then does not determine the length.
    if let first, first.number == 0, let tail = try FLACTail.find(file, from: audioStart, first: first) {
      evidence.countedFrames = tail.totalSamples
      evidence.audioBytes = tail.end - audioStart
      evidence.audioRange = audioStart..<max(tail.end, audioStart)
      if !deep,
        try isCertain(file, layout, info, from: audioStart, first: first, tail: tail, cancellation: cancellation)
      {
        addTrailer(file.byteCount - tail.end, tail.behind, to: &evidence)
        try mender.add(file, counted: tail.totalSamples, end: tail.end, to: &evidence)
        return evidence
      }
    }
    let others = try FLACStreams.others(file, from: audioStart)
    if !others.isEmpty {
      try addParts(file, starts: [offset] + others, audioStart: audioStart, rate: info.sampleRate, to: &evidence)
      return evidence
    }
    let decoding = FLACDecoding(info: info, head: head, first: first, listener: listener)
    let end = try decoding.run(file, from: audioStart, evidence: &evidence, cancellation: cancellation)
    if evidence.corruption == nil, evidence.truncation == nil, let frames = evidence.decodedFrames, let end {
      try mender.add(file, counted: frames, end: end, to: &evidence)
    }
    return evidence
  }

  /// Describes several streams in one file; the audio is all of them, so that it is not taken for a copy of the first.
  private static func addParts(
    _ file: borrowing InputFile, starts: [Int], audioStart: Int, rate: Int, to evidence: inout Evidence
  ) throws(AudioFileError) {
    let parts = try FLACStreams.parts(file, starts: starts)
    evidence.audioBytes = file.byteCount - audioStart
    evidence.audioRange = audioStart..<file.byteCount
    guard let first = parts.first, let last = parts.last else { return }
    evidence.countedSeconds = last.end
    evidence.countedFrames = Int((last.end * Double(rate)).rounded())
    evidence.addDamage(from: first.end, to: last.end, .anotherFile)
    let finding = Finding.flac(.severalStreams(FirstOf(parts)))
    evidence.several = finding
    evidence.problems.append(finding)
  }

  /// Returns `true` if the number of the last frame certainly determines the length.
  private static func isCertain(
    _ file: borrowing InputFile, _ layout: FLACLayout, _ info: FLACLayout.StreamInfo, from start: Int,
    first: FLACFrameHeader, tail: FLACTail, cancellation: Cancellation?
  ) throws(AudioFileError) -> Bool {
    // Only decoding tells whether the frames hold samples beyond their range, as some recorders write them. Encoders
    // that name themselves do not. What a header contradicts is confirmed by the samples as well.
    if !layout.hasVendor || layout.streamInfo.map({ Self.contradiction($0, first: first) != nil }) ?? true {
      return false
    }
    // Fewer samples than the header claims: a wrong claim, or a stream cut between two frames. The MD5 decides.
    if info.totalSamples > tail.totalSamples { return false }
    let isLarge = tail.end - start > followedBytes
    if isLarge, info.totalSamples == tail.totalSamples, try layout.seekPointsHold(file, first: first),
      try FLACWalk.ascends(file, from: start, first: first, tail: tail)
    {
      return true
    }
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
    _ info: FLACLayout.StreamInfo, first: FLACFrameHeader?
  ) -> FLACFinding? {
    // RFC 9639 allows up to 1,048,575 Hz; no audio has a rate below 100 Hz.
    guard info.sampleRate >= WaveInspector.plausibleRates.lowerBound else {
      return .implausibleRate(info.sampleRate)
    }
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
