import RepriseAudio
import Foundation
import RepriseSystem
import RepriseSignal

/// How high an mp3's decoding goes, which nobody knows before it was coded: what is lost of a signal changes its peaks.
struct CodedLevel {
  let path: String
  let cancellation: Cancellation

  /// What a decoder makes of it.
  struct Found {
    let level: Survey.Level

    /// The same work so much lower that its decoding stays under full scale; `nil` if it does already.
    func lowered(_ work: Work.Encode) -> Work.Encode? {
      guard level.truePeak > 1 else { return nil }
      var lower = work
      // A quarter of a decibel more, as another level is coded a little differently.
      lower.gain = Float(Double(work.gain) / (level.truePeak * 1.03))
      return lower
    }

    /// What was done about it.
    func remark(lower: Work.Encode, than work: Work.Encode, then: Found) -> PreparedAudio.Remark {
      .loweredAgain(
        peak: 20 * log10(level.truePeak), by: 20 * log10(Double(work.gain / lower.gain)),
        still: then.level.truePeak > 1 ? 20 * log10(then.level.truePeak) : nil)
    }
  }

  /// Decodes it all; nothing is clipped on the way.
  ///
  /// - Throws: `AudioFileError`, `SignalError`, `CancellationError`.
  func measure(progress: @escaping @Sendable (Double) -> Void) throws -> Found {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    var meter = try PeakMeter(channels: decoder.channels, sampleRate: decoder.sampleRate)
    try decoder.forEachBlock(cancellation: cancellation) { (samples: inout [Float]) in try meter.add(samples) }
    progress(1)
    return Found(level: Survey.Level(meter))
  }

  /// By how much coding raises the true peak of what was limited to full scale, in dB: what three of four such
  /// recordings stayed under (docs/measurements.md). Less is enough for what was not limited.
  static func rise(bitrate: Int, channels: Int, sampleRate: Int) -> Double {
    // As if it were stereo at 44.1 kHz.
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
