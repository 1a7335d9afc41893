/// The similarity of every frame of a reference (rows) to every frame of a cover (columns), over stretches of frames.
struct SimilarityMatrix: Sendable {
  let rows: Int
  let columns: Int
  /// Mean cosines over stretches, row after row.
  let values: [Float]

  /// Compares stretches of `length` frames, the cover transposed down by a number of semitones.
  ///
  /// Element (i, j) is the mean of the cosines of frames (i + k, j + k), k = 0 ..< `length`.
  init(_ reference: ChromaSequence, _ cover: ChromaSequence, transposition: Int, length: Int) {
    let (n, m) = (reference.count, cover.count)
    rows = max(0, n - length + 1)
    columns = max(0, m - length + 1)
    guard rows > 0, columns > 0 else {
      values = []
      return
    }
    // Sums down the diagonals, with a row and a column of zeros before the first.
    let width = m + 1
    var sums = [Float](repeating: 0, count: (n + 1) * width)
    for row in 0..<n {
      let to = (row + 1) * width + 1
      for index in 0..<ChromaSequence.width {
        let level = reference.values[index * n + row]
        guard level > 0 else { continue }
        let group = index / 12 * 12
        let source = group + (index - group + transposition) % 12
        Kernels.add(cover.values, at: source * m, times: level, to: &sums, at: to, count: m)
      }
      Kernels.addInPlace(&sums, at: row * width, to: to, count: m)
    }
    var values = [Float](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      Kernels.difference(
        sums, ahead: (row + length) * width + length, behind: row * width, scale: 1 / Float(length), to: &values,
        at: row * columns, count: columns)
    }
    self.values = values
  }
}
