import Foundation

/// Places beats on the onsets, close to a regular period, by dynamic programming (Ellis, Journal of New Music Research
/// 36(1), 2007).
struct BeatTracker: Sendable {
  /// Positions of the beats in the onset envelope, in frames.
  let frames: [Double]

  // Penalty for a beat that is early or late, and the greatest deviation from the tempo.
  private static let tightness: Float = 60
  private static let freedom = 0.18

  /// Places beats.
  ///
  /// - Parameters:
  ///   - envelope: Onset strength, frame by frame.
  ///   - period: The period in frames.
  init(envelope: [Float], period: Double) {
    let count = envelope.count
    let smooth = Self.smoothed(envelope)
    let shortest = max(1, Int((period * (1 - Self.freedom)).rounded(.up)))
    let longest = max(shortest, Int(period * (1 + Self.freedom)))
    let costs = (shortest...longest).map { step -> Float in
      let ratio = Float(log(Double(step) / period))
      return Self.tightness * ratio * ratio
    }
    var score = smooth
    var previous = [Int](repeating: -1, count: count)
    for frame in 0..<count where frame >= shortest {
      var best = -Float.infinity
      var from = -1
      for step in shortest...min(longest, frame) {
        let value = score[frame - step] - costs[step - shortest]
        if value > best {
          best = value
          from = frame - step
        }
      }
      score[frame] = smooth[frame] + best
      previous[frame] = from
    }
    // The last beat is the best of the last period.
    let tail = max(0, count - longest)..<count
    var at = tail.max { score[$0] < score[$1] } ?? -1
    var found: [Int] = []
    while at >= 0 {
      found.append(at)
      at = previous[at]
    }
    found.reverse()
    frames = found.map { Self.refined($0, in: smooth) }
  }

  private static func smoothed(_ values: [Float]) -> [Float] {
    values.indices.map { index in
      let before = values[max(0, index - 1)]
      let after = values[min(values.count - 1, index + 1)]
      return (before + 2 * values[index] + after) / 4
    }
  }

  private static func refined(_ frame: Int, in values: [Float]) -> Double {
    guard frame > 0, frame + 1 < values.count else { return Double(frame) }
    let (left, centre, right) = (values[frame - 1], values[frame], values[frame + 1])
    let curvature = left - 2 * centre + right
    guard curvature < -1e-6 else { return Double(frame) }
    return Double(frame) + Double(max(-0.5, min(0.5, 0.5 * (left - right) / curvature)))
  }
}
