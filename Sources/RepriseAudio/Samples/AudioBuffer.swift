package import RepriseSystem

/// Decoded audio in memory.
public struct AudioBuffer: Sendable {
  /// Interleaved samples, nominally −1…1; `frames × channels` of them.
  public var samples: [Float]
  /// Number of channels, 1 or more.
  public let channels: Int
  /// Sample rate in Hz.
  public let sampleRate: Int

  /// Creates a buffer of interleaved samples.
  public init(samples: [Float], channels: Int, sampleRate: Int) {
    precondition(channels > 0 && sampleRate > 0 && samples.count % channels == 0)
    self.samples = samples
    self.channels = channels
    self.sampleRate = sampleRate
  }

  /// Number of frames.
  package var frames: Int { samples.count / channels }

  /// Length in seconds.
  package var seconds: Double { Double(frames) / Double(sampleRate) }

  /// Returns the mean of the channels, one sample per frame.
  package func mono() -> [Float] {
    if channels == 1 { return samples }
    let scale = 1 / Float(channels)
    return (0..<frames).map { frame in
      var sum: Float = 0
      for channel in 0..<channels { sum += samples[frame * channels + channel] }
      return sum * scale
    }
  }
}

extension AudioBuffer {
  /// Largest number of samples, over all channels, that are decoded into memory: half an hour of stereo at 48 kHz, 691
  /// MB.
  package static let maximumSamples = 1800 * 48000 * 2

  /// Decodes a whole file into memory, with 4 bytes per sample: 127 MB for the longest stereo song of 360 s at 44.1
  /// kHz.
  ///
  /// A small flac can decode to gigabytes, whatever its header claims, so the decoded samples are counted.
  /// Blocks: use it inside `offPool`, with the token it gives.
  ///
  /// - Parameters:
  ///   - path: The path of an mp3, wav or flac.
  ///   - maximumSeconds: The longest audio that is accepted.
  ///   - maximumSamples: The largest number of samples, over all channels.
  ///   - cancellation: Checked between blocks.
  /// - Throws: `AudioFileError` as `AudioDecoder` does; `unsupportedFormat` if the audio is longer than allowed;
  ///   `corrupt` if no frame was decoded; `cancelled`.
  package init(
    decoding path: String, maximumSeconds: Double = 1800, maximumSamples: Int = AudioBuffer.maximumSamples,
    cancellation: Cancellation? = nil
  ) throws(AudioFileError) {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    let (rate, channels) = (decoder.sampleRate, decoder.channels)
    let byTime = max(maximumSeconds, 0) * Double(rate) * Double(channels)
    let most = byTime < Double(maximumSamples) ? Int(byTime) : max(maximumSamples, 0)
    var samples: [Float] = []
    var isTooLong = false
    try decoder.readBlocks(cancellation: cancellation) { (block: inout [Float]) in
      isTooLong = samples.count + block.count > most
      if !isTooLong { samples += block }
      return !isTooLong
    }
    guard !isTooLong else {
      throw AudioFileError(
        path: path,
        .tooLongForMemory(
          seconds: Double(most) / Double(channels) / Double(rate), channels: channels, sampleRate: rate))
    }
    guard !samples.isEmpty else {
      throw AudioFileError(path: path, .nothingDecoded)
    }
    self.init(samples: samples, channels: channels, sampleRate: rate)
  }
}
