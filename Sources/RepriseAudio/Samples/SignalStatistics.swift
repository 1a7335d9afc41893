internal import RepriseSignal

/// Statistics of samples, gathered while they are decoded.
///
/// To keep up with the fastest decoders, samples are processed in blocks of vectors, and examined one by one only if a
/// block reaches full scale, holds values that are not numbers or adjoins silence.
struct SignalStatistics {
  /// Number of channels.
  let channels: Int
  /// Number of frames.
  private(set) var frames = 0
  /// Largest finite magnitude.
  private(set) var peak: Float = 0
  /// Number of samples that are NaN or infinite.
  private(set) var invalid = 0
  /// Index of the frame of the first such sample.
  private(set) var firstInvalidFrame: Int?
  /// Flat tops.
  private var tops: FlatTops
  /// Facts that tell a faint recording from silence.
  private var faint: FaintSignal
  /// Relations between the channels; over blocks without invalid samples.
  private(set) var relations: ChannelRelations
  /// Silent stretches.
  private(set) var silence = SampleSilence(threshold: SampleSilence.quiet)

  /// Sums of samples: by vector lane if a vector holds whole frames, else by channel.
  private var laneSums = SIMD16<Double>(repeating: 0)
  private var sums: [Double]
  private let fitsVector: Bool
  /// Largest magnitude of each channel in the block that is processed.
  private var peaks: [Float]

  /// Number of blocks of which one is used for the correlation of channels: two, and more.
  private static let correlated = (stereo: 4, more: 16)

  /// Number of frames that are processed together.
  static let blockFrames = 256
  /// Bit pattern of infinity: those of NaN are greater, those of numbers less.
  private static let infinity = Int32(bitPattern: Float.infinity.bitPattern)

  /// Creates statistics without samples.
  ///
  /// - Parameter channels: The number of channels, 1 or more.
  init(channels: Int) {
    self.channels = channels
    sums = Array(repeating: 0, count: channels)
    fitsVector = channels > 0 && 16 % channels == 0
    peaks = sums.map { _ in 0 }
    tops = FlatTops(channels: channels)
    faint = FaintSignal(channels: channels)
    let correlated = SignalStatistics.correlated
    relations = ChannelRelations(channels: channels, every: channels == 2 ? correlated.stereo : correlated.more)
  }

  /// Adds whole frames of interleaved samples.
  mutating func add(_ samples: [Float]) { add(samples.span) }

  /// Adds whole frames of interleaved samples.
  mutating func add(_ samples: Span<Float>) {
    let block = SignalStatistics.blockFrames * channels
    var start = 0
    while start < samples.count {
      let end = min(start + block, samples.count)
      add(samples.extracting(start..<end), frames: (end - start) / channels)
      start = end
    }
  }

  /// Adds whole frames of interleaved, left-justified integers.
  ///
  /// - Parameters:
  ///   - samples: The frames.
  ///   - scratch: A buffer of the caller, so that none need be allocated for each call.
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
      for channel in 0..<channels { peaks[channel] = 0 }
      var channel = 0
      for index in samples.indices {
        let magnitude = abs(samples[index])
        sums[channel] += Double(samples[index])
        if magnitude > peaks[channel] { peaks[channel] = magnitude }
        channel = channel + 1 == channels ? 0 : channel + 1
        if magnitude > largest { largest = magnitude }
        if !magnitude.isFinite { isNumber = false }
      }
    }
    if !isNumber { largest = addInvalid(samples) }
    if largest > peak { peak = largest }
    tops.add(samples, at: frames, peaks: peaks)
    if isNumber { relations.add(samples, peaks: peaks) }
    faint.add(samples, largest: largest)
    silence.add(samples, channels: channels, at: frames, largest: largest)
    frames += count
  }

  /// Adds to the sums, sets the peaks of the channels and returns the largest magnitude, unless there is a sample that
  /// is not a number.
  private mutating func addVectors(_ samples: Span<Float>) -> (Float, Bool) {
    let bytes = unsafe samples.bytes
    var high = SIMD16<Int32>(repeating: 0)
    var sum = SIMD16<Float>(repeating: 0)
    let mask = SIMD16<Int32>(repeating: 0x7FFF_FFFF)
    var offset = 0
    let end = bytes.byteCount - 64
    while offset <= end {
      // The largest magnitude is that of the bit patterns without their sign: integers, which the oldest processors can
      // compare, and among which values that are not numbers stand out.
      let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<Int32>.self) & mask
      high.replace(with: bits, where: bits .> high)
      sum += unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
      offset += 64
    }
    laneSums += SIMD16<Double>(sum)
    for index in offset / 4..<samples.count {
      let bits = Int32(bitPattern: samples[index].bitPattern & 0x7FFF_FFFF)
      if bits > high[index & 15] { high[index & 15] = bits }
      laneSums[index & 15] += Double(samples[index])
    }
    for channel in 0..<channels {
      var most: Int32 = 0
      for lane in stride(from: channel, to: 16, by: channels) { most = max(most, high[lane]) }
      peaks[channel] = Float(bitPattern: UInt32(bitPattern: most))
    }
    let largest = high.max()
    return (Float(bitPattern: UInt32(bitPattern: largest)), largest < SignalStatistics.infinity)
  }

  /// Counts the values of a block that are not numbers and returns the largest magnitude of the others.
  private mutating func addInvalid(_ samples: Span<Float>) -> Float {
    var largest: Float = 0
    for channel in 0..<channels { peaks[channel] = 0 }
    for index in samples.indices {
      let magnitude = abs(samples[index])
      if magnitude.isFinite {
        largest = max(largest, magnitude)
        peaks[index % channels] = max(peaks[index % channels], magnitude)
      } else {
        invalid += 1
        if firstInvalidFrame == nil { firstInvalidFrame = frames + index / channels }
      }
    }
    return largest
  }

  /// `true` if a sample is so loud that the recording is not silent, whatever else it holds.
  var isAudible: Bool { peak >= FaintSignal.audible }

  /// `true` if the recording is silent, as `FaintSignal` defines it.
  var isSilent: Bool { faint.isSilent }

  /// Flat tops at the ceiling of the recording.
  var clipping: FlatTops.Tally { tops.found(frames: frames) }

  /// Returns the fraction of samples in flat tops.
  func share(of clipping: FlatTops.Tally) -> Double {
    frames == 0 ? 0 : Double(clipping.samples) / Double(frames * channels)
  }

  /// Mean of every channel, as a fraction of full scale; `nil` if samples are not numbers, or so large that sums are
  /// not.
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
