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
      if case .integer = decoder.encoding, work.encoding.isInteger, work.gain == 1, work.channels == decoder.channels,
        work.sampleRate == decoder.sampleRate
      {
        try giveIntegers(&decoder, body)
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
  ///   - body: A closure called with each block and the index of the block's first frame within the stretch.
  /// - Throws: `PreparationError` if the recording ends before the stretch does. Where the sample rate changes midway,
  ///   the plan's length is not exact.
  private func decode<Sample: DecodedSample>(
    _ decoder: inout AudioDecoder, _ body: (inout [Sample], Int) throws -> Void
  ) throws {
    let channels = decoder.channels
    let tolerance = decoder.sampleRate / 10
    var done = 0
    let end = try decoder.forEachBlock(in: work.frames, cancellation: cancellation) { (samples: inout [Sample]) in
      let count = samples.count / channels
      try body(&samples, done)
      done += count
      progress(Double(done) / Double(work.frames.count))
    }
    guard end >= work.frames.lowerBound, work.frames.upperBound - end <= tolerance else {
      throw PreparationError(.changed(.endedEarly), path: source)
    }
  }

  private var fade: Fade { Fade(into: work.fadeIn, out: work.fadeOut, total: work.frames.count) }

  /// Passes integers without conversion to floats.
  private func giveIntegers(_ decoder: inout AudioDecoder, _ body: (Block) throws -> Bool) throws {
    let fade = fade
    let channels = decoder.channels
    try decode(&decoder) { (samples: inout [Int32], first: Int) in
      fade.apply(&samples, first: first, channels: channels)
      try give(.integers(samples), to: body)
    }
  }

  private func giveFloats(_ decoder: inout AudioDecoder, _ body: (Block) throws -> Bool) throws {
    let fade = fade
    let channels = decoder.channels
    let downmix = channels > work.channels ? Downmix(channels: channels) : nil
    var resampler: StreamResampler?
    if work.sampleRate != decoder.sampleRate {
      resampler = try StreamResampler(
        channels: work.channels, from: Double(decoder.sampleRate), to: Double(work.sampleRate))
    }
    try decode(&decoder) { (samples: inout [Float], first: Int) in
      if work.gain != 1 { for index in samples.indices { samples[index] *= work.gain } }
      fade.apply(&samples, first: first, channels: channels)
      let mixed = downmix?.mix(samples) ?? samples
      try give(.floats(try resampler?.process(mixed) ?? mixed), to: body)
    }
    if let rest = try resampler.take()?.finish() { try give(.floats(rest), to: body) }
  }
}

extension AudioEncoder.Encoding {
  fileprivate var isInteger: Bool {
    switch self {
    case .mp3, .wavFloat: false
    case .wav, .flac, .pcm16: true
    }
  }
}
