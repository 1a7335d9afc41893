import Foundation

/// The course of a cover through its reference: which frame of the reference, if any, each frame of the cover plays.
///
/// The path through the similarities that earns most (Viterbi). It runs on at about the same tempo, may leave the
/// reference for something of its own, and may jump, back more dearly than ahead; so what is left out, moved or
/// repeated is seen (after jump DTW: Fremerey, Müller and Clausen, ISMIR 2010).
struct JumpAlignment: Sendable {
  /// For each frame of the cover the frame of the reference; −1 where the cover plays something else.
  let positions: [Int]

  // Gains are in standard deviations of the similarity of unrelated frames.
  private static let threshold: Float = 1
  // A frame either plays or does not: beyond a good fit, a better one means nothing.
  private static let ceiling: Float = 1
  private static let floor: Float = -1.5
  /// Cost of a jump ahead.
  private static let ahead: Float = 16
  /// Cost of a jump to any frame.
  private static let back: Float = 28
  /// Cost of leaving the reference for something else, and of returning to it.
  private static let leave: Float = 8
  /// Cost of a step at half or twice the tempo.
  private static let bend: Float = 0.3
  /// Discount for either end of a jump at the boundary of a section.
  private static let boundary: Float = 3
  /// Share of the gain of a jump back at which going on is preferred.
  private static let nearly: Float = 0.8
  /// Cost of each frame of the reference before the beginning of the path and after its end; in total, no more than a
  /// jump.
  private static let omission: Float = 0.25

  /// Finds the path.
  ///
  /// - Parameters:
  ///   - similarity: The similarity over stretches of `length` frames.
  ///   - n: Number of frames of the reference.
  ///   - m: Number of frames of the cover.
  ///   - length: Number of frames in a stretch.
  ///   - boundaries: Frames of the reference at which a section begins or ends, where a jump is likelier.
  ///   - sounding: For each frame of the cover, `true` if it is not silent; silence plays nothing.
  init(
    _ similarity: SimilarityMatrix, reference n: Int, cover m: Int, length: Int, boundaries: [Int], sounding: [Bool]
  ) {
    let (rows, columns) = (similarity.rows, similarity.columns)
    guard rows > 1, columns > 1 else {
      positions = Array(repeating: -1, count: m)
      return
    }
    let gains = Self.gains(similarity, sounding: sounding, length: length)
    let discounts = Self.discounts(boundaries, rows: rows, length: length)
    func omitted(_ count: Int, at row: Int) -> Float {
      min(Self.ahead - discounts[row], Self.omission * Float(count))
    }
    // Column by column; the state of row `rows` is "something else".
    var before = (0..<rows).map { gains[$0] - omitted($0, at: $0) }
    var after = before
    var elsewhere: Float = 0
    var from = [Int32](repeating: -1, count: rows * columns)
    var elsewhereFrom = [Int32](repeating: -1, count: columns)
    for column in 1..<columns {
      let base = column * rows
      var top = 0
      for row in 1..<rows where before[row] + discounts[row] > before[top] + discounts[top] { top = row }
      let anywhere = before[top] + discounts[top]
      // The best row at or above each one, for jumps ahead.
      var above = 0
      for row in 0..<rows {
        if before[row] + discounts[row] > before[above] + discounts[above] { above = row }
        var best = row > 0 ? before[row - 1] : -Float.infinity
        var source = row - 1
        func consider(_ score: Float, from other: Int) {
          if score > best { (best, source) = (score, other) }
        }
        if row > 1 { consider(before[row - 2] - Self.bend, from: row - 2) }
        consider(before[row] - Self.bend, from: row)
        consider(before[above] + discounts[above] + discounts[row] - Self.ahead, from: above)
        consider(anywhere + discounts[row] - Self.back, from: top)
        consider(elsewhere - Self.leave, from: rows)
        after[row] = best + gains[base + row]
        from[base + row] = Int32(source)
      }
      let left = anywhere - Self.leave
      elsewhereFrom[column] = Int32(left > elsewhere ? top : rows)
      elsewhere = max(left, elsewhere)
      swap(&before, &after)
    }
    for row in 0..<rows { before[row] -= omitted(rows - 1 - row, at: row) }
    var at = before.indices.max { before[$0] < before[$1] } ?? 0
    if elsewhere > before[at] { at = rows }
    var path = [Int](repeating: -1, count: columns)
    for column in stride(from: columns - 1, through: 0, by: -1) {
      path[column] = at == rows ? -1 : at
      guard column > 0 else { break }
      at = at == rows ? Int(elsewhereFrom[column]) : Int(from[column * rows + at])
    }
    Self.goOn(&path, gains: gains, rows: rows)
    positions = Self.widened(path, reference: n, cover: m, length: length)
  }

  /// Replaces jumps back where going on fits nearly as well.
  ///
  /// A passage that is repeated in the reference fits at each of its places, and by chance better at an earlier one.
  private static func goOn(_ path: inout [Int], gains: [Float], rows: Int) {
    func isJump(_ column: Int) -> Bool { !(0...2).contains(path[column] - path[column - 1]) }
    // The last frame before that plays something in its order.
    guard var last = path.firstIndex(where: { $0 >= 0 }) else { return }
    var column = last + 1
    while column < path.count {
      guard path[column] >= 0 else {
        column += 1
        continue
      }
      let start = path[last] + column - last
      if path[column] >= path[last], !isJump(column) || path[column] >= start {
        last = column
        column += 1
        continue
      }
      let end = (column + 1..<path.count).first(where: isJump) ?? path.count
      guard start < rows else {
        column = end
        continue
      }
      let own = (column..<end).reduce(Float(0)) { $0 + gains[$1 * rows + path[$1]] }
      let onwards = continuation(after: start - 1, columns: column..<end, gains: gains, rows: rows)
      if onwards.gain > 0, onwards.gain >= Self.nearly * own {
        if path[last + 1..<column].allSatisfy({ $0 < 0 }) {
          for between in last + 1..<column { path[between] = path[last] + between - last }
        }
        path.replaceSubrange(column..<end, with: onwards.rows)
        last = (column..<end).last { path[$0] >= 0 } ?? last
      }
      column = end
    }
  }

  // The best path without a jump from a row on; −1 where the reference has ended.
  private static func continuation(
    after start: Int, columns: Range<Int>, gains: [Float], rows: Int
  ) -> (gain: Float, rows: [Int]) {
    // Row `start` stands for the column before; the last entry for what follows the reference.
    let width = min(rows - start, 2 * columns.count + 1)
    var before = [Float](repeating: -.infinity, count: width + 1)
    before[0] = 0
    var after = before
    var steps = [Int8](repeating: 0, count: columns.count * (width + 1))
    for (index, column) in columns.enumerated() {
      for place in 0..<width {
        var best = before[place] - bend
        var step = 0
        if place > 0, before[place - 1] > best { (best, step) = (before[place - 1], 1) }
        if place > 1, before[place - 2] - bend > best { (best, step) = (before[place - 2] - bend, 2) }
        after[place] = best + gains[column * rows + start + place]
        steps[index * (width + 1) + place] = Int8(step)
      }
      let ended = start + width == rows ? before[width - 1] : -.infinity
      steps[index * (width + 1) + width] = before[width] >= ended ? 0 : 1
      after[width] = max(before[width], ended)
      swap(&before, &after)
    }
    var place = before.indices.max { before[$0] < before[$1] } ?? 0
    let gain = before[place]
    var result = [Int](repeating: -1, count: columns.count)
    for index in (0..<columns.count).reversed() {
      if place < width { result[index] = start + place }
      place -= Int(steps[index * (width + 1) + place])
    }
    return (gain, result)
  }

  // A boundary is known to within a second or so. A stretch stands for its middle.
  private static func discounts(_ boundaries: [Int], rows: Int, length: Int) -> [Float] {
    var result = [Float](repeating: 0, count: rows)
    for boundary in boundaries {
      for row in boundary - length / 2 - 4...boundary - length / 2 + 4 where row >= 0 && row < rows {
        result[row] = Self.boundary
      }
    }
    return result
  }

  // Column after column: how much more alike two frames are than frames of this pair at random, per frame of both.
  private static func gains(_ similarity: SimilarityMatrix, sounding: [Bool], length: Int) -> [Float] {
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
    var squares = (rest: 0.0, all: 0.0)
    for row in 0..<rows {
      let base = row * columns
      for column in 0..<columns {
        let value = similarity.values[base + column]
        let rest = value - ofRow[row] - ofColumn[column] + overall
        squares.rest += Double(rest * rest)
        squares.all += Double((value - overall) * (value - overall))
      }
    }
    func scale(_ squares: Double) -> Float { 1 / max(0.02, Float((squares / Double(rows * columns)).squareRoot())) }
    let (restScale, scale) = (scale(squares.rest), scale(squares.all))
    var gains = [Float](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      let base = row * columns
      for column in 0..<columns {
        let value = similarity.values[base + column]
        let rest = (value - ofRow[row] - ofColumn[column] + overall) * restScale - threshold
        // A passage on one chord resembles all of itself, so nothing stands out: what is as alike as most frames are
        // speaks neither for nor against.
        let neutral = min(0, (value - overall) * scale)
        gains[column * rows + row] = max(floor, min(ceiling, max(rest, neutral)))
      }
    }
    for column in 0..<columns where !sounding[column + length / 2] {
      for row in 0..<rows { gains[column * rows + row] = floor }
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
