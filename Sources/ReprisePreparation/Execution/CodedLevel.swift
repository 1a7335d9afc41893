import RepriseAudio
import Foundation
import RepriseSystem
import RepriseSignal

/// A measurement of the peak level of a decoded MP3 file.
///
/// The level is unknown before encoding: lossy coding changes the peaks of a signal.
struct CodedLevel {
  let path: String
  let cancellation: Cancellation

  /// The measured level.
  struct Found {
    let level: Survey.Level

    /// Returns the encoding with its gain reduced such that the decoded signal stays below full scale; `nil` if it
    /// already does.
    func lowered(_ work: Work.Encode) -> Work.Encode? {
      guard level.truePeak > 1 else { return nil }
      var lower = work
      // An additional quarter of a decibel, as a signal at another level is coded slightly differently.
      lower.gain = Float(Double(work.gain) / (level.truePeak * 1.03))
      return lower
    }

    /// Returns the remark on the reduction of the gain.
    func remark(lower: Work.Encode, than work: Work.Encode, then: Found) -> PreparedAudio.Remark {
      .loweredAgain(
        peak: 20 * log10(level.truePeak), by: 20 * log10(Double(work.gain / lower.gain)),
        still: then.level.truePeak > 1 ? 20 * log10(then.level.truePeak) : nil)
    }
  }

  /// Decodes the complete file, without clipping.
  ///
  /// - Parameter progress: A closure called with the completed share, 0…1.
  /// - Returns: The measured level.
  /// - Throws: `AudioFileError`, `SignalError` or `CancellationError`.
  func measure(progress: @escaping @Sendable (Double) -> Void) throws -> Found {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    var meter = try PeakMeter(channels: decoder.channels, sampleRate: decoder.sampleRate)
    try decoder.forEachBlock(cancellation: cancellation) { (samples: inout [Float]) in try meter.add(samples) }
    progress(1)
    return Found(level: Survey.Level(meter, isSilent: false))
  }

  /// Returns the rise of the true peak by coding, in dB, for a signal limited to full scale.
  ///
  /// Three of four such recordings stayed below this value (docs/measurements.md). A smaller value suffices for signals
  /// that were not limited.
  static func rise(bitrate: Int, channels: Int, sampleRate: Int) -> Double {
    // The equivalent bit rate of stereo at 44.1 kHz.
    let rate = Double(bitrate) / 1000 * 2 / Double(channels) * 44100 / Double(sampleRate)
    return switch rate {
    case 300...: 0.2
    case 180...: 0.3
    case 150...: 0.5
    case 120...: 0.8
    case 90...: 1.2
    default: 1.7
    }
  }
}
