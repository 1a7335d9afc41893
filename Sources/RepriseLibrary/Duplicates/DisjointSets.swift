/// Numbers in groups that grow together (union–find); a group's root is its least number.
package struct DisjointSets: Sendable {
  private var parents: [Int32]
  private var joined: [Bool]

  /// Creates sets of one number each, from zero.
  package init(count: Int) {
    parents = (0..<Int32(clamping: count)).map(\.self)
    joined = Array(repeating: false, count: parents.count)
  }

  /// Returns the least number of a number's group.
  package mutating func root(of number: Int) -> Int {
    var index = number
    while Int(parents[index]) != index {
      parents[index] = parents[Int(parents[index])]
      index = Int(parents[index])
    }
    return index
  }

  /// Merges two groups.
  package mutating func join(_ one: Int, _ other: Int) {
    let (a, b) = (root(of: one), root(of: other))
    parents[max(a, b)] = Int32(min(a, b))
    joined[one] = true
    joined[other] = true
  }

  /// Calls a closure with every number that is not alone in its group, in order, and the least number of the group.
  package func forEachGrouped(_ body: (_ number: Int, _ root: Int) throws -> Void) rethrows {
    var sets = self
    for number in joined.indices where joined[number] { try body(number, sets.root(of: number)) }
  }
}
