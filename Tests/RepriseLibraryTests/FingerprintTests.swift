import RepriseLibrary
import TestSupport
import Testing

@Suite("Fingerprints")
struct FingerprintTests {
  /// Values that change from place to place, always the same ones for a seed.
  static func noise(_ seed: UInt64, count: Int) -> [UInt32] {
    var random = Seeded(seed)
    return (0..<count).map { _ in UInt32.random(in: .min ... .max, using: &random) }
  }

  /// The values with so many bits in a thousand turned over.
  static func damaged(_ values: [UInt32], perMille: Int) -> [UInt32] {
    var count = 0
    return values.map { value in
      (0..<32).reduce(value) { result, bit in
        count += perMille
        // 1,000 and 32 share a factor: a shift for each round spreads it over all bits.
        return count % 1009 < perMille ? result ^ (1 << UInt32(bit)) : result
      }
    }
  }

  @Test("what fpcalc -raw prints is read, and what is none is none")
  func printed() {
    #expect(
      Fingerprint(printed: "DURATION=12.5\nFINGERPRINT=1,4294967295,3\n")
        == Fingerprint(values: [1, 4_294_967_295, 3], seconds: 12.5))
    #expect(Fingerprint(printed: "ERROR: End of file\nFINGERPRINT=7\n")?.values == [7])
    for text in ["", "DURATION=3", "FINGERPRINT=", "FINGERPRINT=1,x", "FINGERPRINT=1,4294967296", "FINGERPRINT=-1"] {
      #expect(Fingerprint(printed: text) == nil, "\(text)")
    }
  }

  @Test("bytes bring back the values, and a wrong number of bytes none")
  func encoded() {
    let print = Fingerprint(values: [0, 1, 0x1234_5678, .max], seconds: 3)
    #expect(Fingerprint(print.encoded, seconds: 3) == print)
    #expect(Fingerprint(Array(print.encoded.dropLast()), seconds: 3) == nil && Fingerprint([], seconds: 3) == nil)
  }

  @Test("the index's keys are one in four, the same whatever is around them, and none of what stands still")
  func keys() {
    let values = Self.noise(1, count: 4000)
    let keys = Fingerprint(values: values, seconds: nil).keys
    #expect((800...1200).contains(keys.count))
    let later = Fingerprint(values: Self.noise(2, count: 50) + values.dropFirst(1000), seconds: nil).keys
    #expect(keys.intersection(values.dropFirst(1001)).isSubset(of: later))
    let still = Fingerprint(values: [5] + Array(repeating: keys.first ?? 0, count: 100), seconds: nil).keys
    #expect(still.count <= 2)
  }

  @Test("copies that are shifted, cut and a little damaged are alike; others are not")
  func likeness() throws {
    let values = Self.noise(3, count: 900)
    func print(_ values: some Sequence<UInt32>, _ seconds: Double? = nil) -> Fingerprint {
      Fingerprint(values: Array(values), seconds: seconds)
    }
    let same = try #require(FingerprintLikeness(print(values), print(values)))
    #expect(same.errors == 0 && same.offset == 0 && same.overlap == 900 && abs(same.chance - 0.5) < 0.02)
    let cut = try #require(FingerprintLikeness(print(values), print(values.dropFirst(24))))
    #expect(cut.offset == 24 && cut.overlap == 876 && cut.errors == 0)
    #expect(FingerprintLikeness(print(values.dropFirst(24)), print(values))?.offset == -24)
    // 2 % of all bits: half of the places keep their value.
    let worn = try #require(FingerprintLikeness(print(values), print(Self.damaged(values, perMille: 20))))
    #expect((0.01...0.04).contains(worn.errors) && worn.offset == 0)
    #expect(FingerprintLikeness(print(values), print(Self.noise(4, count: 900))) == nil)
    // The first half alike, and nothing else: more wrong bits than copies have.
    #expect(FingerprintLikeness(print(values), print(values.prefix(300) + Self.noise(5, count: 600))) == nil)
    // Too short to tell, and of very different lengths.
    #expect(FingerprintLikeness(print(values.prefix(31)), print(values.prefix(31))) == nil)
    #expect(FingerprintLikeness(print(values.prefix(32)), print(values.prefix(32))) != nil)
    #expect(FingerprintLikeness(print(values, 100), print(values, 74)) == nil)
    #expect(FingerprintLikeness(print(values, 100), print(values, 76)) != nil)
    // Silence agrees with silence, which says nothing.
    #expect(FingerprintLikeness(print(Array(repeating: 9, count: 900)), print(Array(repeating: 9, count: 900))) == nil)
  }

  @Test(
    "groups that touch become one, with the least number as their root, whatever the order",
    arguments: [
      [(1, 5), (5, 9), (2, 3), (9, 7)], [(7, 9), (3, 2), (9, 1), (7, 5)],
    ])
  func sets(joins: [(Int, Int)]) {
    var sets = DisjointSets(count: 10)
    for (one, other) in joins { sets.join(one, other) }
    #expect((0..<10).map { sets.root(of: $0) } == [0, 1, 2, 2, 4, 1, 6, 1, 8, 1])
    var grouped: [[Int]] = []
    sets.forEachGrouped { grouped.append([$0, $1]) }
    #expect(grouped == [[1, 1], [2, 2], [3, 2], [5, 1], [7, 1], [9, 1]])
  }

  @Test("a long chain of joins is still found at once")
  func chain() {
    var sets = DisjointSets(count: 200_000)
    for number in (1..<200_000).reversed() { sets.join(number, number - 1) }
    #expect(sets.root(of: 199_999) == 0)
  }

  @Test("the index finds groups, and those of more copies than a value may have holders", arguments: [2, 40, 400])
  func index(copies: Int) throws {
    let index = try FingerprintIndex()
    var id: Int64 = 0
    for _ in 0..<copies {
      for seed in [11, 12] as [UInt64] {
        id += 1
        try index.add(Fingerprint(values: Self.noise(seed, count: 200), seconds: 25), id: id)
      }
    }
    id += 1
    try index.add(Fingerprint(values: Self.noise(13, count: 200), seconds: 25), id: id)
    var groups = try index.groups {}
    #expect((1...Int(id)).map { groups.root(of: $0) } == (1..<Int(id)).map { $0 % 2 == 1 ? 1 : 2 } + [Int(id)])
    var grouped: Set<Int> = []
    groups.forEachGrouped { number, _ in grouped.insert(number) }
    #expect(grouped == Set(1..<Int(id)))
  }
}
