/// Inner loops over rows of numbers: the only place here that leaves the bounds checks out.
enum Kernels {
  /// Adds `factor` times `count` values of `source` to those of `sum`.
  static func add(
    _ source: [Float], at from: Int, times factor: Float, to sum: inout [Float], at to: Int, count: Int
  ) {
    precondition(from >= 0 && to >= 0 && count >= 0 && from + count <= source.count && to + count <= sum.count)
    unsafe source.withUnsafeBufferPointer { source in
      unsafe sum.withUnsafeMutableBufferPointer { sum in
        for index in 0..<count { unsafe sum[to + index] += factor * source[from + index] }
      }
    }
  }

  /// Adds values of a row to another row of the same array: those at `from` to those at `to`.
  static func addInPlace(_ values: inout [Float], at from: Int, to: Int, count: Int) {
    precondition(from >= 0 && count >= 0 && from + count <= to && to + count <= values.count)
    unsafe values.withUnsafeMutableBufferPointer { values in
      for index in 0..<count { unsafe values[to + index] += values[from + index] }
    }
  }

  /// Writes `scale` times the values from `ahead` on less those from `behind` on.
  static func difference(
    _ values: [Float], ahead: Int, behind: Int, scale: Float, to result: inout [Float], at: Int, count: Int
  ) {
    precondition(ahead >= 0 && ahead + count <= values.count && at >= 0 && at + count <= result.count && count >= 0)
    precondition(behind >= 0 && behind + count <= values.count)
    unsafe values.withUnsafeBufferPointer { values in
      unsafe result.withUnsafeMutableBufferPointer { result in
        for index in 0..<count {
          unsafe result[at + index] = scale * (values[ahead + index] - values[behind + index])
        }
      }
    }
  }

  /// Returns Σ a, Σ b, Σ a², Σ b² and Σ ab over `count` values.
  static func moments(
    _ a: [Float], at first: Int, _ b: [Float], at second: Int, count: Int
  ) -> (a: Float, b: Float, aa: Float, bb: Float, ab: Float) {
    precondition(first >= 0 && second >= 0 && count >= 0 && first + count <= a.count && second + count <= b.count)
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        var (sumA, sumB) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
        var (sumAA, sumBB, sumAB) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
        var index = 0
        while index + 8 <= count {
          var (left, right) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
          for lane in 0..<8 {
            unsafe left[lane] = a[first + index + lane]
            unsafe right[lane] = b[second + index + lane]
          }
          sumA += left
          sumB += right
          sumAA += left * left
          sumBB += right * right
          sumAB += left * right
          index += 8
        }
        var rest = (a: sumA.sum(), b: sumB.sum(), aa: sumAA.sum(), bb: sumBB.sum(), ab: sumAB.sum())
        while index < count {
          let (left, right) = (unsafe a[first + index], unsafe b[second + index])
          rest.a += left
          rest.b += right
          rest.aa += left * left
          rest.bb += right * right
          rest.ab += left * right
          index += 1
        }
        return rest
      }
    }
  }

  /// Computes a row of `Recurrence.longest`: of the scores and of the scores less the penalty for a gap after each.
  ///
  /// All rows have two leading zeros, so that the two columns before the first may be read.
  static func chainRow(
    recurs: [Float], at row: Int, one: [Float], two: [Float], oneLess: [Float], twoLess: [Float],
    penalty: (begun: Float, goesOn: Float), scores: inout [Float], less: inout [Float], count: Int
  ) -> Float {
    let width = count + 2
    precondition(row >= 0 && row + count <= recurs.count && one.count == width && two.count == width)
    precondition(oneLess.count == width && twoLess.count == width && scores.count == width && less.count == width)
    var best: Float = 0
    unsafe recurs.withUnsafeBufferPointer { recurs in
      unsafe one.withUnsafeBufferPointer { one in
        unsafe two.withUnsafeBufferPointer { two in
          unsafe oneLess.withUnsafeBufferPointer { oneLess in
            unsafe twoLess.withUnsafeBufferPointer { twoLess in
              unsafe scores.withUnsafeMutableBufferPointer { scores in
                unsafe less.withUnsafeMutableBufferPointer { less in
                  for index in 0..<count {
                    let hit = unsafe recurs[row + index]
                    let chain = unsafe max(one[index + 1], max(two[index + 1], one[index])) + 1
                    let gap = unsafe max(0, max(oneLess[index + 1], max(twoLess[index + 1], oneLess[index])))
                    let score = hit > 0 ? chain : gap
                    unsafe scores[index + 2] = score
                    unsafe less[index + 2] = score - (hit > 0 ? penalty.begun : penalty.goesOn)
                    best = max(best, score)
                  }
                }
              }
            }
          }
        }
      }
    }
    return best
  }
}
