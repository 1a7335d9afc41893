import RepriseSystem

/// Compares the claims of the chunks of a wav with the bytes that are present.
enum WaveInspector {
  /// Range of sample rates that exist; a header with any other rate is invalid.
  static let plausibleRates = 100...768_000

  /// Largest number of channels that ffmpeg converts; libsndfile reads up to 1024.
  private static let mostChannels = 64

  /// Reads the chunks of a wav and, for floats, the samples unless `readsSamples` is `false`.
  static func inspect(
    _ file: InputFile, _ content: SniffedContent, listener: (any SampleListener)?, readsSamples: Bool = true,
    cancellation: Cancellation?
  ) throws(AudioFileError) -> Evidence {
    let offset = content.offset
    var evidence = Evidence(codec: "wav")
    guard let layout = try WaveLayout(file, offset: offset) else {
      throw AudioFileError(path: file.path, .riffHeader)
    }
    evidence.container = layout.container.rawValue
    if offset > 0, try ID3v2.leading(file).bytes == offset {
      evidence.problems.append(.wave(.tagsInFront(bytes: offset)))
    }
    guard let format = layout.format else {
      if layout.formatChunk.isEmpty, layout.dataOffset == nil, file.byteCount < 4096 {
        evidence.truncate(.wave(.endsBeforeFormat(bytes: file.byteCount)))
      } else {
        evidence.corrupt(.wave(.noFormat))
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
    let ranges = layout.sampleRanges(frameBytes: max(format.frameBytes, 1))
    evidence.audioBytes = ranges.reduce(0) { $0 + $1.count }
    evidence.audioRange = dataOffset..<(ranges.last?.upperBound ?? dataOffset)
    guard let encoding = format.encoding else {
      evidence.unsupported = .wave(.unsupportedCodec(format.codec, isLinear: format.isLinear))
      evidence.countedFrames = format.codedFrames(in: layout.presentBytes)
      if layout.claim == .unmet {
        let (declared, present) = (layout.declaredBytes, layout.presentBytes)
        let seconds = Double(evidence.countedFrames ?? 0) / Double(format.sampleRate)
        let missing = present > 0 ? seconds / Double(present) * Double(declared - present) : 0
        evidence.truncate(
          .wave(.truncated(declaredBytes: declared, presentBytes: present, missingSeconds: missing)))
      }
      return evidence
    }
    count(layout, format: format, evidence: &evidence)
    if format.channels > mostChannels {
      evidence.unsupported = .wave(.tooManyChannels(format.channels, most: mostChannels))
      return evidence
    }
    try WaveRemarks.add(layout, format: format, file: file, offset: offset, to: &evidence)
    try WaveParts.add(layout, format: format, file: file, to: &evidence)
    if case .float = encoding, readsSamples {
      try readFloats(file, content, listener: listener, cancellation: cancellation, evidence: &evidence)
    }
    return evidence
  }

  /// Returns `true` if the format chunk is valid and there are samples.
  private static func isSound(
    _ format: WaveLayout.Format, layout: WaveLayout, file: borrowing InputFile, evidence: inout Evidence
  ) throws(AudioFileError) -> Bool {
    if format.channels == 0 {
      evidence.corrupt(.wave(.noChannels))
    } else if !plausibleRates.contains(format.sampleRate) {
      evidence.corrupt(.wave(.implausibleRate(format.sampleRate, plausible: plausibleRates)))
    } else if layout.dataOffset == nil {
      if file.byteCount < 4096 {
        evidence.truncate(.wave(.endsBeforeSamples(bytes: file.byteCount)))
      } else {
        evidence.corrupt(.wave(.noData))
      }
    } else if format.codec == "pcm" {
      evidence.corrupt(.wave(.impossibleWidth(bits: format.bitsPerSample)))
    } else if format.isAmbiguous {
      evidence.corrupt(
        .wave(
          .ambiguousFrame(bytes: format.blockAlign, channels: format.channels, bits: format.bitsPerSample)))
    } else {
      return true
    }
    return false
  }

  private static func count(_ layout: WaveLayout, format: WaveLayout.Format, evidence: inout Evidence) {
    let frameBytes = format.frameBytes
    let byteRate = Double(frameBytes) * Double(format.sampleRate)
    evidence.countedFrames = (evidence.audioBytes ?? 0) / frameBytes
    evidence.declaredSeconds = Double(layout.declaredBytes) / byteRate
    let (declared, present) = (layout.declaredBytes, layout.presentBytes)
    switch layout.claim {
    case .fits, .tooSmall: break
    case .neverFilledIn:
      evidence.problems.append(.wave(.unfilledSize(declaredBytes: declared, presentBytes: present)))
    case .tooLarge:
      evidence.problems.append(.wave(.excessiveSize(declaredBytes: declared, presentBytes: present)))
    case .unmet:
      evidence.truncate(
        .wave(
          .truncated(
            declaredBytes: declared, presentBytes: present,
            missingSeconds: Double(declared - present) / byteRate)))
      let rate = Double(format.sampleRate)
      evidence.addDamage(
        from: Double(present / frameBytes) / rate, to: Double(declared / frameBytes) / rate, .missing)
    }
  }

  /// Reads all floats at any depth, since they may be values that are not numbers, which no header reveals.
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
    for stretch in stretches.found {
      evidence.addDamage(from: time(stretch.lowerBound), to: time(stretch.upperBound), .notNumbers)
    }
    evidence.corrupt(
      .wave(
        .notNumbers(
          samples: statistics.invalid, isDouble: evidence.encoding == .float(bits: 64),
          first: time(first.lowerBound), places: stretches.count, seconds: time(stretches.frames))))
  }
}

/// The stretches of frames in which samples are not numbers.
struct InvalidStretches {
  /// First hundred stretches.
  private(set) var found: [Range<Int>] = []
  /// Number of stretches.
  private(set) var count = 0
  /// Number of frames in all stretches.
  private(set) var frames = 0
  private let channels: Int
  private var end = -1

  /// Creates an empty list of stretches.
  init(channels: Int) { self.channels = channels }

  /// Examines interleaved samples whose first frame has index `start`.
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
