import Foundation

internal import CEBUR128

/// Loudness of a recording by EBU R 128 and ITU-R BS.1770-4.
package struct Loudness: Sendable, Equatable {
  /// Gated loudness of the whole recording, in LUFS; −∞ for silence.
  package let integrated: Double
  /// Highest peak of the oversampled signal, in dBTP; −∞ for silence.
  package let truePeak: Double
  /// Loudness range (EBU Tech 3342), in LU.
  package let range: Double
}

/// A meter that measures loudness block by block (libebur128), in memory bounded whatever the level or rate of the
/// audio.
package struct LoudnessMeter: ~Copyable {
  /// Number of channels.
  package let channels: Int
  private let handle: Handle
  private let measuresPeaks: Bool

  /// Creates a meter for interleaved audio.
  ///
  /// - Parameters:
  ///   - channels: The number of channels.
  ///   - sampleRate: The sample rate, in Hz.
  ///   - measuringPeaks: `true` to measure true peaks, which take most of the time.
  /// - Throws: `SignalError` if `channels` is not 1…64 or the rate not 16…2,822,400 Hz.
  package init(channels: Int, sampleRate: Int, measuringPeaks: Bool = true) throws(SignalError) {
    guard (1...64).contains(channels) else {
      throw SignalError(.unsupportedChannels, "loudness takes 1 to 64 channels, not \(channels)")
    }
    guard (16...2_822_400).contains(sampleRate) else {
      throw SignalError(.unsupportedRate, "loudness cannot be measured at \(sampleRate) Hz")
    }
    let handle = try Handle(channels: channels, sampleRate: sampleRate, measuringPeaks: measuringPeaks)
    self.channels = channels
    measuresPeaks = measuringPeaks
    self.handle = handle
  }

  /// Adds interleaved frames; samples that are not finite count as 0, since a single one would invalidate the
  /// measurement.
  package mutating func add(_ interleaved: [Float]) throws(SignalError) {
    precondition(interleaved.count.isMultiple(of: channels))
    let samples = interleaved.allSatisfy(\.isFinite) ? interleaved : interleaved.map { $0.isFinite ? $0 : 0 }
    let code = unsafe samples.withUnsafeBufferPointer { buffer in
      unsafe ebur128_add_frames_float(handle.pointer, buffer.baseAddress, samples.count / channels)
    }
    guard code == 0 else { throw SignalError(.library, "loudness: libebur128 gave error \(code)") }
  }

  /// Integrated loudness of all frames so far, in LUFS; −∞ for silence.
  package var integrated: Double {
    var result = -Double.infinity
    unsafe ebur128_loudness_global(handle.pointer, &result)
    return result
  }

  /// Returns the loudness of all frames so far; the meter must have been created to measure peaks.
  package func loudness() -> Loudness {
    precondition(measuresPeaks, "this meter does not measure true peaks")
    var range = 0.0
    unsafe ebur128_loudness_range(handle.pointer, &range)
    var peak = 0.0
    for channel in 0..<channels {
      var value = 0.0
      unsafe ebur128_true_peak(handle.pointer, UInt32(channel), &value)
      peak = max(peak, value)
    }
    return Loudness(integrated: integrated, truePeak: peak > 0 ? 20 * log10(peak) : -.infinity, range: range)
  }

  @safe struct Handle: ~Copyable {
    let pointer: UnsafeMutablePointer<ebur128_state>

    init(channels: Int, sampleRate: Int, measuringPeaks: Bool) throws(SignalError) {
      let mode =
        EBUR128_MODE_I.rawValue | EBUR128_MODE_LRA.rawValue | EBUR128_MODE_HISTOGRAM.rawValue
        | (measuringPeaks ? EBUR128_MODE_TRUE_PEAK.rawValue : 0)
      guard let made = unsafe ebur128_init(UInt32(channels), UInt(sampleRate), Int32(bitPattern: UInt32(mode))) else {
        throw SignalError(.library, "loudness: no meter for \(channels) channels at \(sampleRate) Hz")
      }
      unsafe pointer = unsafe made
    }

    deinit {
      var pointer: UnsafeMutablePointer<ebur128_state>? = unsafe pointer
      unsafe ebur128_destroy(&pointer)
    }
  }
}

/// Measures the loudness of a whole recording of interleaved audio.
///
/// - Throws: `SignalError` as `LoudnessMeter.init` does.
package func measureLoudness(
  interleaved: [Float], channels: Int, sampleRate: Int
) throws(SignalError) -> Loudness {
  var meter = try LoudnessMeter(channels: channels, sampleRate: sampleRate)
  try meter.add(interleaved)
  return meter.loudness()
}
