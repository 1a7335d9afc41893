import RepriseAudio

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
      let bytes = MP3Choice.bytes(
        seconds: seconds, bitrate: bitrate, sampleRate: sampleRate, channels: min(channels, 2))
      guard bytes <= maximumBytes else { continue }
      self.sampleRate = sampleRate
      self.channels = min(channels, 2)
      self.bitrate = bitrate
      self.bytes = bytes
      return
    }
    return nil
  }

  /// Whether a frame has room for LAME's header, which holds delay and padding; without it no decoder can take them off.
  var tellsLength: Bool { MP3Choice.tellsLength(sampleRate: sampleRate, channels: channels, bitrate: bitrate) }

  private static func tellsLength(sampleRate: Int, channels: Int, bitrate: Int) -> Bool {
    let isVersion1 = sampleRate >= 32000
    let side = isVersion1 ? (channels == 1 ? 17 : 32) : (channels == 1 ? 9 : 17)
    // LAME's LAMEHEADERSIZE behind the frame's own header and side information.
    return (isVersion1 ? 144 : 72) * bitrate / sampleRate >= 4 + side + 156
  }

  /// The delay and padding that stay where the header is missing, in seconds.
  var longestSurplus: Double { 2303 / Double(sampleRate) }

  /// The most bytes LAME's mp3 of a constant bit rate can be, at most a frame's rounding over what it is.
  ///
  /// The encoder delays by 576 samples and pads to whole frames, with at least 576 behind the end; each frame has 144
  /// (72) bytes times bit rate over sample rate on the whole, and the header's own frame is not padded.
  static func bytes(seconds: Double, bitrate: Int, sampleRate: Int, channels: Int) -> Int {
    let isVersion1 = sampleRate >= 32000
    let frameSamples = isVersion1 ? 1152 : 576
    // A resampler may give a sample more.
    let delayed = Int((seconds * Double(sampleRate)).rounded(.up)) + 1 + 576
    var padding = frameSamples - delayed % frameSamples
    if padding < 576 { padding += frameSamples }
    let frames = (delayed + padding) / frameSamples
    let perFrame = (isVersion1 ? 144 : 72) * bitrate
    let audio = (frames * perFrame + sampleRate - 1) / sampleRate
    let hasHeader = tellsLength(sampleRate: sampleRate, channels: channels, bitrate: bitrate)
    return audio + (hasHeader ? perFrame / sampleRate : 0)
  }
}
