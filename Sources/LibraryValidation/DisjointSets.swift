/// Numbers in groups that grow together (union–find); a group's root is its least number.
struct DisjointSets {
  private var parents: [Int32]
  private var joined: Set<Int> = []

  /// Every number from zero alone.
  init(count: Int) { parents = (0..<Int32(clamping: count)).map(\.self) }

  /// The least number of a number's group.
  mutating func root(of number: Int) -> Int {
    var place = number
    while Int(parents[place]) != place {
      parents[place] = parents[Int(parents[place])]
      place = Int(parents[place])
    }
    return place
  }

  /// Makes two groups one.
  mutating func join(_ one: Int, _ other: Int) {
    let (a, b) = (root(of: one), root(of: other))
    parents[max(a, b)] = Int32(min(a, b))
    joined.formUnion([one, other])
  }

  /// Whether a number is not alone.
  func isInGroup(_ number: Int) -> Bool { joined.contains(number) }
}
