internal import RepriseAnalysis
internal import RepriseAudio
internal import RepriseSignal

/// The samples of a recording as the analysis takes them, kept while the recording is decoded for its measurement: one
/// channel at 22.05 kHz, 88 kB a second.
struct HearingSamples: ~Copyable {
  static let sampleRate = 22_050

  private var resampler: StreamResampler
  private let channels: Int
  private let most: Int
  private var samples: [Float] = []

  /// Creates a collection for a signal with a channel count and a sample rate in Hz.
  init(channels: Int, sampleRate: Int) throws(SignalError) {
    self.channels = channels
    // A little more than the analysis takes, so that a longer recording is refused for its length.
    most = Int((Analyzer.longest + 1) * Double(Self.sampleRate))
    resampler = try StreamResampler(channels: 1, from: Double(sampleRate), to: Double(Self.sampleRate))
  }

  /// Adds interleaved samples.
  mutating func add(_ interleaved: [Float]) throws(SignalError) {
    guard samples.count < most else { return }
    let scale = 1 / Float(channels)
    let mono = (0..<interleaved.count / channels).map { frame in
      var sum: Float = 0
      for channel in 0..<channels {
        let sample = interleaved[frame * channels + channel]
        if sample.isFinite { sum += sample }
      }
      return sum * scale
    }
    samples += try resampler.process(mono)
  }

  /// Ends the signal and returns it.
  consuming func finish() throws(SignalError) -> AudioBuffer {
    samples += try resampler.finish()
    return AudioBuffer(samples: samples, channels: 1, sampleRate: Self.sampleRate)
  }
}
