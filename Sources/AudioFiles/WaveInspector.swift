import Platform

/// Compares what a wav's chunks claim with the bytes that are there.
enum WaveInspector {
  /// Sample rates that exist; outside it a header is nonsense.
  static let plausibleRates = 100...768_000

  /// Walks the chunks and, for floats, reads the samples.
  static func inspect(_ file: borrowing InputFile, cancellation: Cancellation?) throws(AudioFileError) -> Evidence {
    var evidence = Evidence(codec: "wav")
    guard let layout = try WaveLayout(file) else {
      throw AudioFileError(.corrupt, path: file.path, message: "its RIFF header cannot be read")
    }
    guard let format = layout.format else {
      evidence.corrupt("it has no usable format chunk, so its samples cannot be told apart")
      return evidence
    }
    evidence.codec = format.codec
    evidence.sampleRate = format.sampleRate
    evidence.channels = format.channels
    evidence.encoding = format.encoding
    guard format.channels > 0 else {
      evidence.corrupt("its header claims 0 channels; nothing can be played from it")
      return evidence
    }
    guard plausibleRates.contains(format.sampleRate) else {
      evidence.corrupt(
        "its header claims \(format.sampleRate) Hz; audio has \(plausibleRates.lowerBound) to "
          + "\(plausibleRates.upperBound) Hz")
      return evidence
    }
    guard let dataOffset = layout.dataOffset else {
      if file.byteCount < 4096 {
        evidence.truncate("it ends after \(file.byteCount) bytes, before any samples")
      } else {
        evidence.corrupt("it has no data chunk: there are no samples in it")
      }
      return evidence
    }
    evidence.audioBytes = layout.presentBytes
    evidence.audioRange = dataOffset..<dataOffset + layout.presentBytes
    guard let encoding = format.encoding else {
      evidence.unsupported =
        "is a wav with \(format.codec) inside, which is no linear PCM; convert it first: \(conversion(of: file.path))"
      return evidence
    }
    let width: Int
    switch encoding {
    case .integer(let bits), .float(let bits): width = bits / 8
    case .lossy: width = 1
    }
    // Each factor has at most 16 bits, so this cannot overflow.
    let frameBytes = width * format.channels
    guard format.blockAlign == frameBytes else {
      evidence.corrupt(
        "its header contradicts itself: a frame of \(format.blockAlign) bytes for \(format.channels) channels of "
          + "\(format.bitsPerSample) bits")
      return evidence
    }
    count(layout, format: format, frameBytes: frameBytes, evidence: &evidence)
    if case .float = encoding { try readFloats(file.path, cancellation: cancellation, evidence: &evidence) }
    return evidence
  }

  private static func count(
    _ layout: WaveLayout, format: WaveLayout.Format, frameBytes: Int, evidence: inout Evidence
  ) {
    let present = layout.presentBytes / frameBytes
    evidence.countedFrames = present
    let declared = Double(layout.declaredBytes) / Double(frameBytes) / Double(format.sampleRate)
    evidence.declaredSeconds = declared
    if layout.sizeIsUnknown {
      evidence.problems.append(
        "the data chunk's size was never filled in (\(layout.declaredBytes)); \(layout.presentBytes) bytes are there")
    } else if layout.declaredBytes > layout.presentBytes {
      let missing = layout.declaredBytes - layout.presentBytes
      evidence.truncate(
        "it ends early: \(layout.presentBytes) of \(layout.declaredBytes) bytes of samples are there, the last "
          + "\(describe(seconds: Double(missing) / Double(frameBytes) / Double(format.sampleRate))) are missing; "
          + "get a complete copy")
    }
    if layout.presentBytes % frameBytes != 0 {
      evidence.problems.append("\(layout.presentBytes % frameBytes) bytes at the end of the samples are no whole frame")
    }
    if layout.strayBytes > 0 {
      evidence.problems.append("\(layout.strayBytes) bytes behind the samples are no chunks")
    }
    if !layout.otherChunks.isEmpty {
      evidence.problems.append("chunks beside the samples: \(layout.otherChunks.joined(separator: ", "))")
    }
  }

  /// Floats can be no number at all, which no header tells: all are read, whatever was asked for.
  private static func readFloats(
    _ path: String, cancellation: Cancellation?, evidence: inout Evidence
  ) throws(AudioFileError) {
    let statistics = try SignalStatistics.read(path, cancellation: cancellation)
    evidence.statistics = statistics
    if let frame = statistics.firstInvalidFrame, let rate = evidence.sampleRate {
      evidence.corrupt(
        "\(statistics.invalid) samples are not numbers (NaN or infinite), the first at "
          + "\(describe(seconds: Double(frame) / Double(rate))); render it again from its source")
    }
  }
}

extension SignalStatistics {
  /// Decodes a whole file for its statistics.
  static func read(_ path: String, cancellation: Cancellation?) throws(AudioFileError) -> SignalStatistics {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    var statistics = SignalStatistics(channels: decoder.channels)
    var block: [Float] = []
    while try decoder.read(into: &block, frames: 16384) > 0 {
      statistics.add(block)
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
    }
    return statistics
  }
}
