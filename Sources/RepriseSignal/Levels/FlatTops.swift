/// A detector of clipping: runs of three or more equal samples of one channel at the ceiling of the recording.
///
/// A converter or limiter that runs out of range cuts peaks off, so that they are flat and end in corners. The ceiling
/// is full scale in most recordings, but may be any level in floats and in recordings whose level was changed
/// afterwards. A peak over full scale that is not flat is headroom, and a peak that is flat only because its samples
/// are coarse is none either:
///
/// - Samples are equal if they differ by less than 2⁻¹⁴ of the level (0.0005 dB): a step of 16 bits, or the
///   dither of a wider encoding.
/// - A run has a corner if, on one of its sides, the next sample is lower by more than four times that, or four steps of
///   the encoding, where a smooth peak is lower by four at most.
/// - Below full scale, where synthesised sounds also have flat tops, the slope has to go on behind the corner, which it
///   does not in a square wave, the level must have 256 steps of the encoding, as one of 8 bits or a faint one of 16 has
///   not, and there must be ten such runs that hold more than one thousandth of all samples.
package struct FlatTops: Sendable {
  /// The runs of one kind.
  package struct Tally: Sendable, Equatable {
    /// Number of samples in the runs.
    package private(set) var samples = 0
    /// Number of runs.
    package private(set) var count = 0
    /// First run.
    package private(set) var first: FullScaleRuns.Run?
    /// Longest run; the first among equals.
    package private(set) var longest: FullScaleRuns.Run?
    /// Largest magnitude of the runs, as a fraction of full scale.
    package private(set) var level: Float = 0

    fileprivate mutating func add(_ run: FullScaleRuns.Run, level: Float) {
      samples += run.count
      count += 1
      if run.start < first?.start ?? .max { first = run }
      if run.count > longest?.count ?? 0 { longest = run }
      self.level = max(self.level, level)
    }

    fileprivate mutating func add(_ other: Tally) {
      samples += other.samples
      count += other.count
      if let run = other.first, run.start < first?.start ?? .max { first = run }
      if let run = other.longest, run.count > longest?.count ?? 0 { longest = run }
      level = max(level, other.level)
    }
  }

  /// Smallest number of samples in a run.
  package static let shortest = 3
  /// Largest difference of equal samples, as a fraction of their level.
  package static let tolerance: Float = 0x1p-14
  /// Level that a full-scale integer of 16 bits has; wider encodings and floats go to 1.
  package static let fullScale = FullScaleRuns.sixteenBitFullScale
  /// Steps of integers of 8, 16 and 24 bits.
  private static let steps: [Float] = [0x1p-7, 0x1p-15, 0x1p-23]
  /// Smallest number of steps of a level below full scale.
  private static let fewestSteps: Float = 256
  /// Smallest number of runs below full scale.
  private static let fewestBelow = 10
  /// Fraction of all samples that runs below full scale must exceed.
  private static let leastShareBelow = 0.001

  private let channels: Int
  private var tops: [Top]

  /// Creates a detector without samples.
  ///
  /// - Parameter channels: The number of channels, 1 or more.
  package init(channels: Int) {
    self.channels = channels
    tops = Array(repeating: Top(), count: channels)
  }

  /// Adds whole frames.
  ///
  /// - Parameters:
  ///   - block: The frames, interleaved.
  ///   - frame: The index of the first of the frames.
  ///   - peaks: The largest magnitude of each channel in the block that is a number.
  package mutating func add(_ block: Span<Float>, at frame: Int, peaks: [Float]) {
    guard block.count >= channels else { return }
    for channel in 0..<channels { tops[channel].add(block, channel, channels, frame, peak: peaks[channel]) }
  }

  /// Returns the runs of all channels of a recording of `frames` frames.
  package func found(frames: Int) -> Tally {
    var all = Tally()
    var below = Tally()
    for var top in tops {
      top.finish()
      all.add(top.full)
      if top.ceiling < FlatTops.fullScale { below.add(top.own) } else { all.add(top.own) }
    }
    if below.count >= FlatTops.fewestBelow,
      Double(below.samples) > FlatTops.leastShareBelow * Double(frames) * Double(channels)
    {
      all.add(below)
    }
    return all
  }
}

extension FlatTops {
  /// The flat tops of one channel.
  private struct Top: Sendable {
    /// A run of equal samples, and what lies around it; values that do not exist are not numbers.
    struct Candidate: Sendable {
      var run: FullScaleRuns.Run
      let sign: Float
      var low: Float
      var high: Float
      /// Sample in front, and the one in front of that.
      let before: (Float, Float)
      /// Sample behind; `nil` until it is known.
      var after: Float?
    }

    /// Largest magnitude up to now.
    private(set) var ceiling: Float = 0
    /// Runs at full scale.
    private(set) var full = Tally()
    /// Runs at the ceiling, if that is not full scale.
    private(set) var own = Tally()

    private var last: (Float, Float) = (.nan, .nan)
    private var open: Candidate?
    private var closed: Candidate?

    mutating func add(_ block: Span<Float>, _ channel: Int, _ channels: Int, _ frame: Int, peak: Float) {
      if peak > ceiling {
        // What was flat below the new ceiling was no clipping.
        if peak > ceiling * (1 + FlatTops.tolerance) { own = Tally() }
        ceiling = peak
      }
      let floor = min(ceiling * (1 - FlatTops.tolerance), FlatTops.fullScale)
      if peak >= floor, peak > 0 || open != nil || closed != nil {
        var index = channel
        var place = frame
        while index < block.count {
          take(block[index], place, floor)
          index += channels
          place += 1
        }
      } else if open != nil || closed != nil {
        // A run ends within the samples that follow it directly.
        var index = channel
        var place = frame
        while index < block.count, open != nil || closed != nil {
          take(block[index], place, floor)
          index += channels
          place += 1
        }
      }
      let end = block.count - channels + channel
      last = (block[end], end >= channels ? block[end - channels] : last.0)
    }

    private mutating func take(_ sample: Float, _ frame: Int, _ floor: Float) {
      if closed != nil {
        if let after = closed?.after {
          settle(after: (after, sample))
        } else {
          closed?.after = sample
        }
      }
      let magnitude = abs(sample)
      if let run = open {
        let (low, high) = (min(run.low, magnitude), max(run.high, magnitude))
        if sample * run.sign > 0, high - low <= high * FlatTops.tolerance {
          open?.low = low
          open?.high = high
          open?.run.count += 1
          last = (sample, last.0)
          return
        }
        open = nil
        if run.run.count >= FlatTops.shortest {
          if closed != nil { settle(after: (.nan, .nan)) }
          closed = run
          closed?.after = sample
        }
      }
      if magnitude >= floor, magnitude.isFinite, magnitude > 0 {
        open = Candidate(
          run: FullScaleRuns.Run(start: frame, count: 1), sign: sample < 0 ? -1 : 1, low: magnitude, high: magnitude,
          before: last)
      }
      last = (sample, last.0)
    }

    mutating func finish() {
      if let run = open, run.run.count >= FlatTops.shortest {
        if closed != nil { settle(after: (.nan, .nan)) }
        closed = run
      }
      open = nil
      if closed != nil { settle(after: (closed?.after ?? .nan, .nan)) }
    }

    /// Judges the closed run, whose surroundings are known.
    private mutating func settle(after: (Float, Float)) {
      guard let run = closed else { return }
      closed = nil
      let level = run.high
      let isFull = level >= FlatTops.fullScale && level <= 1 + 2 * FlatTops.tolerance
      guard isFull || level >= ceiling * (1 - FlatTops.tolerance) else { return }
      let sides: [Side] = [run.before, after].map { Side(next: $0.0 * run.sign, second: $0.1 * run.sign) }
      let samples: [Float] = [level] + sides.flatMap { [$0.next, $0.second] }
      let step =
        FlatTops.steps.first { step in samples.allSatisfy { $0.isNaN || $0 / step == ($0 / step).rounded() } } ?? 0
      let corner: Float = 4 * max(step, level * FlatTops.tolerance)
      let isClipped: Bool
      if level >= FlatTops.fullScale {
        // The beginning and the end of a recording may lie inside of a run.
        isClipped = sides.contains { $0.next.isNaN || level - $0.next > corner }
      } else {
        isClipped = level >= FlatTops.fewestSteps * step && sides.contains { $0.isSlope(from: level, corner: corner) }
      }
      guard isClipped else { return }
      if isFull { full.add(run.run, level: level) } else { own.add(run.run, level: level) }
    }

    /// The two samples next to a run on one of its sides, positive towards the run; not numbers if there are none.
    private struct Side {
      let next: Float
      let second: Float

      /// Returns `true` if the signal falls by more than `corner` and goes on falling.
      func isSlope(from level: Float, corner: Float) -> Bool {
        level - next > corner && next - second >= (level - next) / 2
      }
    }
  }
}
