import RepriseAudio
import RepriseSystem
import RepriseSignal

/// The input of an encoder: a stretch of a recording, decoded and changed according to the plan, block by block.
struct SampleFeed {
  /// Interleaved samples.
  enum Block {
    /// Left-justified integers: the source's own samples, bit-exact except for fades.
    case integers([Int32])
    /// Floats, nominally −1…1.
    case floats([Float])
  }

  let source: String
  let work: Work.Encode
  let cancellation: Cancellation
  let progress: @Sendable (Double) -> Void

  /// An error thrown when the consumer of the blocks accepts no more.
  private struct Refusal: Error {}

  /// Passes every block to `body` until that returns `false`.
  ///
  /// - Parameter body: A closure called with each block.
  /// - Returns: `true` if `body` accepted all blocks.
  /// - Throws: `AudioFileError`, `SignalError`, `CancellationError`, and any error of `body`.
  func run(_ body: (Block) throws -> Bool) throws -> Bool {
    var decoder = try AudioDecoder(path: source, cancellation: cancellation)
    do {
      let channels = work.mix?.sources.count ?? decoder.channels
      if case .integer = decoder.encoding, let bits = work.encoding.integerBits, work.channels == channels,
        work.sampleRate == decoder.sampleRate
      {
        try giveIntegers(&decoder, bits: bits, body)
      } else {
        try giveFloats(&decoder, body)
      }
      return true
    } catch is Refusal {
      return false
    }
  }

  private func give(_ block: Block, to body: (Block) throws -> Bool) throws {
    guard try body(block) else { throw Refusal() }
  }

  /// Decodes the stretch.
  ///
  /// - Parameters:
  ///   - decoder: The decoder of the recording.
  ///   - body: A closure called with each block of the frames that are kept, and the index of the block's first frame
  ///     among them.
  /// - Throws: `PreparationError` if the recording ends before the stretch does. Where the sample rate changes midway,
  ///   the plan's length is not exact.
  private func decode<Sample: DecodedSample>(
    _ decoder: inout AudioDecoder, _ body: (inout [Sample], Int) throws -> Void
  ) throws {
    let channels = decoder.channels
    let tolerance = decoder.sampleRate / 10
    var (read, kept) = (0, 0)
    let end = try decoder.forEachBlock(in: work.frames, cancellation: cancellation) { (samples: inout [Sample]) in
      let first = work.frames.lowerBound + read
      read += samples.count / channels
      StretchRemoval.apply(work.removed, to: &samples, first: first, channels: channels)
      if !samples.isEmpty { try body(&samples, kept) }
      kept += samples.count / channels
      progress(Double(read) / Double(work.frames.count))
    }
    guard end >= work.frames.lowerBound, work.frames.upperBound - end <= tolerance else {
      throw PreparationError(.changed(.endedEarly), path: source)
    }
  }

  private var fade: Fade {
    Fade(into: work.fadeIn, out: work.fadeOut, total: work.frames.count - work.removed.reduce(0) { $0 + $1.count })
  }

  /// Passes integers without conversion to floats.
  private func giveIntegers(_ decoder: inout AudioDecoder, bits: Int, _ body: (Block) throws -> Bool) throws {
    let fade = fade
    let (source, channels) = (decoder.channels, work.channels)
    let change = LevelMix(mix: work.mix, gain: Double(work.gain), channels: source)
    try decode(&decoder) { (samples: inout [Int32], first: Int) in
      change.apply(&samples, bits: bits)
      fade.apply(&samples, first: first, channels: channels)
      try give(.integers(samples), to: body)
    }
  }

  private func giveFloats(_ decoder: inout AudioDecoder, _ body: (Block) throws -> Bool) throws {
    let fade = fade
    let channels = work.mix?.sources.count ?? decoder.channels
    let change = LevelMix(mix: work.mix, gain: Double(work.gain), channels: decoder.channels)
    let downmix = channels > work.channels ? Downmix(channels: channels) : nil
    var resampler: StreamResampler?
    if work.sampleRate != decoder.sampleRate {
      resampler = try StreamResampler(
        channels: work.channels, from: Double(decoder.sampleRate), to: Double(work.sampleRate))
    }
    try decode(&decoder) { (samples: inout [Float], first: Int) in
      change.apply(&samples)
      fade.apply(&samples, first: first, channels: channels)
      let mixed = downmix?.mix(samples) ?? samples
      try give(.floats(try resampler?.process(mixed) ?? mixed), to: body)
    }
    if let rest = try resampler.take()?.finish() { try give(.floats(rest), to: body) }
  }
}

extension AudioEncoder.Encoding {
  /// Number of bits of the integers that are written; `nil` if the encoder takes floats.
  fileprivate var integerBits: Int? {
    switch self {
    case .mp3, .wavFloat: nil
    case .wav(let bits), .flac(let bits): bits
    case .pcm16: 16
    }
  }
}
