import Foundation

/// The course of a cover through its reference: which frame of the reference, if any, each frame of the cover plays.
///
/// The path through the similarities that earns most (Viterbi). It runs on at about the same tempo, may leave the
/// reference for something of its own, and may jump, back more dearly than ahead; so what is left out, moved or
/// repeated is seen (after jump DTW: Fremerey, Müller and Clausen, ISMIR 2010).
struct JumpAlignment: Sendable {
  /// For each frame of the cover the frame of the reference; −1 where the cover plays something else.
  let positions: [Int]
  /// Earnings of the path, per frame of the shorter recording.
  let score: Double

  // In standard deviations of the similarity of unrelated frames.
  private static let threshold: Float = 1
  // What plays is either there or not: how much better than well a frame fits says nothing.
  private static let ceiling: Float = 1
  private static let floor: Float = -1.5
  private static let ahead: Float = 16
  private static let back: Float = 28
  private static let leave: Float = 8
  private static let bend: Float = 0.3
  /// What a jump saves at either end if it is at the beginning of a section.
  private static let boundary: Float = 3

  /// Finds the path.
  ///
  /// - Parameters:
  ///   - similarity: The similarity over stretches of `length` frames.
  ///   - n: Number of frames of the reference.
  ///   - m: Number of frames of the cover.
  ///   - length: Number of frames in a stretch.
  ///   - boundaries: Frames of the reference at which a section begins or ends, where a jump is likelier.
  init(_ similarity: SimilarityMatrix, reference n: Int, cover m: Int, length: Int, boundaries: [Int]) {
    let (rows, columns) = (similarity.rows, similarity.columns)
    guard rows > 1, columns > 1 else {
      positions = Array(repeating: -1, count: m)
      score = 0
      return
    }
    let gains = Self.gains(similarity)
    // Column by column; the state of row `rows` is "something else".
    var before = [Float](repeating: 0, count: rows)
    var after = before
    var elsewhere: Float = 0
    var from = [Int32](repeating: -1, count: rows * columns)
    var elsewhereFrom = [Int32](repeating: -1, count: columns)
    for row in 0..<rows { before[row] = gains[row] }
    var saving = [Float](repeating: 0, count: rows)
    for boundary in boundaries {
      for row in boundary - length / 2 - 4...boundary - length / 2 + 4 where row >= 0 && row < rows {
        saving[row] = Self.boundary
      }
    }
    // The best score at or above each row, for jumps ahead.
    var bestAbove = [Int32](repeating: 0, count: rows)
    for column in 1..<columns {
      var top = 0
      for row in 0..<rows {
        if before[row] + saving[row] > before[top] + saving[top] { top = row }
        bestAbove[row] = Int32(top)
      }
      let base = column * rows
      let anywhere = before[top] + saving[top] - Self.back
      for row in 0..<rows {
        var best = row > 0 ? before[row - 1] : -Float.infinity
        var source = row - 1
        if row > 1, before[row - 2] - Self.bend > best {
          best = before[row - 2] - Self.bend
          source = row - 2
        }
        if before[row] - Self.bend > best {
          best = before[row] - Self.bend
          source = row
        }
        let above = Int(bestAbove[row])
        let jump = before[above] + saving[above] + saving[row] - Self.ahead
        if jump > best {
          best = jump
          source = above
        }
        if anywhere + saving[row] > best {
          best = anywhere + saving[row]
          source = top
        }
        if elsewhere > best {
          best = elsewhere
          source = rows
        }
        after[row] = best + gains[base + row]
        from[base + row] = Int32(source)
      }
      if before[top] + saving[top] - Self.leave > elsewhere {
        elsewhere = before[top] + saving[top] - Self.leave
        elsewhereFrom[column] = Int32(top)
      } else {
        elsewhereFrom[column] = Int32(rows)
      }
      swap(&before, &after)
    }
    var at = before.indices.max { before[$0] < before[$1] } ?? 0
    score = Double(max(before[at], elsewhere)) / Double(max(1, min(rows, columns)))
    if elsewhere > before[at] { at = rows }
    var path = [Int](repeating: -1, count: columns)
    for column in stride(from: columns - 1, through: 0, by: -1) {
      path[column] = at == rows ? -1 : at
      guard column > 0 else { break }
      at = at == rows ? Int(elsewhereFrom[column]) : Int(from[column * rows + at])
    }
    positions = Self.widened(path, reference: n, cover: m, length: length)
  }

  // Column after column: how much more alike two frames are than frames of this pair at random, per frame of both.
  private static func gains(_ similarity: SimilarityMatrix) -> [Float] {
    let (rows, columns) = (similarity.rows, similarity.columns)
    var ofRow = [Float](repeating: 0, count: rows)
    var ofColumn = [Float](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = similarity.values[row * columns + column]
        ofRow[row] += value
        ofColumn[column] += value
      }
    }
    var overall: Float = 0
    for row in 0..<rows {
      overall += ofRow[row] / Float(rows * columns)
      ofRow[row] /= Float(columns)
    }
    for column in 0..<columns { ofColumn[column] /= Float(rows) }
    var squares = 0.0
    for row in 0..<rows {
      let base = row * columns
      for column in 0..<columns {
        let rest = similarity.values[base + column] - ofRow[row] - ofColumn[column] + overall
        squares += Double(rest * rest)
      }
    }
    let scale = 1 / max(0.02, Float((squares / Double(rows * columns)).squareRoot()))
    var gains = [Float](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      let base = row * columns
      for column in 0..<columns {
        let rest = similarity.values[base + column] - ofRow[row] - ofColumn[column] + overall
        gains[column * rows + row] = max(floor, min(ceiling, rest * scale - threshold))
      }
    }
    return gains
  }

  // A stretch stands for its middle; the first and the last also for what is before and after.
  private static func widened(_ path: [Int], reference n: Int, cover m: Int, length: Int) -> [Int] {
    let half = length / 2
    var result = [Int](repeating: -1, count: m)
    for (column, row) in path.enumerated() where row >= 0 { result[column + half] = row + half }
    if let first = path.first, first >= 0 {
      for step in 1...max(1, half) where first + half - step >= 0 { result[half - step] = first + half - step }
    }
    if let last = path.last, last >= 0 {
      let end = path.count - 1 + half
      for step in 1...max(1, length) where end + step < m && last + half + step < n {
        result[end + step] = last + half + step
      }
    }
    return result
  }
}
