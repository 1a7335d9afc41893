/// The bars and beats of a recording, from its beginning to its end, without gaps.
///
/// Where no beats were heard, before the first and after the last, beats are added at the same pace, so that everything
/// heard has a place in a bar. If the recording begins less than half a beat before the first beat that was heard, the
/// beat before it begins earlier than the recording.
package struct BarGrid: Sendable, Equatable {
  /// Times of the beats in seconds, ascending; the first is 0 or negative, the last is the end of the last beat.
  package let times: [Double]
  /// The beats of each bar as indices of `times`: usually `meter` of them, fewer before the first downbeat, and as many as
  /// were heard where a downbeat came early or late.
  package let bars: [Range<Int>]
  /// Number of beats in a usual bar.
  package let meter: Int
  /// Indices of the beats from the first to the last heard; empty if none were.
  package let heard: Range<Int>

  /// Note value of a beat as the lower number of a time signature: 8 in bars of six beats, else 4.
  package var beatUnit: Int { meter == 6 ? 8 : 4 }
  /// Number of sixteenth notes in a beat.
  package var stepsPerBeat: Int { 16 / beatUnit }

  /// Creates the bars of an analysis.
  package init(_ analysis: Analysis) {
    let analysis = analysis.inEighths
    let meter = max(1, min(12, analysis.meter))
    let seconds = analysis.seconds.isFinite ? max(0, analysis.seconds) : 0
    let heard = Self.usable(analysis.beats, seconds: seconds)
    let pace = Self.pace(of: heard, tempo: analysis.tempo)
    var grid = Beats(heard: heard, downbeats: analysis.downbeats, pace: pace)
    grid.begin(at: 0, pace: pace, least: pace / (meter == 6 ? 32 : 64))
    grid.end(at: seconds, pace: pace)
    bars = grid.bars(meter: meter, pace: pace)
    times = grid.times
    self.heard = grid.heard
    self.meter = meter
  }

  /// Returns the place of a time in beats from the first beat, with a fraction; beyond the ends, at the pace of the
  /// nearest beat.
  package func position(of time: Double) -> Double {
    var (low, high) = (0, times.count - 2)
    while low < high {
      let middle = (low + high + 1) / 2
      if times[middle] <= time { low = middle } else { high = middle - 1 }
    }
    return Double(low) + (time - times[low]) / (times[low + 1] - times[low])
  }

  /// Returns the times of the beats that are usable: finite, within the recording, at least 20 ms apart.
  private static func usable(_ beats: [Double], seconds: Double) -> [Double] {
    var result: [Double] = []
    for beat in beats where beat.isFinite && beat >= 0 && beat <= seconds {
      if let last = result.last, beat - last < 0.02 { continue }
      result.append(beat)
    }
    return result
  }

  /// Returns the median time between two beats, or that of the tempo, or half a second, in seconds.
  private static func pace(of beats: [Double], tempo: Double) -> Double {
    let intervals = zip(beats.dropFirst(), beats).map { $0 - $1 }.sorted()
    if !intervals.isEmpty { return min(3, intervals[intervals.count / 2]) }
    return (20...600).contains(tempo) ? 60 / tempo : 0.5
  }
}

/// Beats that are being completed.
private struct Beats {
  var times: [Double]
  var heard: Range<Int>
  private var downbeats: Set<Int> = []

  /// Creates the beats heard, with those that are missing in a pause.
  init(heard beats: [Double], downbeats wanted: [Double], pace: Double) {
    times = []
    for beat in beats {
      if let last = times.last, beat - last > 1.75 * pace {
        let count = Int(((beat - last) / pace).rounded())
        for index in 1..<max(2, count) { times.append(last + (beat - last) * Double(index) / Double(count)) }
      }
      times.append(beat)
    }
    heard = 0..<times.count
    var next = 0
    for downbeat in wanted where downbeat.isFinite {
      while next + 1 < times.count, abs(times[next + 1] - downbeat) <= abs(times[next] - downbeat) { next += 1 }
      if next < times.count, abs(times[next] - downbeat) <= pace / 2 { downbeats.insert(next) }
    }
  }

  /// Adds beats in front, so that the first is at a time, or less than a beat before it.
  ///
  /// - Parameters:
  ///   - time: The time.
  ///   - pace: The duration of a beat.
  ///   - least: The shortest part of a beat; if less precedes the first beat, that is moved to the time.
  mutating func begin(at time: Double, pace: Double, least: Double) {
    guard let first = times.first else {
      times = [time]
      return
    }
    guard first - time > max(0.001, least) else {
      times[0] = time
      return
    }
    // Half a beat or more is stretched to a whole one; of less, a whole one would be too fast.
    let isPart = first - time < pace / 2
    let begin = isPart ? first - pace : time
    let count = max(1, Int(((first - begin) / pace).rounded()))
    times = (0..<count).map { begin + (first - begin) * Double($0) / Double(count) } + times
    heard = heard.lowerBound + count..<heard.upperBound + count
    downbeats = Set(downbeats.map { $0 + count })
  }

  /// Adds beats at the end up to a time, at least one.
  mutating func end(at time: Double, pace: Double) {
    repeat { times.append(times[times.count - 1] + pace) } while times[times.count - 1] < time - 0.001
  }

  /// Divides the beats into bars, adding beats until the last bar is complete.
  mutating func bars(meter: Int, pace: Double) -> [Range<Int>] {
    var bars: [Range<Int>] = []
    let starts = downbeats.isEmpty ? [heard.lowerBound] : downbeats.sorted()
    let pickup = starts[0] % meter
    if pickup > 0 { bars.append(0..<pickup) }
    for start in stride(from: pickup, to: starts[0], by: meter) { bars.append(start..<start + meter) }
    for (index, start) in starts.enumerated() {
      guard index + 1 < starts.count else {
        var next = start
        while next < times.count - 1 {
          while times.count - 1 < next + meter { times.append(times[times.count - 1] + pace) }
          bars.append(next..<next + meter)
          next += meter
        }
        break
      }
      // What is less than two bars is one, of an unusual length.
      var next = start
      while starts[index + 1] - next >= 2 * meter {
        bars.append(next..<next + meter)
        next += meter
      }
      bars.append(next..<starts[index + 1])
    }
    return bars
  }
}
