import RepriseAudio

/// The MP3 encoding of the highest quality that fits.
struct MP3Choice: Equatable {
  /// Sample rate in Hz.
  let sampleRate: Int
  /// Number of channels, 1 or 2.
  let channels: Int
  /// Bit rate in bit/s.
  let bitrate: Int
  /// Maximum size in bytes.
  let bytes: Int

  /// Returns the MP3 sample rate for a source's sample rate.
  ///
  /// A rate that MP3 supports is kept; above 48 kHz the result is a divisor of the rate or else 48 kHz; otherwise the
  /// next higher rate.
  static func sampleRate(for rate: Int) -> Int {
    let known = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000]
    if let same = known.first(where: { $0 >= rate }) { return same }
    return rate % 44100 == 0 ? 44100 : 48000
  }

  /// Returns the margin of an MP3 file below the service's maximum length, in seconds.
  ///
  /// Tools that ignore delay and padding count these samples, 576 in front and at most 1727 behind with LAME, and the
  /// header's own frame, 1152 more: less than 0.1 s at 44.1 kHz and above.
  static func margin(sampleRate: Int) -> Double {
    max(0.1, 3456 / Double(sampleRate))
  }

  /// Chooses the highest bit rate whose size fits; `nil` if there is none.
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

  /// `true` if a frame has room for LAME's header, which holds delay and padding; without the header no decoder can
  /// remove them.
  var statesLength: Bool { MP3Choice.statesLength(sampleRate: sampleRate, channels: channels, bitrate: bitrate) }

  private static func statesLength(sampleRate: Int, channels: Int, bitrate: Int) -> Bool {
    let isVersion1 = sampleRate >= 32000
    let side = isVersion1 ? (channels == 1 ? 17 : 32) : (channels == 1 ? 9 : 17)
    // LAME's LAMEHEADERSIZE after the frame's own header and side information.
    return (isVersion1 ? 144 : 72) * bitrate / sampleRate >= 4 + side + 156
  }

  /// Delay and padding that remain where the header is missing, in seconds.
  var longestSurplus: Double { 2303 / Double(sampleRate) }

  /// Returns the maximum size in bytes of LAME's MP3 output at a constant bit rate, exact up to the rounding of a
  /// frame.
  ///
  /// The encoder delays by 576 samples and pads to whole frames, with at least 576 samples after the end; a frame has
  /// on average 144 (72) bytes times the bit rate divided by the sample rate, and the header's own frame is not padded.
  static func bytes(seconds: Double, bitrate: Int, sampleRate: Int, channels: Int) -> Int {
    let isVersion1 = sampleRate >= 32000
    let frameSamples = isVersion1 ? 1152 : 576
    // A resampler may produce one additional sample.
    let delayed = Int((seconds * Double(sampleRate)).rounded(.up)) + 1 + 576
    var padding = frameSamples - delayed % frameSamples
    if padding < 576 { padding += frameSamples }
    let frames = (delayed + padding) / frameSamples
    let perFrame = (isVersion1 ? 144 : 72) * bitrate
    let audio = (frames * perFrame + sampleRate - 1) / sampleRate
    let hasHeader = statesLength(sampleRate: sampleRate, channels: channels, bitrate: bitrate)
    return audio + (hasHeader ? perFrame / sampleRate : 0)
  }
}
