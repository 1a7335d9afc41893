import RepriseSystem

/// Takes what a decoder gives out of a damaged recording whose bytes cannot be used: a foreign container that ends early,
/// or an mp3 whose frames change their form.
struct DecodedSalvage {
  private let inspection: Inspection
  private let mode: SalvageMode
  /// Stretches that are lost, in frames of what is decoded, in order.
  private let lost: [Range<Int>]
  private var position = 0
  private var written = 0
  private var losses: [SalvageLoss] = []

  /// Number of damaged stretches from which on an inspection may not report all of them.
  private static let most = 100

  /// Writes what can be decoded to a temporary file, as flac, or as wav where flac does not hold the samples.
  ///
  /// - Returns: What is left; `nil` if nothing is, or if the places of damage are not known.
  /// - Throws: `AudioFileError` if the recording cannot be read, or the result cannot be written.
  static func salvage(
    _ inspection: Inspection, mode: SalvageMode, cancellation: Cancellation?
  ) throws(AudioFileError) -> SalvagedAudio? {
    let spans = inspection.integrity.damage
    // Damage inside a foreign container is told, and its place is not.
    let isPlaced = inspection.reasons.allSatisfy { $0.code != .corrupt || $0.finding.isLocated }
    guard isPlaced, spans.count < most, let rate = inspection.sampleRate, rate > 0 else { return nil }
    let path = inspection.path
    let made = try InputFile.written(for: path) { name throws(AudioFileError) -> SalvageFacts? in
      var decoder = try AudioDecoder(path: path, cancellation: cancellation)
      var salvage = DecodedSalvage(inspection, mode: mode, sampleRate: decoder.sampleRate)
      let encoding = target(decoder.encoding, channels: decoder.channels)
      var writer = try AudioEncoder(
        path: name, encoding: encoding, sampleRate: decoder.sampleRate, channels: decoder.channels)
      if case .flac = encoding {
        try salvage.copy(&decoder, to: &writer, cancellation) {
          (samples: inout [Int32], writer) throws(AudioFileError) in
          try writer.write(samples)
        }
      } else {
        try salvage.copy(&decoder, to: &writer, cancellation) {
          (samples: inout [Float], writer) throws(AudioFileError) in
          try writer.write(samples)
        }
      }
      let (rate, codec) = (decoder.sampleRate, decoder.codec.isEmpty ? inspection.codec : decoder.codec)
      try writer.finish()
      return salvage.facts(sampleRate: rate, codec: codec)
    }
    return made.map { SalvagedAudio(file: $0.file, facts: $0.result) }
  }

  private init(_ inspection: Inspection, mode: SalvageMode, sampleRate: Int) {
    self.inspection = inspection
    self.mode = mode
    // The first frames after a loss are decoded with those before it.
    let margin = inspection.format == .mp3 ? 2304 : 0
    var lost: [Range<Int>] = []
    for span in inspection.integrity.damage where span.kind != .missing {
      let start = max(Int((span.start * Double(sampleRate)).rounded()) - (margin > 0 ? 1152 : 0), 0)
      let end = max(Int((span.end * Double(sampleRate)).rounded()) + margin, start)
      if let last = lost.last, start <= last.upperBound {
        lost[lost.count - 1] = last.lowerBound..<max(end, last.upperBound)
      } else if end > start {
        lost.append(start..<end)
      }
    }
    self.lost = lost
  }

  private static func target(_ encoding: SampleEncoding, channels: Int) -> AudioEncoder.Encoding {
    switch encoding {
    case .integer(let bits) where channels <= 8 && bits <= 24: .flac(bitsPerSample: max((bits + 7) / 8 * 8, 16))
    case .integer(let bits): .wav(bitsPerSample: max((bits + 7) / 8 * 8, 16))
    default: .wavFloat
    }
  }

  private mutating func copy<Sample: DecodedSample & ExpressibleByIntegerLiteral>(
    _ decoder: inout AudioDecoder, to writer: inout AudioEncoder, _ cancellation: Cancellation?,
    _ put: (inout [Sample], inout AudioEncoder) throws(AudioFileError) -> Void
  ) throws(AudioFileError) {
    let channels = decoder.channels
    let most = max(AudioDecoder.blockSamples / channels, 1)
    var block: [Sample] = []
    while true {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(inspection.path) }
      let count: Int
      do throws(AudioFileError) { count = try Sample.read(from: &decoder, into: &block, frames: most) } catch {
        guard error.code == .corrupt || error.code == .truncated, written > 0 else { throw error }
        return
      }
      guard count > 0 else { return }
      let frames = position..<position + count
      for stretch in lost.reversed() where stretch.overlaps(frames) {
        let part = stretch.clamped(to: frames)
        let range = (part.lowerBound - position) * channels..<(part.upperBound - position) * channels
        let silence = [Sample](repeating: 0, count: mode == .silence ? range.count : 0)
        block.replaceSubrange(range, with: silence)
      }
      position += count
      written += block.count / channels
      if !block.isEmpty { try put(&block, &writer) }
    }
  }

  private func facts(sampleRate: Int, codec: String) -> SalvageFacts? {
    func seconds(_ frames: Int) -> Double { Double(frames) / Double(sampleRate) }
    var losses = lost.filter { $0.lowerBound < position }.map {
      let end = min($0.upperBound, position)
      return SalvageLoss(
        start: seconds($0.lowerBound), end: seconds(end),
        filled: mode == .silence ? seconds(end - $0.lowerBound) : 0)
    }
    let end = seconds(position)
    if inspection.reasons.contains(where: { $0.code == .truncated }) {
      let declared = inspection.duration?.declaredSeconds ?? end
      losses.append(SalvageLoss(start: end, end: max(declared, end)))
    }
    guard written > 0, !losses.isEmpty else { return nil }
    return SalvageFacts(mode: mode, kept: .decoded(codec: codec), losses: losses, seconds: seconds(written))
  }
}
