import Foundation

/// A detector of the beginning and end of sound, in one pass and without storing samples.
///
/// The level is that of windows of 20 ms: the mean square of the loudest channel about its own mean, so that a constant
/// offset does not count as sound. Sound is where three consecutive windows exceed the level. The edges extend, by at
/// most 0.5 s in front and 1.5 s behind, as far as the level stays within 10 dB below the threshold, so that soft
/// attacks and reverberation tails remain intact, and 50 ms beyond.
struct SoundEdges {
  private let channels: Int
  private let window: Int
  private let high: Double
  private let low: Double
  private let margin: Int
  private let attack: Int
  private let release: Int

  private var sums: [Double]
  private var squares: [Double]
  private var filled = 0
  private var frames = 0
  private var loudest = 0.0
  /// Start of the stretch in which the level has stayed above the lower bound; `nil` outside of such a stretch.
  private var rise: Int?
  private var run = 0
  private var isSound = false
  private var first: Int?
  private var lastHigh = 0
  private var last = 0

  /// Creates a detector.
  ///
  /// - Parameters:
  ///   - channels: The number of channels.
  ///   - sampleRate: The sample rate in Hz.
  ///   - level: The silence threshold in dBFS; a mean square of 1 is 0 dBFS.
  init(channels: Int, sampleRate: Int, level: Double) {
    self.channels = channels
    window = max(sampleRate / 50, 8)
    margin = sampleRate / 20
    attack = sampleRate / 2
    release = sampleRate * 3 / 2
    high = pow(10, level / 10)
    low = high / 10
    sums = Array(repeating: 0, count: channels)
    squares = sums
  }

  /// Adds whole frames of interleaved samples.
  mutating func add(_ interleaved: [Float]) {
    var channel = 0
    for sample in interleaved {
      let value = Double(sample)
      if value.isFinite {
        sums[channel] += value
        squares[channel] += value * value
      }
      channel += 1
      if channel == channels {
        channel = 0
        filled += 1
        if filled == window { close() }
      }
    }
  }

  /// Returns the frames from the first sound to the last, with the margin, and the level of the loudest window in dBFS.
  mutating func finish() -> (frames: Range<Int>?, loudest: Double) {
    if filled > 0 { close() }
    let peak = loudest > 0 ? 10 * log10(loudest) : -.infinity
    guard let first else { return (nil, peak) }
    return (max(first - margin, 0)..<min(last + margin, frames), peak)
  }

  private mutating func close() {
    var power = 0.0
    for channel in 0..<channels {
      let mean = sums[channel] / Double(filled)
      power = max(power, squares[channel] / Double(filled) - mean * mean)
      sums[channel] = 0
      squares[channel] = 0
    }
    loudest = max(loudest, power)
    let start = frames
    frames += filled
    filled = 0
    guard power > low else {
      rise = nil
      run = 0
      isSound = false
      return
    }
    if rise == nil { rise = start }
    run = power > high ? run + 1 : 0
    if run >= 3 {
      isSound = true
      lastHigh = frames
      if first == nil { first = max(rise ?? start, frames - 3 * window - attack) }
    }
    if isSound { last = max(last, min(frames, lastHigh + release)) }
  }
}
