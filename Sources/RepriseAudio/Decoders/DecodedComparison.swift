/// A comparison of samples that another decoder returns with those of our own, block by block.
package final class DecodedComparison {
  /// The result of a comparison.
  package struct Result: Sendable, Equatable {
    /// Index of the first frame that differs, or that only one of the decoders returned; `nil` if there is none.
    package let firstDifference: Int?
    /// Largest difference of a sample that both returned, as a fraction of full scale.
    package let maximumDifference: Double
    /// Number of frames that our own decoder returned.
    package let ownFrames: Int
  }

  private var own: AudioDecoder
  private let tolerance: Float
  private var block: [Float] = []
  private var frames = 0
  private var ownFrames = 0
  private var isAtEnd = false
  private var isComparable = true
  private var firstDifference: Int?
  private var maximum: Float = 0

  /// Begins a comparison with a file's samples.
  ///
  /// - Parameter own: Our own decoder, at the beginning of the file.
  init(_ own: consuming AudioDecoder) {
    tolerance = DecodedComparison.tolerance(own.encoding)
    self.own = own
  }

  /// Largest difference of samples that are taken for the same.
  ///
  /// Integers of up to 24 bits are exact as floats. Decoders of wider ones round differently, and so do those of layer
  /// III: ISO 11172-4 allows 2⁻¹⁴ to a decoder of full accuracy.
  private static func tolerance(_ encoding: SampleEncoding) -> Float {
    switch encoding {
    case .integer(let bits): bits <= 24 ? 0 : 0x1p-23
    case .float(let bits): bits <= 32 ? 0 : 0x1p-23
    case .lossy: 0x1p-14
    }
  }

  /// Compares the next frames, interleaved.
  func add(_ samples: Span<Float>, channels: Int, sampleRate: Int) throws(AudioFileError) {
    guard isComparable else { return }
    guard channels == own.channels, sampleRate == own.sampleRate else { return stop() }
    var place = 0
    while place < samples.count {
      let count = (samples.count - place) / channels
      let got = isAtEnd ? 0 : try own.read(into: &block, frames: min(count, 4096))
      guard got > 0 else {
        isAtEnd = true
        if firstDifference == nil { firstDifference = ownFrames }
        frames += count
        return
      }
      compare(samples.extracting(place..<place + got * channels), channels: channels)
      place += got * channels
      frames += got
      ownFrames += got
    }
  }

  /// Ends the comparison, since what follows has another form; it differs from here on.
  func stop() {
    isComparable = false
    if firstDifference == nil { firstDifference = frames }
  }

  private func compare(_ samples: Span<Float>, channels: Int) {
    for index in 0..<samples.count {
      let difference = abs(samples[index] - block[index])
      // A value that is not a number is within no tolerance, and equal only to another.
      if difference <= tolerance || samples[index].isNaN && block[index].isNaN || samples[index] == block[index] {
        maximum = max(maximum, difference.isNaN ? 0 : difference)
        continue
      }
      maximum = max(maximum, difference.isNaN ? .infinity : difference)
      if firstDifference == nil { firstDifference = ownFrames + index / channels }
    }
  }

  /// Ends the comparison.
  ///
  /// - Returns: The result; `nil` if rate or channels differ from the beginning on.
  func finish() throws(AudioFileError) -> Result? {
    if !isComparable, frames == 0 { return nil }
    if !isAtEnd, isComparable, try own.read(into: &block, frames: 4096) > 0 {
      if firstDifference == nil { firstDifference = frames }
      ownFrames += block.count / own.channels
    }
    while !isAtEnd {
      let got = try own.read(into: &block, frames: 4096)
      if got == 0 { isAtEnd = true }
      ownFrames += got
    }
    return Result(firstDifference: firstDifference, maximumDifference: Double(maximum), ownFrames: ownFrames)
  }
}
