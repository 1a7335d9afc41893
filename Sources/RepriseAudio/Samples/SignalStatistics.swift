internal import RepriseSignal

/// What is worth knowing of the samples themselves, gathered in passing.
///
/// It has to keep up with the fastest decoders: samples are taken in blocks of vectors, and looked at one by one only
/// where a block reaches full scale, holds what is no number or borders on silence.
struct SignalStatistics {
  /// Samples a frame.
  let channels: Int
  /// Frames seen.
  private(set) var frames = 0
  /// The largest finite magnitude.
  private(set) var peak: Float = 0
  /// Samples that are NaN or infinite.
  private(set) var invalid = 0
  /// The frame of the first such sample.
  private(set) var firstInvalidFrame: Int?
  /// Runs at full scale.
  private(set) var clipping: FullScaleRuns
  /// Stretches in which nothing is heard.
  private(set) var silence = SampleSilence(threshold: SampleSilence.quiet)

  /// Sums of samples: lane by lane where whole frames fit in a vector, else by channel.
  private var laneSums = SIMD16<Double>(repeating: 0)
  private var sums: [Double]
  private let fitsVector: Bool

  /// Frames that are looked at together.
  static let blockFrames = 256
  /// The bit pattern of infinity: those of NaN come behind it, those of numbers before.
  private static let infinity = Int32(bitPattern: Float.infinity.bitPattern)

  /// Nothing seen yet.
  ///
  /// - Parameter channels: samples a frame, 1 or more.
  init(channels: Int) {
    self.channels = channels
    sums = Array(repeating: 0, count: channels)
    fitsVector = channels > 0 && 16 % channels == 0
    clipping = FullScaleRuns(threshold: FullScaleRuns.sixteenBitFullScale, channels: channels)
  }

  /// Takes in whole frames of interleaved samples.
  mutating func add(_ samples: [Float]) { add(samples.span) }

  /// Takes in whole frames of interleaved samples.
  mutating func add(_ samples: Span<Float>) {
    let block = SignalStatistics.blockFrames * channels
    var place = 0
    while place < samples.count {
      let end = min(place + block, samples.count)
      add(samples.extracting(place..<end), frames: (end - place) / channels)
      place = end
    }
  }

  /// Takes in whole frames of interleaved, left-justified integers.
  ///
  /// - Parameter scratch: the caller's, so that it need not be made anew each time.
  mutating func add(_ samples: [Int32], scratch: inout [Float]) {
    if scratch.count != samples.count { scratch = [Float](repeating: 0, count: samples.count) }
    let scale = Float(1) / 2_147_483_648
    convert(samples.span, scratch.mutableSpan, scale)
    add(scratch.span)
  }

  private func convert(_ source: Span<Int32>, _ target: consuming MutableSpan<Float>, _ scale: Float) {
    let count = min(source.count, target.count)
    for index in 0..<count { target[index] = Float(source[index]) * scale }
  }

  private mutating func add(_ samples: Span<Float>, frames count: Int) {
    var largest: Float
    var isNumber = true
    if fitsVector {
      (largest, isNumber) = addVectors(samples)
    } else {
      largest = 0
      var channel = 0
      for index in samples.indices {
        let magnitude = abs(samples[index])
        sums[channel] += Double(samples[index])
        channel = channel + 1 == channels ? 0 : channel + 1
        if magnitude > largest { largest = magnitude }
        if !magnitude.isFinite { isNumber = false }
      }
    }
    if !isNumber { largest = addInvalid(samples) }
    if largest > peak { peak = largest }
    clipping.add(samples, at: frames, largest: largest)
    silence.add(samples, channels: channels, at: frames, largest: largest)
    frames += count
  }

  /// Sums, and the largest magnitude, unless there is one that is no number.
  private mutating func addVectors(_ samples: Span<Float>) -> (Float, Bool) {
    let bytes = unsafe samples.bytes
    var high = SIMD16<Int32>(repeating: 0)
    var sum = SIMD16<Float>(repeating: 0)
    let mask = SIMD16<Int32>(repeating: 0x7FFF_FFFF)
    var offset = 0
    let end = bytes.byteCount - 64
    while offset <= end {
      // The largest magnitude is that of the bit patterns without their sign: integers, of which the oldest
      // processors have a comparison, and among which what is no number shows itself.
      let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<Int32>.self) & mask
      high.replace(with: bits, where: bits .> high)
      sum += unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
      offset += 64
    }
    laneSums += SIMD16<Double>(sum)
    var largest = high.max()
    for index in offset / 4..<samples.count {
      largest = max(largest, Int32(bitPattern: samples[index].bitPattern & 0x7FFF_FFFF))
      laneSums[index & 15] += Double(samples[index])
    }
    return (Float(bitPattern: UInt32(bitPattern: largest)), largest < SignalStatistics.infinity)
  }

  /// Counts what is no number in a block; returns the largest magnitude of what is one.
  private mutating func addInvalid(_ samples: Span<Float>) -> Float {
    var largest: Float = 0
    for index in samples.indices {
      let magnitude = abs(samples[index])
      if magnitude.isFinite {
        largest = max(largest, magnitude)
      } else {
        invalid += 1
        if firstInvalidFrame == nil { firstInvalidFrame = frames + index / channels }
      }
    }
    return largest
  }

  /// −80 dBFS: a recording that stays under it holds nothing.
  static let silentPeak: Float = 0.0001

  /// Whether nothing is louder than −80 dBFS.
  var isSilent: Bool { peak < SignalStatistics.silentPeak }

  /// The share of samples that stand in runs at full scale.
  var clippedShare: Double { frames == 0 ? 0 : Double(clipping.samples) / Double(frames * channels) }

  /// The mean of every channel, in shares of full scale; `nil` where samples are no numbers, or so large that sums of
  /// some are none.
  var means: [Double]? {
    guard frames > 0, invalid == 0 else { return nil }
    let means = (0..<channels).map { channel in
      guard fitsVector else { return sums[channel] / Double(frames) }
      var sum = 0.0
      for lane in stride(from: channel, to: 16, by: channels) { sum += laneSums[lane] }
      return sum / Double(frames)
    }
    return means.allSatisfy(\.isFinite) ? means : nil
  }
}
