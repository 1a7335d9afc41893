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

  private static let block = 16384

  /// Gives every block to `body` until that returns false.
  ///
  /// - Returns: whether `body` took all of them.
  /// - Throws: `AudioFileError`, `SignalError`, `CancellationError`, and what `body` throws.
  func run(_ body: (Block) throws -> Bool) throws -> Bool {
    var decoder = try AudioDecoder(path: source, cancellation: cancellation)
    try skip(&decoder)
    if case .integer = decoder.encoding, work.encoding.isInteger, work.gain == 1, work.channels == decoder.channels,
      work.sampleRate == decoder.sampleRate
    {
      return try giveIntegers(&decoder, body)
    }
    return try giveFloats(&decoder, body)
  }

  private func skip(_ decoder: inout AudioDecoder) throws {
    var left = work.frames.lowerBound
    var samples: [Float] = []
    while left > 0 {
      try cancellation.check()
      let got = try decoder.read(into: &samples, frames: min(left, SampleFeed.block))
      guard got > 0 else { throw ended() }
      left -= got
    }
  }

  private func ended() -> PreparationError {
    PreparationError(.changed(.endedEarly), path: source)
  }

  /// Refuses to pass off as whole what ended early; where rates change on the way the plan's length is not exact.
  private func check(_ done: Int, _ decoder: borrowing AudioDecoder) throws {
    guard work.frames.count - done <= decoder.sampleRate / 10 else { throw ended() }
  }

  private var fade: Fade { Fade(into: work.fadeIn, out: work.fadeOut, total: work.frames.count) }

  /// Integers stay integers: no float stands between the source's samples and the result's.
  private func giveIntegers(_ decoder: inout AudioDecoder, _ body: (Block) throws -> Bool) throws -> Bool {
    let fade = fade
    var samples: [Int32] = []
    var done = 0
    while done < work.frames.count {
      try cancellation.check()
      let got = try decoder.read(into: &samples, frames: min(work.frames.count - done, SampleFeed.block))
      guard got > 0 else { break }
      fade.apply(&samples, first: done, channels: decoder.channels)
      guard try body(.integers(samples)) else { return false }
      done += got
      progress(Double(done) / Double(work.frames.count))
    }
    try check(done, decoder)
    return true
  }

  private func giveFloats(_ decoder: inout AudioDecoder, _ body: (Block) throws -> Bool) throws -> Bool {
    let fade = fade
    let channels = decoder.channels
    let downmix = channels > work.channels ? Downmix(channels: channels) : nil
    var resampler: StreamResampler?
    if work.sampleRate != decoder.sampleRate {
      resampler = try StreamResampler(
        channels: work.channels, from: Double(decoder.sampleRate), to: Double(work.sampleRate))
    }
    var samples: [Float] = []
    var done = 0
    while done < work.frames.count {
      try cancellation.check()
      let got = try decoder.read(into: &samples, frames: min(work.frames.count - done, SampleFeed.block))
      guard got > 0 else { break }
      if work.gain != 1 { for index in samples.indices { samples[index] *= work.gain } }
      fade.apply(&samples, first: done, channels: channels)
      let mixed = downmix?.mix(samples) ?? samples
      guard try body(.floats(try resampler?.process(mixed) ?? mixed)) else { return false }
      done += got
      progress(Double(done) / Double(work.frames.count))
    }
    try check(done, decoder)
    if let rest = try resampler.take()?.finish() { return try body(.floats(rest)) }
    return true
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
