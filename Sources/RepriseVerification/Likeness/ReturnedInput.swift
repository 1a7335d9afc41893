import Foundation
import RepriseAnalysis
import RepriseSystem

/// Whether a cover is the reference itself: the agreement of their fine structures, aligned.
struct ReturnedInput: Sendable {
  /// The median over windows of the correlation at the best offset, −1…1.
  var value: Double
  /// The same at places that do not belong together.
  var chance: Double

  private static let window = 2.0
  private static let lags = 6
  /// Frames of the structure at which nothing belongs together: half a second on, and no beat of any likely tempo.
  private static let wrong = [31, -37]

  /// Compares the structures along a map; without a map, at the same times and up to three seconds apart.
  ///
  /// - Returns: nil if there is too little to compare.
  /// - Throws: `CancellationError`.
  init?(
    _ reference: FineStructure, _ cover: FineStructure, map: TimeMap?, transposition: Int, cancellation: Cancellation
  ) throws {
    let rate = FineStructure.rate
    var windows = Self.windows(of: map)
    var lags = Self.lags
    if windows.isEmpty {
      let seconds = Double(min(reference.frames, cover.frames)) / rate
      windows = stride(from: 0, to: seconds - Self.window, by: Self.window).map {
        Window(cover: $0, reference: $0, slope: 1)
      }
      lags = Int(3 * rate)
    }
    // A few dozen windows tell as much as all.
    let every = max(1, windows.count / 40)
    windows = stride(from: 0, to: windows.count, by: every).map { windows[$0] }
    guard windows.count >= 2 else { return nil }
    var best: (value: Double, chance: Double)?
    for shift in Set([0, transposition - 1, transposition, transposition + 1]).sorted() where abs(shift) <= 6 {
      var right: [Double] = []
      var wrong: [Double] = []
      for window in windows {
        try cancellation.check()
        let piece = Self.piece(window, reference, cover, shift: shift, reach: lags)
        guard let found = piece.best(in: -lags...lags) else { continue }
        right.append(found)
        if map == nil { continue }
        for place in Self.wrong {
          let moved = Window(
            cover: window.cover, reference: window.reference + Double(place) / rate, slope: window.slope)
          if let other = Self.piece(moved, reference, cover, shift: shift, reach: lags).best(in: -lags...lags) {
            wrong.append(other)
          }
        }
      }
      guard right.count >= 2 else { continue }
      let value = right.quantile(0.5)
      if value > best?.value ?? -1 { best = (value, wrong.quantile(0.5)) }
    }
    guard let best else { return nil }
    value = best.value
    chance = best.chance
  }

  private struct Window {
    /// Start in the cover, in seconds.
    var cover: Double
    /// Start in the reference.
    var reference: Double
    /// Seconds of the reference in a second of the cover.
    var slope: Double
  }

  private static func windows(of map: TimeMap?) -> [Window] {
    guard let map else { return [] }
    var result: [Window] = []
    for run in map.runs {
      var time = run.coverStart
      while time + window <= run.coverEnd {
        let start = run.reference(at: time)
        let slope = (run.reference(at: time + window) - start) / window
        // The slope of two seconds is less certain than that of all.
        result.append(
          Window(cover: time, reference: start, slope: abs(slope / map.tempoRatio - 1) < 0.03 ? slope : map.tempoRatio))
        time += window
      }
    }
    return result
  }

  /// A window of the cover and the frames of the reference that go with it at a lag.
  private struct Piece {
    var one: [Float] = []
    var other: [Float] = []
    var bands = 0
    var frames = 0
    var reach = 0

    /// Returns the best correlation at a lag of some frames.
    func best(in lags: ClosedRange<Int>) -> Double? {
      var result: Double?
      let count = frames * bands
      guard count > 0 else { return nil }
      for lag in lags {
        let sums = Kernels.moments(one, at: (lag + reach) * bands, other, at: 0, count: count)
        let size = Float(count)
        let common = sums.ab - sums.a * sums.b / size
        let spread = (sums.aa - sums.a * sums.a / size) * (sums.bb - sums.b * sums.b / size)
        guard spread > 1e-3 else { continue }
        result = max(result ?? -1, Double(common / spread.squareRoot()))
      }
      return result
    }
  }

  // The reference's frames are laid out at the cover's tempo, with `reach` more on either side.
  private static func piece(
    _ window: Window, _ reference: FineStructure, _ cover: FineStructure, shift: Int, reach: Int
  ) -> Piece {
    let rate = FineStructure.rate
    let frames = Int(Self.window * rate)
    let first = Int((window.cover * rate).rounded())
    guard first >= 0, first + frames <= cover.frames else { return Piece() }
    let bands = FineStructure.bands - abs(shift)
    let (low, high) = (max(0, -shift), max(0, shift))
    var piece = Piece(bands: bands, frames: frames, reach: reach)
    piece.other.reserveCapacity(frames * bands)
    for frame in first..<first + frames {
      let base = frame * FineStructure.bands + high
      piece.other += cover.values[base..<base + bands]
    }
    piece.one.reserveCapacity((frames + 2 * reach) * bands)
    let start = window.reference * rate + (Double(first) - window.cover * rate) * window.slope
    for step in -reach..<frames + reach {
      let frame = max(0, min(reference.frames - 1, Int((start + Double(step) * window.slope).rounded())))
      let base = frame * FineStructure.bands + low
      piece.one += reference.values[base..<base + bands]
    }
    return piece
  }
}
