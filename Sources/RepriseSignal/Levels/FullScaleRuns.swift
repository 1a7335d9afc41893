/// A detector of runs of samples at or above a threshold near full scale: three or more consecutive samples of one
/// channel are clipping, one or two are peaks.
package struct FullScaleRuns: Sendable {
  /// A run of one channel.
  package struct Run: Sendable, Equatable {
    /// Index of the first frame.
    package let start: Int
    /// Number of frames.
    package var count: Int
  }

  /// Number of samples in runs, over all channels.
  package private(set) var samples = 0
  /// Number of runs.
  package private(set) var count = 0
  /// First run.
  package private(set) var first: Run?
  /// Longest run; the first among equals.
  package private(set) var longest: Run?

  /// Highest value of a 16-bit sample, which a clipping converter or limiter leaves at any width.
  package static let sixteenBitFullScale: Float = 32767 / 32768
  /// Threshold of −0.1 dBFS, for full scale after a lossy codec.
  package static let codedFullScale: Float = 0.988_553

  /// Smallest number of samples in a run.
  package static let shortest = 3

  /// Smallest magnitude that counts, as a fraction of full scale.
  package let threshold: Float
  private let channels: Int
  /// Number of consecutive frames at full scale up to now, for each channel.
  private var lengths: [Int]
  private var areOpen = false

  /// Creates a detector without samples.
  ///
  /// - Parameters:
  ///   - threshold: The smallest magnitude that counts, as a fraction of full scale.
  ///   - channels: The number of channels, 1 or more.
  package init(threshold: Float, channels: Int) {
    self.threshold = threshold
    self.channels = channels
    lengths = Array(repeating: 0, count: channels)
  }

  /// Adds whole frames.
  ///
  /// - Parameters:
  ///   - block: The frames, interleaved.
  ///   - frame: The index of the first of the frames.
  ///   - largest: The largest magnitude among the samples.
  package mutating func add(_ block: Span<Float>, at frame: Int, largest: Float) {
    guard largest >= threshold else {
      if areOpen { close() }
      return
    }
    let bytes = unsafe block.bytes
    let mask = SIMD16<Int32>(repeating: 0x7FFF_FFFF)
    let full = SIMD16<Int32>(repeating: Int32(bitPattern: threshold.bitPattern))
    var offset = 0
    while offset < block.count {
      let end = min(offset + 16, block.count)
      if end - offset == 16, 16 % channels == 0 {
        let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset * 4, as: SIMD16<Int32>.self) & mask
        if !any(bits .>= full) {
          if areOpen { close() }
          offset = end
          continue
        }
      }
      for index in offset..<end { add(abs(block[index]), index % channels, frame + index / channels) }
      offset = end
    }
  }

  private mutating func add(_ magnitude: Float, _ channel: Int, _ frame: Int) {
    guard magnitude >= threshold else {
      lengths[channel] = 0
      return
    }
    lengths[channel] += 1
    areOpen = true
    // The third sample makes the two before it part of a run as well.
    let length = lengths[channel]
    samples += length > FullScaleRuns.shortest ? 1 : length == FullScaleRuns.shortest ? length : 0
    guard length >= FullScaleRuns.shortest else { return }
    let run = Run(start: frame + 1 - length, count: length)
    if length == FullScaleRuns.shortest { count += 1 }
    if length > longest?.count ?? 0 { longest = run }
    // A run of another channel may have begun earlier and grow longer.
    if first == nil || first?.start == run.start { first = run }
  }

  private mutating func close() {
    for channel in 0..<channels { lengths[channel] = 0 }
    areOpen = false
  }
}
