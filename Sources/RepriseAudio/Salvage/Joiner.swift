package import RepriseSystem
import RepriseSignal

/// What is made of several files in one.
package struct JoinFacts: Sendable, Equatable {
  /// Lengths of the parts in seconds, in order.
  package let parts: [Double]
  /// Sample rates of the parts in Hz, ascending; those below the last are resampled to it.
  package let sampleRates: [Int]
  /// Numbers of channels of the parts, ascending; one channel is played on all.
  package let channels: [Int]

  /// `true` if every sample is unchanged.
  package var isExact: Bool { sampleRates.count == 1 && channels.count == 1 }
}

/// The parts of a file that is several wavs or flacs, joined byte by byte, as one recording in a temporary file.
package struct JoinedAudio: Sendable {
  /// File with all parts, one behind another.
  package let file: InputFile
  /// What was made of them.
  package let facts: JoinFacts

  /// Path by which the file is read as long as this instance lives.
  package var path: String { file.alias }
}

/// Makes one recording of several files in one.
package enum Joiner {
  /// Largest number of parts that are joined.
  private static let most = 1000

  /// The reasons for which parts are not joined.
  package enum Refusal: Error, Sendable, Equatable {
    /// The file is not several, or too many.
    case notSeveral
    /// A part is not whole, for these reasons.
    case damaged(part: Int, [Inspection.Reason])
    /// Parts have numbers of channels that cannot be brought into one form.
    case channels([Int])
  }

  /// Returns the parts of a file as one recording.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - cancellation: Interrupts copying.
  /// - Returns: The recording.
  /// - Throws: `Refusal` if the parts cannot be joined, `AudioFileError` if the file cannot be read, or the temporary file
  ///   cannot be written.
  package static func join(_ path: String, cancellation: Cancellation? = nil) throws -> JoinedAudio {
    let source = try InputFile(path: path)
    let content = try FileSniffer.sniff(source)
    let starts = try starts(of: source, content)
    guard (2...most).contains(starts.count) else { throw Refusal.notSeveral }
    var parts: [Part] = []
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] : source.byteCount
      var splice = ByteSplice()
      splice.append(start..<end)
      let file = try InputFile.copy(of: splice, from: source, cancellation: cancellation)
      let found = inspectBlocking(
        path: file.alias, limits: AudioLimits(minimumSeconds: 0, maximumSeconds: .infinity),
        deep: content.format == .flac,
        cancellation: cancellation)
      if found.failure?.code == .cancelled { throw CancellationError() }
      guard !found.integrity.damaged, found.failure == nil, let seconds = found.duration?.seconds, seconds > 0,
        let rate = found.sampleRate, let channels = found.channels, let encoding = found.notes.encoding
      else { throw Refusal.damaged(part: index + 1, found.reasons) }
      parts.append(Part(file: file, seconds: seconds, sampleRate: rate, channels: channels, encoding: encoding))
    }
    let facts = JoinFacts(
      parts: parts.map(\.seconds), sampleRates: Set(parts.map(\.sampleRate)).sorted(),
      channels: Set(parts.map(\.channels)).sorted())
    guard facts.channels.count == 1 || facts.channels.count == 2 && facts.channels[0] == 1 else {
      throw Refusal.channels(facts.channels)
    }
    var failure: (any Error)?
    let made = try InputFile.written(for: path) { name throws(AudioFileError) -> Bool? in
      do { try write(parts, facts, to: name, cancellation) } catch let error as AudioFileError { throw error } catch {
        failure = error
        return nil
      }
      return true
    }
    if let failure { throw failure }
    guard let made else { throw Refusal.notSeveral }
    return JoinedAudio(file: made.file, facts: facts)
  }

  private struct Part {
    let file: InputFile
    let seconds: Double
    let sampleRate: Int
    let channels: Int
    let encoding: SampleEncoding
  }

  /// Returns the offsets of the parts.
  private static func starts(of file: InputFile, _ content: SniffedContent) throws(AudioFileError) -> [Int] {
    switch content.format {
    case .flac:
      let layout = try FLACLayout(file, start: content.offset)
      guard let start = layout.audioStart else { return [] }
      return [content.offset] + (try FLACStreams.others(file, from: start))
    case .wav:
      var starts = [content.offset]
      var next = try WaveLayout(file, offset: content.offset)?.anotherWave
      while let offset = next, starts.count <= most {
        starts.append(offset)
        next = try WaveLayout(file, offset: offset)?.anotherWave
      }
      return starts
    default: return []
    }
  }

  /// Writes all parts in the richest form of them.
  private static func write(_ parts: [Part], _ facts: JoinFacts, to name: String, _ cancellation: Cancellation?) throws
  {
    let rate = facts.sampleRates.last ?? 0
    let channels = facts.channels.last ?? 0
    var bits: Int? = 16
    for part in parts {
      if case .integer(let width) = part.encoding, part.sampleRate == rate {
        bits = bits.map { max($0, (width + 7) / 8 * 8) }
      } else {
        bits = nil
      }
    }
    let encoding: AudioEncoder.Encoding =
      switch bits {
      case let bits? where bits <= 24 && channels <= 8: .flac(bitsPerSample: bits)
      case let bits?: .wav(bitsPerSample: bits)
      case nil: .wavFloat
      }
    var writer = try AudioEncoder(path: name, encoding: encoding, sampleRate: rate, channels: channels)
    for part in parts {
      var decoder = try AudioDecoder(path: part.file.alias, cancellation: cancellation)
      let isMono = decoder.channels == 1 && channels > 1
      if bits != nil {
        try decoder.forEachBlock(cancellation: cancellation) { (samples: inout [Int32]) in
          try writer.write(isMono ? spread(samples, over: channels) : samples)
        }
      } else {
        var resampler =
          part.sampleRate == rate
          ? nil : try StreamResampler(channels: channels, from: Double(part.sampleRate), to: Double(rate))
        try decoder.forEachBlock(cancellation: cancellation) { (samples: inout [Float]) in
          let all = isMono ? spread(samples, over: channels) : samples
          try writer.write(try resampler?.process(all) ?? all)
        }
        if let rest = try resampler.take()?.finish() { try writer.write(rest) }
      }
    }
    try writer.finish()
  }

  /// Returns samples of one channel on several.
  private static func spread<Sample>(_ samples: [Sample], over channels: Int) -> [Sample] {
    samples.flatMap { Array(repeating: $0, count: channels) }
  }
}
