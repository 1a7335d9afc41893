internal import Foundation
internal import RepriseSignal

/// The energy of a recording over frequency bands and time: enough to show that two files hold the same sound.
///
/// A log-mel spectrogram (40 bands, 60 Hz–10 kHz, frames of 93 ms every 46 ms at 22.05 kHz) with each band's mean
/// subtracted, so that another volume or equalisation changes nothing. An unchanged recording, re-encoded, correlates
/// at .95 or more; a cover of it in another arrangement at .4–.55 (engine findings, November 2026).
struct TimbreProfile: ~Copyable {
  static let sampleRate = 22_050.0
  static let window = 2048
  static let hop = 1024
  static let bands = 40
  /// Largest shift that is tried: codecs shift a recording by up to some 50 ms, and people cut off a breath at its
  /// start.
  static let largestShift = 43  // frames: 2 s

  /// Number of frames processed at once, so that memory use does not grow with the input.
  private static let batch = 64

  private var spectrum = ShortTimeSpectrum(window: window, hop: hop)
  private let mel = MelBands(count: bands, lowest: 60, highest: 10_000, size: window, sampleRate: sampleRate)
  private var resampler: StreamResampler
  private var pending: [Float] = []
  private var row: [Float] = []
  private let channels: Int
  /// `frames × bands` log energies in dB.
  private var levels: [Float] = []

  /// Creates a profile of a signal with a channel count and a sample rate in Hz.
  init(channels: Int, sampleRate: Int) throws(SignalError) {
    self.channels = channels
    resampler = try StreamResampler(channels: 1, from: Double(sampleRate), to: Self.sampleRate)
  }

  /// Adds interleaved samples.
  mutating func add(_ interleaved: [Float]) throws(SignalError) {
    let scale = 1 / Float(channels)
    let mono = (0..<interleaved.count / channels).map { frame in
      var sum: Float = 0
      for channel in 0..<channels {
        let sample = interleaved[frame * channels + channel]
        if sample.isFinite { sum += sample }
      }
      return sum * scale
    }
    pending += try resampler.process(mono)
    let span = Self.window + (Self.batch - 1) * Self.hop
    var start = 0
    while pending.count - start >= span {
      measure(Array(pending[start..<start + span]))
      start += Self.batch * Self.hop
    }
    pending.removeFirst(start)
  }

  private mutating func measure(_ signal: [Float]) {
    // Frames that extend beyond either end hold zeros that are not in the recording: only whole ones count.
    let edge = Self.window / 2
    spectrum.forEachFrame(of: signal) { frame, magnitudes in
      let centre = frame * Self.hop
      guard centre >= edge, centre + edge <= signal.count else { return }
      mel.apply(to: magnitudes, into: &row)
      for level in row { levels.append(20 * log10(max(level, 1e-5))) }
    }
  }

  /// Returns the profile's rows, each band's mean subtracted.
  consuming func finish() -> Rows {
    if pending.count >= Self.window { measure(pending) }
    let frames = levels.count / Self.bands
    for band in 0..<Self.bands where frames > 0 {
      var sum = 0.0
      for frame in 0..<frames { sum += Double(levels[frame * Self.bands + band]) }
      let mean = Float(sum / Double(frames))
      for frame in 0..<frames { levels[frame * Self.bands + band] -= mean }
    }
    return Rows(levels: levels)
  }

  /// A finished profile: `frames × bands` levels in dB around each band's mean.
  struct Rows: Sendable {
    let levels: [Float]
    var frames: Int { levels.count / TimbreProfile.bands }

    /// Returns Pearson's correlation with another profile at the best shift within two seconds, −1…1.
    ///
    /// `nil` if the two share fewer than two seconds or one of them never changes.
    func correlation(with other: Rows) -> Double? {
      var best: Double?
      for shift in -TimbreProfile.largestShift...TimbreProfile.largestShift {
        guard let value = correlation(with: other, shiftedBy: shift) else { continue }
        best = max(best ?? -1, value)
      }
      return best
    }

    private func correlation(with other: Rows, shiftedBy shift: Int) -> Double? {
      let first = max(0, shift)
      let last = min(frames, other.frames + shift)
      guard last - first >= TimbreProfile.largestShift else { return nil }
      let bands = TimbreProfile.bands
      let count = (last - first) * bands
      var (sumA, sumB, sumAA, sumBB, sumAB) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for index in 0..<count {
        let a = Double(levels[first * bands + index])
        let b = Double(other.levels[(first - shift) * bands + index])
        sumA += a
        sumB += b
        sumAA += a * a
        sumBB += b * b
        sumAB += a * b
      }
      let size = Double(count)
      let covariance = sumAB - sumA * sumB / size
      let spread = (sumAA - sumA * sumA / size) * (sumBB - sumB * sumB / size)
      guard spread > 0 else { return nil }
      return covariance / spread.squareRoot()
    }
  }
}
