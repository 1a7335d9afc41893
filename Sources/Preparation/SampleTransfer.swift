import AudioFiles
import Platform
import Signal

/// Decodes a stretch of a recording, changes what has to be changed, and encodes it, block by block.
struct SampleTransfer {
  let source: String
  let work: Work.Encode
  let cancellation: Cancellation
  let progress: @Sendable (Double) -> Void

  private static let block = 16384

  /// Writes the result into an existing file.
  ///
  /// - Throws: `AudioFileError`, `SignalError`, `CancellationError`.
  func run(into path: String) throws {
    var decoder = try AudioDecoder(path: source, cancellation: cancellation)
    guard decoder.channels >= 1, decoder.sampleRate >= 1 else { return }
    try skip(&decoder)
    let isExact: Bool
    if case .integer = decoder.encoding, work.encoding.isInteger, work.gain == 1, work.channels == decoder.channels,
      work.sampleRate == decoder.sampleRate
    {
      isExact = true
    } else {
      isExact = false
    }
    var encoder = try AudioEncoder(
      path: path, encoding: work.encoding, sampleRate: work.sampleRate, channels: work.channels)
    if isExact {
      try copyIntegers(&decoder, &encoder)
    } else {
      try convert(&decoder, &encoder)
    }
    try encoder.finish()
  }

  private func skip(_ decoder: inout AudioDecoder) throws {
    var left = work.frames.lowerBound
    var samples: [Float] = []
    while left > 0 {
      try cancellation.check()
      let got = try decoder.read(into: &samples, frames: min(left, SampleTransfer.block))
      guard got > 0 else { return }
      left -= got
    }
  }

  private var fade: Fade { Fade(into: work.fadeIn, out: work.fadeOut, total: work.frames.count) }

  /// Integers stay integers: no float stands between the source's samples and the result's.
  private func copyIntegers(_ decoder: inout AudioDecoder, _ encoder: inout AudioEncoder) throws {
    let fade = fade
    var samples: [Int32] = []
    var done = 0
    while done < work.frames.count {
      try cancellation.check()
      let got = try decoder.read(into: &samples, frames: min(work.frames.count - done, SampleTransfer.block))
      guard got > 0 else { break }
      fade.apply(&samples, first: done, channels: decoder.channels)
      try encoder.write(samples)
      done += got
      progress(Double(done) / Double(work.frames.count))
    }
  }

  private func convert(_ decoder: inout AudioDecoder, _ encoder: inout AudioEncoder) throws {
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
      let got = try decoder.read(into: &samples, frames: min(work.frames.count - done, SampleTransfer.block))
      guard got > 0 else { break }
      if work.gain != 1 { for index in samples.indices { samples[index] *= work.gain } }
      fade.apply(&samples, first: done, channels: channels)
      let mixed = downmix?.mix(samples) ?? samples
      if let ready = try resampler?.process(mixed) {
        try encoder.write(ready)
      } else {
        try encoder.write(mixed)
      }
      done += got
      progress(Double(done) / Double(work.frames.count))
    }
    if let rest = try resampler.take()?.finish() { try encoder.write(rest) }
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
