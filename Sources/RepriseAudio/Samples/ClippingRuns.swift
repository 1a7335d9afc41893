/// Runs of samples at full scale: three or more in a row are clipping, one or two are peaks.
struct ClippingRuns {
  /// A run of one channel.
  struct Run: Equatable {
    /// Its first frame.
    let start: Int
    /// How many frames it has.
    var count: Int
  }

  /// Samples in runs, of all channels together.
  private(set) var samples = 0
  /// How many runs there are.
  private(set) var count = 0
  /// The first of them.
  private(set) var first: Run?
  /// The longest of them, the first of equals.
  private(set) var longest: Run?

  /// The highest value a 16-bit sample reaches, which is taken for full scale at any width.
  static let fullScale: Float = 32767 / 32768
  private static let shortest = 3

  private let channels: Int
  /// For each channel, the frames at full scale up to now.
  private var lengths: [Int]
  private var areOpen = false

  init(channels: Int) {
    self.channels = channels
    lengths = Array(repeating: 0, count: channels)
  }

  /// Takes in whole frames of which the first is number `frame`.
  ///
  /// - Parameter largest: the largest magnitude among them.
  mutating func add(_ block: Span<Float>, at frame: Int, largest: Float) {
    guard largest >= ClippingRuns.fullScale else {
      if areOpen { close() }
      return
    }
    let bytes = unsafe block.bytes
    let mask = SIMD16<Int32>(repeating: 0x7FFF_FFFF)
    let full = SIMD16<Int32>(repeating: Int32(bitPattern: ClippingRuns.fullScale.bitPattern))
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
    guard magnitude >= ClippingRuns.fullScale else {
      lengths[channel] = 0
      return
    }
    lengths[channel] += 1
    areOpen = true
    // The third makes a run of the two before it as well.
    let length = lengths[channel]
    samples += length > ClippingRuns.shortest ? 1 : length == ClippingRuns.shortest ? length : 0
    guard length >= ClippingRuns.shortest else { return }
    let run = Run(start: frame + 1 - length, count: length)
    if length == ClippingRuns.shortest { count += 1 }
    if length > longest?.count ?? 0 { longest = run }
    // A run of another channel may have begun earlier and grow longer.
    if first == nil || first?.start == run.start { first = run }
  }

  private mutating func close() {
    for channel in 0..<channels { lengths[channel] = 0 }
    areOpen = false
  }
}
