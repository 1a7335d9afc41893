/// A skim of an mp3: its header, both ends, and frames at a few places between.
struct MP3Skim {
  private var evidence = Evidence(codec: "mp3")
  private let first: MPEGFrameHeader
  private let header: MP3Header?
  /// Range of the frames that hold audio.
  private let audio: Range<Int>
  private let freeFormatLength: Int?
  private var probes: [MP3Probe] = []

  /// Gathers the evidence of the file whose first frame is at `offset`.
  static func evidence(_ file: borrowing InputFile, offset: Int) throws(AudioFileError) -> Evidence {
    var skim = try MP3Skim(file, offset: offset)
    guard !skim.audio.isEmpty else {
      skim.evidence.countedFrames = 0
      skim.evidence.corrupt(.mp3(.noAudio))
      return skim.evidence
    }
    try skim.probe(file)
    skim.measure(byteCount: file.byteCount)
    return skim.evidence
  }

  private init(_ file: borrowing InputFile, offset: Int) throws(AudioFileError) {
    var head = try file.bytes(at: offset, count: MP3Probe.byteCount)
    guard let first = MPEGFrameHeader(head, at: 0), first.layer == 3 else {
      throw AudioFileError(path: file.path, .firstMP3Frame)
    }
    if first.bitrate == 0 { head = try file.bytes(at: offset, count: 18_016) }
    let text = first.bitrate > 0 ? try MP3Skim.streamText(file, offset: offset) : nil
    freeFormatLength = first.bitrate > 0 ? nil : MPEGSync.freeFormatLength(head, from: 0, header: first)
    guard let length = first.byteCount ?? freeFormatLength else {
      throw AudioFileError(path: file.path, .firstMP3Frame)
    }
    self.first = first
    let found = MP3Header(head, frameAt: 0, frame: first)
    header = found
    let start = found.map { $0.isBehindChecksum ? offset : offset + length } ?? offset
    // Zeros may belong to the last frame.
    let trailer = try FLACTrailer.strip(
      file, from: min(start, file.byteCount), to: file.byteCount, mostZeros: 0)
    audio = start..<max(start, trailer.end)
    evidence.encoding = .lossy
    evidence.sampleRate = first.sampleRate
    evidence.channels = first.channels
    evidence.audioBytes = audio.upperBound - offset
    evidence.audioRange = offset..<audio.upperBound
    if freeFormatLength != nil {
      evidence.portability.append(Portability(.mp3(.freeFormat), [Misreading(.ffmpeg, .nothing)]))
    }
    if let text { evidence.doubt(.notPortable, .skimmedStreamText(offset: text)) }
    if found?.isBehindChecksum == true { evidence.problems.append(.mp3(.headerBehindChecksum)) }
    if let probe = MP3Probe(head, from: start - offset, wanted: 1, freeFormatLength: freeFormatLength) {
      probes.append(probe)
    }
  }

  /// Number of bytes from the first frame on in which a first text of a radio stream is sought: the intervals that most
  /// servers are set to, up to 16 KiB, and the longest text.
  private static let textBytes = 1 << 14 + 1 << 12

  /// Returns the offset of a text that a radio server put between the bytes of a stream; `nil` if there is none near the
  /// start, where a server sends the title first.
  private static func streamText(_ file: borrowing InputFile, offset: Int) throws(AudioFileError) -> Int? {
    guard file.allowance > textBytes + 10 * MP3Probe.byteCount else { return nil }
    let bytes = try file.bytes(at: offset, count: textBytes)
    return unsafe StreamMetadata.firstText(bytes.span.bytes).map { offset + $0 }
  }

  /// Looks for frames at a few places, and at the end.
  private mutating func probe(_ file: borrowing InputFile) throws(AudioFileError) {
    // Longer frames need longer probes.
    let size = max(MP3Probe.byteCount, 4 * (freeFormatLength ?? 0))
    guard audio.count > 2 * size else { return try probeEnd(file, size: size) }
    for share in Skim.places {
      let offset = audio.lowerBound + Int(Double(audio.count - size) * share)
      let bytes = try file.bytes(at: offset, count: size)
      guard
        let probe = MP3Probe(bytes, freeFormatLength: freeFormatLength, continuing: first)
          ?? MP3Probe(bytes, freeFormatLength: freeFormatLength)
      else {
        evidence.doubt(
          .corrupt,
          .skimmedNoFrames(offset: offset, bytes: bytes.count, areZeros: bytes.allSatisfy { $0 == 0 }))
        continue
      }
      note(probe, at: offset)
    }
    try probeEnd(file, size: size)
  }

  private mutating func probeEnd(_ file: borrowing InputFile, size: Int) throws(AudioFileError) {
    let offset = max(audio.lowerBound, audio.upperBound - size)
    let bytes = try file.bytes(at: offset, count: audio.upperBound - offset)
    // A short file has few frames.
    let wanted = audio.count > 2 * size ? 3 : 1
    guard
      let probe = MP3Probe(bytes, wanted: wanted, freeFormatLength: freeFormatLength, continuing: first)
        ?? MP3Probe(bytes, wanted: wanted, freeFormatLength: freeFormatLength)
    else {
      return evidence.doubt(.truncated, .skimmedEnd(offset: audio.upperBound))
    }
    note(probe, at: offset)
    // A tag that is not recognised backwards may follow, and zeros; a frame that is cut off may not.
    if probe.missing > 0 {
      evidence.doubt(.truncated, .skimmedEnd(offset: audio.upperBound))
    }
  }

  private mutating func note(_ probe: MP3Probe, at offset: Int) {
    probes.append(probe)
    guard probe.first.sampleRate != first.sampleRate || probe.first.channels != first.channels,
      !evidence.doubts.contains(where: { if case .skimmedChange = $0.finding { true } else { false } })
    else { return }
    evidence.doubt(
      .notPortable,
      .skimmedChange(
        offset: offset + probe.start, sampleRate: probe.first.sampleRate, channels: probe.first.channels,
        firstRate: first.sampleRate, firstChannels: first.channels))
  }

  /// Determines the length: that of the header if the bytes agree with it, else that of the bytes.
  private mutating func measure(byteCount: Int) {
    let rate = Double(first.sampleRate)
    let perFrame = first.samples
    let claimed = header?.claimedSamples(samplesPerFrame: perFrame).flatMap { $0 > 0 ? $0 : nil }
    evidence.declaredSeconds = claimed.map { Double($0) / rate }
    let slowest = probes.map(\.bitrates.lowerBound).min() ?? first.bitrate
    let fastest = probes.map(\.bitrates.upperBound).max() ?? first.bitrate
    // The probes of a variable bit rate may happen to have the same.
    let isConstant = slowest == fastest && header?.kind != .xing
    // A frame of free format has one length; padding evens out.
    let meanFrame: Double =
      if let freeFormatLength { Double(freeFormatLength) + 0.5 } else {
        isConstant && slowest > 0 ? Double(perFrame * 125 * slowest) / rate : meanOfProbes
      }
    let frames = Int((Double(audio.count) / meanFrame).rounded())
    let likely = max(
      frames * perFrame
        - (header?.trim(
          frames: frames, bytes: 0, samplesPerFrame: perFrame, isInterrupted: false
        ).count ?? 0), 0)
    guard let claimed else {
      // VBRI, and a Xing header without a number of frames, are headers that tell no length.
      evidence.countedFrames = likely
      if !isConstant {
        evidence.skim = Inspection.Integrity.Skim(bytesRead: 0, probes: 0, isEstimate: true)
        evidence.doubt(.notPortable, .skimmedEstimate(least: slowest, most: fastest))
      }
      return
    }
    if agrees(likelyFrames: frames, isConstant: isConstant) {
      evidence.countedFrames = claimed
    } else {
      evidence.countedFrames = likely
      evidence.skim = Inspection.Integrity.Skim(bytesRead: 0, probes: 0, isEstimate: !isConstant)
      evidence.doubt(
        .headerLies, .skimmedLength(claimed: Double(claimed) / rate, likely: Double(likely) / rate))
    }
  }

  /// Returns `true` if the header's number of frames, or of bytes, is that of the file.
  private func agrees(likelyFrames: Int, isConstant: Bool) -> Bool {
    guard let header, let frames = header.frames else { return false }
    // The bytes of a constant rate tell their number; a frame more or less is rounding, or one that is cut off.
    if isConstant { return abs(frames - likelyFrames) <= 2 }
    // A header counts its bytes from its own frame on; some writers leave that frame out.
    // The bit rates of the probes tell the number roughly.
    guard frames / 4 <= likelyFrames, likelyFrames / 4 <= frames else { return false }
    if let claimed = header.bytes, claimed > 0 {
      let tolerance = 2 * MP3Skim.longestFrame
      return abs(claimed - (evidence.audioBytes ?? 0)) <= tolerance || abs(claimed - audio.count) <= tolerance
    }
    // Without a number of bytes, the bit rate must be one that the format has.
    let mean = Double(audio.count) * 8 * Double(first.sampleRate) / Double(max(frames, 1) * first.samples) / 1000
    return (8...320).contains(mean.rounded())
  }

  /// Size in bytes of the longest frame with a bit rate: 320 kbit/s at 32 kHz.
  private static let longestFrame = 1441

  /// Mean size in bytes of the frames in the probes.
  private var meanOfProbes: Double {
    let bytes = probes.reduce(0) { $0 + $1.end - $1.start }
    let frames = probes.reduce(0) { $0 + $1.frames }
    return max(Double(bytes) / Double(max(frames, 1)), 24)
  }
}
