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

  private let sampleRate: Int
  /// Those that are over and not at the start, the first hundred.
  private var inside: [Stretch] = []
  private var leading: Stretch?
  /// Where the stretch begins that is not over.
  private var start = 0

  private static let kept = 100

  init(sampleRate: Int) { self.sampleRate = sampleRate }

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
    } else if Double(end - start) >= SilentStretches.shortestInside * Double(sampleRate),
      inside.count < SilentStretches.kept
    {
      inside.append(stretch)
    }
  }

  /// All that are long enough to be told, of a recording of so many frames.
  func all(frames: Int) -> [Stretch] {
    let edge = SilentStretches.shortestAtEdge * Double(sampleRate)
    let edges = [leading, frames > start ? Stretch(start: start, end: frames) : nil].map { stretch in
      stretch.flatMap { Double($0.end - $0.start) >= edge ? $0 : nil }
    }
    return [edges[0]].compactMap { $0 } + inside + [edges[1]].compactMap { $0 }
  }
}
