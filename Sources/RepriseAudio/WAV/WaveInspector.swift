import RepriseSystem

/// Compares what a wav's chunks claim with the bytes that are there.
enum WaveInspector {
  /// Sample rates that exist; outside it a header is nonsense.
  static let plausibleRates = 100...768_000

  /// libsndfile's and sox's own limit.
  private static let mostChannels = 1024

  /// Walks the chunks of a wav and, for floats, reads the samples.
  static func inspect(
    _ file: InputFile, _ content: SniffedContent, listener: (any SampleListener)?, cancellation: Cancellation?
  ) throws(AudioFileError) -> Evidence {
    let offset = content.offset
    var evidence = Evidence(codec: "wav")
    guard let layout = try WaveLayout(file, offset: offset) else {
      throw AudioFileError(.corrupt, path: file.path, message: "its RIFF header cannot be read")
    }
    evidence.container = layout.container.rawValue
    if offset > 0 {
      evidence.problems.append(
        "\(counted(offset, "byte")) of tags \(offset == 1 ? "stands" : "stand") in front of the RIFF header")
    }
    guard let format = layout.format else {
      if layout.formatChunk.isEmpty, layout.dataOffset == nil, file.byteCount < 4096 {
        evidence.truncate(
          "it ends after \(counted(file.byteCount, "byte")), before its format chunk; get a complete copy")
      } else {
        evidence.corrupt("it has no usable format chunk, so its samples cannot be told apart")
      }
      return evidence
    }
    evidence.codec = format.codec
    evidence.sampleRate = format.sampleRate
    evidence.channels = format.channels
    evidence.encoding = format.encoding
    evidence.waveFormat = layout.formatChunk
    guard try isSound(format, layout: layout, file: file, evidence: &evidence) else { return evidence }
    guard let dataOffset = layout.dataOffset else { return evidence }
    evidence.audioBytes = layout.presentBytes
    evidence.audioRange = dataOffset..<dataOffset + layout.presentBytes
    guard let encoding = format.encoding else {
      evidence.unsupported = unsupported(format, path: file.path)
      evidence.countedFrames = format.codedFrames(in: layout.presentBytes)
      return evidence
    }
    count(layout, format: format, evidence: &evidence)
    if format.channels > mostChannels {
      evidence.unsupported =
        "has \(counted(format.channels, "channel")), more than the \(mostChannels) that other programs read; choose some of them"
      return evidence
    }
    try WaveRemarks.add(layout, format: format, file: file, to: &evidence)
    if layout.formatIsLate {
      evidence.corrupt(
        "its format chunk stands behind the samples, where nothing reads it; write it again: \(conversion(of: file.path))"
      )
    }
    if case .float = encoding {
      try readFloats(file, content, listener: listener, cancellation: cancellation, evidence: &evidence)
    }
    return evidence
  }

  /// Whether the format chunk makes sense and there are samples.
  private static func isSound(
    _ format: WaveLayout.Format, layout: WaveLayout, file: borrowing InputFile, evidence: inout Evidence
  ) throws(AudioFileError) -> Bool {
    if format.channels == 0 {
      evidence.corrupt("its header claims 0 channels; nothing can be played from it")
    } else if !plausibleRates.contains(format.sampleRate) {
      evidence.corrupt(
        "its header claims \(format.sampleRate) Hz; audio has \(plausibleRates.lowerBound) to "
          + "\(plausibleRates.upperBound) Hz")
    } else if layout.dataOffset == nil {
      if file.byteCount < 4096 {
        evidence.truncate("it ends after \(counted(file.byteCount, "byte")), before any samples")
      } else {
        evidence.corrupt("it has no data chunk: there are no samples in it")
      }
    } else if format.codec == "pcm" {
      evidence.corrupt("its header claims samples of \(format.bitsPerSample) bits; linear PCM has 1 to 64")
    } else if format.isAmbiguous {
      evidence.corrupt(
        "its header contradicts itself: a frame of \(counted(format.blockAlign, "byte")) for \(counted(format.channels, "channel")) of "
          + "\(format.bitsPerSample) bits, which decoders read in two ways; write it again from its source")
    } else {
      return true
    }
    return false
  }

  /// The sentence for samples that are neither integers of up to 32 bits nor floats.
  static func unsupported(_ format: WaveLayout.Format, path: String) -> String {
    let words = format.tag == 1 || format.tag == 3 ? "which hardly anything reads" : "which is no linear PCM"
    return "is a wav with \(format.codec) inside, \(words); convert it first: \(conversion(of: path))"
  }

  private static func count(_ layout: WaveLayout, format: WaveLayout.Format, evidence: inout Evidence) {
    let frameBytes = format.frameBytes
    let byteRate = Double(frameBytes) * Double(format.sampleRate)
    evidence.countedFrames = layout.presentBytes / frameBytes
    evidence.declaredSeconds = Double(layout.declaredBytes) / byteRate
    let sizes = "\(layout.presentBytes) of \(counted(layout.declaredBytes, "byte")) of samples are there"
    switch layout.claim {
    case .fits: break
    case .neverFilledIn:
      evidence.problems.append(
        "the data chunk's size was never filled in (\(layout.declaredBytes)); \(counted(layout.presentBytes, "byte")) are there"
      )
    case .tooLarge:
      evidence.problems.append("\(sizes), and by the file's size in its header nothing is missing")
    case .unmet:
      let lack = layout.declaredBytes - layout.presentBytes
      let missing = Double(lack) / byteRate < 0.001 ? counted(lack, "byte") : describe(seconds: Double(lack) / byteRate)
      evidence.truncate("it ends early: \(sizes), the last \(missing) are missing; get a complete copy")
    }
  }

  /// Floats can be no number at all, which no header tells: all are read, whatever was asked for.
  private static func readFloats(
    _ file: InputFile, _ content: SniffedContent, listener: (any SampleListener)?, cancellation: Cancellation?,
    evidence: inout Evidence
  ) throws(AudioFileError) {
    var decoder = try AudioDecoder(file, content, cancellation: cancellation)
    var statistics = SignalStatistics(channels: decoder.channels)
    var stretches = InvalidStretches(channels: decoder.channels)
    listener?.begin(format: decoder.format, sampleRate: decoder.sampleRate, channels: decoder.channels)
    try decoder.readBlocks(cancellation: cancellation) { (block: inout [Float]) in
      listener?.take(block)
      let before = (frames: statistics.frames, invalid: statistics.invalid)
      statistics.add(block)
      if statistics.invalid != before.invalid { stretches.add(block, from: before.frames) }
      return true
    }
    evidence.statistics = statistics
    guard let first = stretches.found.first, let rate = evidence.sampleRate else { return }
    func time(_ frame: Int) -> Double { Double(frame) / Double(rate) }
    let isDouble = evidence.encoding == .float(bits: 64)
    for stretch in stretches.found {
      evidence.addDamage(
        from: time(stretch.lowerBound), to: time(stretch.upperBound), "samples that are not numbers (NaN or infinite)")
    }
    let what =
      isDouble
      ? "are NaN, infinite or beyond ±3.4e38, the most a 32-bit float holds" : "are not numbers (NaN or infinite)"
    let places =
      stretches.count == 1
      ? "" : ", in \(counted(stretches.count, "place")) of \(describe(seconds: time(stretches.frames))) in all"
    evidence.corrupt(
      "\(counted(statistics.invalid, "sample")) \(what), the first at \(describe(seconds: time(first.lowerBound)))\(places); "
        + "render it again from its source")
  }
}

/// Stretches of frames in which samples are no numbers.
struct InvalidStretches {
  /// The first hundred.
  private(set) var found: [Range<Int>] = []
  /// How many there are.
  private(set) var count = 0
  /// Frames in all of them.
  private(set) var frames = 0
  private let channels: Int
  private var end = -1

  /// None yet.
  init(channels: Int) { self.channels = channels }

  /// Looks through interleaved samples whose first frame is `start`.
  mutating func add(_ samples: [Float], from start: Int) {
    for (index, sample) in samples.enumerated() where !sample.isFinite {
      let frame = start + index / channels
      guard frame >= end else { continue }
      frames += 1
      if frame == end, let last = found.last, last.upperBound == end {
        found[found.count - 1] = last.lowerBound..<frame + 1
      } else if frame > end || count == 0 {
        count += 1
        if found.count < 100 { found.append(frame..<frame + 1) }
      }
      end = frame + 1
    }
  }
}
