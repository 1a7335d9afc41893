public import Platform

/// Decoded audio in memory.
public struct AudioBuffer: Sendable {
  /// Interleaved samples, nominally −1…1; `frames × channels` of them.
  public var samples: [Float]
  /// Samples a frame, 1 or more.
  public let channels: Int
  /// Frames a second, in Hz.
  public let sampleRate: Int

  /// A buffer of interleaved samples.
  public init(samples: [Float], channels: Int, sampleRate: Int) {
    precondition(channels > 0 && sampleRate > 0 && samples.count % channels == 0)
    self.samples = samples
    self.channels = channels
    self.sampleRate = sampleRate
  }

  /// The number of frames.
  public var frames: Int { samples.count / channels }

  /// The length in seconds.
  public var seconds: Double { Double(frames) / Double(sampleRate) }

  /// The mean of the channels, one sample a frame.
  public func mono() -> [Float] {
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
  /// Decodes a whole file into memory: 4 bytes a sample, so 127 MB for the longest stereo song of 360 s.
  ///
  /// Blocks: use it inside `offPool`, with the token it gives.
  /// - Throws: `AudioFileError` as `AudioDecoder` does; `corrupt` if not a single frame came out; `cancelled`.
  public init(decoding path: String, cancellation: Cancellation? = nil) throws(AudioFileError) {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    var samples: [Float] = []
    var block: [Float] = []
    while try decoder.read(into: &block, frames: 65536) > 0 {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
      samples += block
    }
    guard !samples.isEmpty else {
      throw AudioFileError(.corrupt, path: path, message: "holds no audio: not one frame could be decoded")
    }
    self.init(samples: samples, channels: decoder.channels, sampleRate: decoder.sampleRate)
  }
}
