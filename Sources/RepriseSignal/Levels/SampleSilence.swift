/// A detector of stretches in which every sample is below a threshold.
package struct SampleSilence: Sendable {
  /// A stretch of frames.
  package struct Stretch: Sendable, Equatable {
    /// Index of the first frame.
    package let start: Int
    /// Index after the last frame.
    package let end: Int

    /// Creates a stretch.
    package init(start: Int, end: Int) {
      self.start = start
      self.end = end
    }
  }

  /// Threshold of −60 dBFS, the default of ffmpeg's silencedetect.
  package static let quiet: Float = 0.001

  /// Smallest magnitude that is not silent, as a fraction of full scale.
  package let threshold: Float

  /// Shortest reported stretch inside a recording, in seconds.
  package static let shortestInside = 2.0
  /// Shortest reported stretch at the start or end of a recording, in seconds.
  package static let shortestAtEdge = 0.5

  /// Smallest number of frames of a stretch that is kept.
  private let fewest: Int
  /// Largest number of stretches that are kept; `nil` for all.
  private let most: Int?
  /// Completed stretches that are not at the start, the longest ones if there is a bound.
  private var inside: [Stretch] = []
  private var leading: Stretch?
  /// Index of the first frame of the current stretch.
  private var start = 0

  /// Number of stretches inside a recording that are reported, as a conversation has thousands.
  private static let kept = 100
  /// Largest number of frames that may be added at once, as a stretch inside of one block is not seen.
  package static let blockFrames = 256

  /// Creates a detector without samples that keeps the longest hundred stretches.
  ///
  /// - Parameter threshold: The smallest magnitude that is not silent, as a fraction of full scale.
  package init(threshold: Float) {
    self.threshold = threshold
    // Two seconds at the lowest rate at which they are longer than a block.
    fewest = SampleSilence.blockFrames
    most = SampleSilence.kept
  }

  /// Creates a detector without samples that keeps every stretch of a length.
  ///
  /// - Parameters:
  ///   - threshold: The smallest magnitude that is not silent, as a fraction of full scale.
  ///   - fewest: The smallest number of frames of a stretch, at least `blockFrames`.
  package init(threshold: Float, fewest: Int) {
    self.threshold = threshold
    self.fewest = max(fewest, SampleSilence.blockFrames)
    most = nil
  }

  /// Completed stretches that begin behind the first frame and are followed by sound, in order of time.
  package var inner: [Stretch] { inside }

  /// Adds whole frames, at most `blockFrames` of them.
  ///
  /// - Parameters:
  ///   - block: The frames, interleaved.
  ///   - channels: The number of channels.
  ///   - frame: The index of the first of the frames.
  ///   - largest: The largest magnitude among the samples.
  package mutating func add(_ block: Span<Float>, channels: Int, at frame: Int, largest: Float) {
    guard largest >= threshold else { return }
    // Directly after a loud sample, no stretch that ends in the same block is long enough.
    if frame > start || frame == 0 {
      var first = 0
      while first < block.count, abs(block[first]) < threshold { first += 1 }
      close(at: frame + first / channels)
    }
    var last = block.count - 1
    while last > 0, abs(block[last]) < threshold { last -= 1 }
    start = frame + last / channels + 1
  }

  private mutating func close(at end: Int) {
    let stretch = Stretch(start: start, end: end)
    if start == 0, end > 0 {
      leading = stretch
    } else if end - start >= fewest {
      inside.append(stretch)
      if let most, inside.count == 2 * most { inside = longest() }
    }
  }

  private func longest() -> [Stretch] {
    inside.sorted { $0.end - $0.start > $1.end - $1.start }.prefix(SampleSilence.kept).sorted { $0.start < $1.start }
  }

  /// Returns the stretches that are long enough to be reported, in order of time, of a recording of `frames` frames.
  package func all(frames: Int, sampleRate: Int) -> [Stretch] {
    func seconds(_ stretch: Stretch) -> Double { Double(stretch.end - stretch.start) / Double(sampleRate) }
    let trailing = frames > start ? Stretch(start: start, end: frames) : nil
    return [leading].compactMap { $0 }.filter { seconds($0) >= SampleSilence.shortestAtEdge }
      + longest().filter { seconds($0) >= SampleSilence.shortestInside }
      + [trailing].compactMap { $0 }.filter { seconds($0) >= SampleSilence.shortestAtEdge }
  }
}
