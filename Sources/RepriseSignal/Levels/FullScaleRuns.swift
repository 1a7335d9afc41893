/// Runs of samples at or over a threshold near full scale: three or more in a row of one channel are clipping, one or
/// two are peaks.
package struct FullScaleRuns: Sendable {
  /// A run of one channel.
  package struct Run: Sendable, Equatable {
    /// The first frame.
    package let start: Int
    /// The number of frames.
    package var count: Int
  }

  /// Samples in runs, of all channels together.
  package private(set) var samples = 0
  /// How many runs there are.
  package private(set) var count = 0
  /// The first of them.
  package private(set) var first: Run?
  /// The longest of them, the first of equals.
  package private(set) var longest: Run?

  /// The highest value a 16-bit sample reaches: what a converter or a limiter that clips leaves, at any width.
  package static let sixteenBitFullScale: Float = 32767 / 32768
  /// −0.1 dBFS: what is left of full scale once a lossy codec has been over it.
  package static let codedFullScale: Float = 0.988_553

  /// The fewest samples that make a run.
  package static let shortest = 3

  /// The smallest magnitude that counts.
  package let threshold: Float
  private let channels: Int
  /// For each channel, the frames at full scale up to now.
  private var lengths: [Int]
  private var areOpen = false

  /// No samples yet.
  ///
  /// - Parameters:
  ///   - threshold: The smallest magnitude that counts, as a share of full scale.
  ///   - channels: Samples a frame, 1 or more.
  package init(threshold: Float, channels: Int) {
    self.threshold = threshold
    self.channels = channels
    lengths = Array(repeating: 0, count: channels)
  }

  /// Takes in whole frames of which the first is number `frame`.
  ///
  /// - Parameter largest: the largest magnitude among them.
  package mutating func add(_ block: Span<Float>, at frame: Int, largest: Float) {
    guard largest >= threshold else {
      if areOpen { close() }
      return
    }
    let bytes = unsafe block.bytes
    let mask = SIMD16<Int32>(repeating: 0x7FFF_FFFF)
    let full = SIMD16<Int32>(repeating: Int32(bitPattern: threshold.bitPattern))
    var place = 0
    while place < block.count {
      let end = min(place + 16, block.count)
      if end - place == 16, 16 % channels == 0 {
        let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place * 4, as: SIMD16<Int32>.self) & mask
        if !any(bits .>= full) {
          if areOpen { close() }
          place = end
          continue
        }
      }
      for index in place..<end { add(abs(block[index]), index % channels, frame + index / channels) }
      place = end
    }
  }

  private mutating func add(_ magnitude: Float, _ channel: Int, _ frame: Int) {
    guard magnitude >= threshold else {
      lengths[channel] = 0
      return
    }
    lengths[channel] += 1
    areOpen = true
    // The third makes a run of the two before it as well.
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
