package import RepriseAudio

/// The outline of a recording: the lowest and the highest sample of each of many equal spans.
package struct Waveform: Sendable, Equatable {
  /// The lowest samples, −1…0.
  package let lowest: [Float]
  /// The highest samples, 0…1.
  package let highest: [Float]

  /// Outline of nothing.
  package static let empty = Waveform(lowest: [], highest: [])

  private init(lowest: [Float], highest: [Float]) { (self.lowest, self.highest) = (lowest, highest) }

  /// Creates the outline of a recording over all channels, relative to its loudest sample.
  ///
  /// - Parameters:
  ///   - audio: The recording.
  ///   - count: The number of spans.
  package init(_ audio: AudioBuffer, count: Int) {
    let spans = max(1, min(count, audio.frames))
    guard audio.frames > 0 else {
      self = .empty
      return
    }
    var (low, high) = ([Float](repeating: 0, count: spans), [Float](repeating: 0, count: spans))
    for span in 0..<spans {
      let from = audio.frames * span / spans * audio.channels
      let to = audio.frames * (span + 1) / spans * audio.channels
      for sample in audio.samples[from..<to] where sample.isFinite {
        low[span] = min(low[span], sample)
        high[span] = max(high[span], sample)
      }
    }
    let peak = max(high.max() ?? 0, -(low.min() ?? 0))
    let scale = peak > 0 ? 1 / peak : 0
    self.init(lowest: low.map { $0 * scale }, highest: high.map { $0 * scale })
  }
}
