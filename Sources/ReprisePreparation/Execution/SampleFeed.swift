import RepriseAudio
import RepriseSystem
import RepriseSignal

/// What an encoder is given: a stretch of a recording, decoded and changed as the plan says, block by block.
struct SampleFeed {
  /// Interleaved samples.
  enum Block {
    /// Left-justified integers: the source's own, bit for bit but for fades.
    case integers([Int32])
    /// Nominally −1…1.
    case floats([Float])
  }

  let source: String
  let work: Work.Encode
  let cancellation: Cancellation
  let progress: @Sendable (Double) -> Void

  /// That whoever takes the blocks wants no more.
  private struct Refusal: Error {}

  /// Gives every block to `body` until that returns false.
  ///
  /// - Returns: whether `body` took all of them.
  /// - Throws: `AudioFileError`, `SignalError`, `CancellationError`, and what `body` throws.
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

  /// Decodes the stretch; `body` gets its blocks and the place of each one's first frame in it.
  ///
  /// - Throws: `PreparationError` rather than pass off as whole what ended early; where rates change on the way the
  ///   plan's length is not exact.
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

  /// Integers stay integers: no float stands between the source's samples and the result's.
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
