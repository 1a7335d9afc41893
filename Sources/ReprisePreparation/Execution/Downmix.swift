/// A downmix of multichannel audio to stereo.
struct Downmix {
  /// Gains of each input channel in the left and right output channels.
  private let gains: [(left: Float, right: Float)]

  /// Creates a downmix of `channels` channels in the order of WAVE_FORMAT_EXTENSIBLE and FLAC, after ITU-R BS.775-3.
  ///
  /// Front channels have full level, centre, side and back channels −3 dB, and the low-frequency channel is left out;
  /// the gains are scaled so that nothing can clip.
  init(channels: Int) {
    let half = Float(0.5).squareRoot()
    let left = (left: Float(1), right: Float(0))
    let right = (left: Float(0), right: Float(1))
    let centre = (left: half, right: half)
    let backLeft = (left: half, right: Float(0))
    let backRight = (left: Float(0), right: half)
    let low = (left: Float(0), right: Float(0))
    let layout: [(left: Float, right: Float)] =
      switch channels {
      case 1: [(left: 1, right: 1)]
      case 2: [left, right]
      case 3: [left, right, centre]
      case 4: [left, right, backLeft, backRight]
      case 5: [left, right, centre, backLeft, backRight]
      case 6: [left, right, centre, low, backLeft, backRight]
      case 7: [left, right, centre, low, centre, backLeft, backRight]
      case 8: [left, right, centre, low, backLeft, backRight, backLeft, backRight]
      default: (0..<channels).map { $0 % 2 == 0 ? left : right }
      }
    let most = max(layout.reduce(0) { $0 + $1.left }, layout.reduce(0) { $0 + $1.right })
    gains = layout.map { (left: $0.left / most, right: $0.right / most) }
  }

  /// Returns interleaved stereo samples for interleaved frames.
  func mix(_ samples: [Float]) -> [Float] {
    let channels = gains.count
    var result: [Float] = []
    result.reserveCapacity(samples.count / channels * 2)
    for start in stride(from: 0, to: samples.count - channels + 1, by: channels) {
      var left: Float = 0
      var right: Float = 0
      for (channel, gain) in gains.enumerated() {
        left += gain.left * samples[start + channel]
        right += gain.right * samples[start + channel]
      }
      result.append(left)
      result.append(right)
    }
    return result
  }
}
