import AudioFiles

/// The best mp3 that fits.
struct MP3Choice: Equatable {
  /// In Hz.
  let sampleRate: Int
  /// 1 or 2.
  let channels: Int
  /// In bits a second.
  let bitrate: Int
  /// The most bytes it can be.
  let bytes: Int

  /// The sample rate mp3 has for a source's: the same, for more than 48 kHz the one it divides into or 48 kHz, else
  /// the next higher.
  static func sampleRate(for rate: Int) -> Int {
    let known = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000]
    if let same = known.first(where: { $0 >= rate }) { return same }
    return rate % 44100 == 0 ? 44100 : 48000
  }

  /// How much an mp3 is kept under the longest the service takes, in seconds.
  ///
  /// Tools that take no notice of delay and padding see those, 576 samples in front and at most 1727 behind with
  /// LAME, and the header's own frame, 1152 more: under 0.1 s from 44.1 kHz on.
  static func margin(sampleRate: Int) -> Double {
    max(0.1, 3456 / Double(sampleRate))
  }

  /// The highest bit rate whose bytes fit; `nil` if none does.
  init?(sampleRate: Int, channels: Int, seconds: Double, maximumBytes: Int) {
    for bitrate in AudioEncoder.bitrates(sampleRate: sampleRate).reversed() {
      let bytes = MP3Choice.bytes(seconds: seconds, bitrate: bitrate, sampleRate: sampleRate)
      guard bytes <= maximumBytes else { continue }
      self.sampleRate = sampleRate
      self.channels = min(channels, 2)
      self.bitrate = bitrate
      self.bytes = bytes
      return
    }
    return nil
  }

  /// Whether a frame has room for LAME's header (its `LAMEHEADERSIZE`), which holds delay and padding; without it no
  /// decoder can take them off.
  var tellsLength: Bool {
    let isVersion1 = sampleRate >= 32000
    let side = isVersion1 ? (channels == 1 ? 17 : 32) : (channels == 1 ? 9 : 17)
    return (isVersion1 ? 144 : 72) * bitrate / sampleRate >= 4 + side + 156
  }

  /// The delay and padding that stay where the header is missing, in seconds.
  var longestSurplus: Double { 2303 / Double(sampleRate) }

  /// The most bytes an mp3 of a constant bit rate can be: its frames, the header's, and what delay and padding add.
  static func bytes(seconds: Double, bitrate: Int, sampleRate: Int) -> Int {
    let perFrame = sampleRate >= 32000 ? 1152 : 576
    let frames = Int((seconds * Double(sampleRate) / Double(perFrame)).rounded(.up)) + 4
    return frames * perFrame / 8 * bitrate / sampleRate + frames + 1000
  }
}
