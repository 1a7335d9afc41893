/// Stretches in which no sample is louder than −60 dBFS.
struct SilentStretches {
  /// A stretch of frames.
  struct Stretch: Equatable {
    /// Its first frame.
    let start: Int
    /// The frame behind its last one.
    let end: Int
  }

  /// The loudest that is silence: −60 dBFS, as ffmpeg's silencedetect has it.
  static let level: Float = 0.001

  /// The shortest that is told inside a recording, and at its start and end, in seconds.
  static let shortestInside = 2.0
  static let shortestAtEdge = 0.5

  /// Those that are over and not at the start; the longest, as a conversation has thousands.
  private var inside: [Stretch] = []
  private var leading: Stretch?
  /// Where the stretch begins that is not over.
  private var start = 0

  /// Fewer frames are not kept: two seconds at 2 kHz.
  private static let fewest = 4000
  private static let kept = 100

  /// Takes in whole frames of which the first is number `frame`.
  ///
  /// - Parameter largest: the largest magnitude among them.
  mutating func add(_ block: Span<Float>, channels: Int, at frame: Int, largest: Float) {
    guard largest >= SilentStretches.level else { return }
    // Directly behind a loud sample no stretch is long enough that ends in the same block.
    if frame > start || frame == 0 {
      var first = 0
      while first < block.count, abs(block[first]) < SilentStretches.level { first += 1 }
      close(at: frame + first / channels)
    }
    var last = block.count - 1
    while last > 0, abs(block[last]) < SilentStretches.level { last -= 1 }
    start = frame + last / channels + 1
  }

  private mutating func close(at end: Int) {
    let stretch = Stretch(start: start, end: end)
    if start == 0, end > 0 {
      leading = stretch
    } else if end - start >= SilentStretches.fewest {
      inside.append(stretch)
      if inside.count == 2 * SilentStretches.kept { inside = longest() }
    }
  }

  private func longest() -> [Stretch] {
    inside.sorted { $0.end - $0.start > $1.end - $1.start }.prefix(SilentStretches.kept).sorted { $0.start < $1.start }
  }

  /// All that are long enough to be told, in the order of time, of a recording of so many frames.
  func all(frames: Int, sampleRate: Int) -> [Stretch] {
    func seconds(_ stretch: Stretch) -> Double { Double(stretch.end - stretch.start) / Double(sampleRate) }
    let trailing = frames > start ? Stretch(start: start, end: frames) : nil
    return [leading].compactMap { $0 }.filter { seconds($0) >= SilentStretches.shortestAtEdge }
      + longest().filter { seconds($0) >= SilentStretches.shortestInside }
      + [trailing].compactMap { $0 }.filter { seconds($0) >= SilentStretches.shortestAtEdge }
  }
}
