/// Stretches in which every sample stays under a threshold.
package struct SampleSilence: Sendable {
  /// A stretch of frames.
  package struct Stretch: Sendable, Equatable {
    /// The first frame.
    package let start: Int
    /// The frame behind the last one.
    package let end: Int
  }

  /// −60 dBFS, as ffmpeg's silencedetect has it.
  package static let quiet: Float = 0.001

  /// The magnitude from which on a sample is heard.
  package let threshold: Float

  /// The shortest that is told inside a recording, in seconds.
  package static let shortestInside = 2.0
  /// The shortest that is told at its start and end, in seconds.
  package static let shortestAtEdge = 0.5

  /// Those that are over and not at the start; the longest, as a conversation has thousands.
  private var inside: [Stretch] = []
  private var leading: Stretch?
  /// Where the stretch begins that is not over.
  private var start = 0

  /// Fewer frames are not kept: two seconds at 2 kHz.
  private static let fewest = 4000
  private static let kept = 100

  /// No samples yet.
  ///
  /// - Parameter threshold: The magnitude from which on a sample is heard, as a share of full scale.
  package init(threshold: Float) { self.threshold = threshold }

  /// Takes in whole frames of which the first is number `frame`.
  ///
  /// - Parameter largest: the largest magnitude among them.
  package mutating func add(_ block: Span<Float>, channels: Int, at frame: Int, largest: Float) {
    guard largest >= threshold else { return }
    // Directly behind a loud sample no stretch is long enough that ends in the same block.
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
    } else if end - start >= SampleSilence.fewest {
      inside.append(stretch)
      if inside.count == 2 * SampleSilence.kept { inside = longest() }
    }
  }

  private func longest() -> [Stretch] {
    inside.sorted { $0.end - $0.start > $1.end - $1.start }.prefix(SampleSilence.kept).sorted { $0.start < $1.start }
  }

  /// All that are long enough to be told, in the order of time, of a recording of so many frames.
  package func all(frames: Int, sampleRate: Int) -> [Stretch] {
    func seconds(_ stretch: Stretch) -> Double { Double(stretch.end - stretch.start) / Double(sampleRate) }
    let trailing = frames > start ? Stretch(start: start, end: frames) : nil
    return [leading].compactMap { $0 }.filter { seconds($0) >= SampleSilence.shortestAtEdge }
      + longest().filter { seconds($0) >= SampleSilence.shortestInside }
      + [trailing].compactMap { $0 }.filter { seconds($0) >= SampleSilence.shortestAtEdge }
  }
}
