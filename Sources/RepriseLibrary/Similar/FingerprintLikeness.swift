/// The likeness of two fingerprints at their best offset.
///
/// The offset is the one at which most sub-fingerprints agree (a histogram, as AcoustID aligns them); the bit error
/// rate at that offset is taken over the whole overlap (Haitsma & Kalker, "A Highly Robust Audio Fingerprinting
/// System", 2002), relative to that of two unrelated recordings with the same bits. See
/// docs/decisions/0012-validation.md.
package struct FingerprintLikeness: Equatable {
  /// Bit error rate, 0 to 1.
  package let errors: Double
  /// Bit error rate expected if each bit were drawn anew, set as often as it is in each fingerprint, 0 to 1.
  package let chance: Double
  /// Number of sub-fingerprints that were compared: those at which either fingerprint changes.
  package let compared: Int
  /// Number of sub-fingerprints that overlap.
  package let overlap: Int
  /// Index in the first fingerprint of the other's first sub-fingerprint.
  package let offset: Int

  /// The bit error rate relative to that of unrelated recordings.
  package var distance: Double { chance > 0 ? errors / chance : 1 }

  /// Maximum distance of two files that are nearly the same.
  ///
  /// Recoded, cut and quieter copies had at most 0.09, other music at least 0.79, and a passage that is repeated a
  /// verse later 0.49. Haitsma & Kalker's 0.35 of all bits are 0.7 here.
  package static let mostDistance = 0.35
  /// Minimum number of sub-fingerprints that are compared: 4 seconds.
  package static let leastCompared = 32
  /// Minimum of `chance`: below, both fingerprints hardly change (tones, silence), and agreement means nothing.
  package static let leastChance = 0.1
  /// Minimum share of the shorter fingerprint that overlaps the other, and of the longer file's length that the shorter
  /// one has.
  package static let leastShare = 0.75

  /// Compares two fingerprints at their best offset; `nil` if the files are not nearly the same.
  package init?(_ one: Fingerprint, _ other: Fingerprint) {
    if let length = one.seconds, let otherLength = other.seconds,
      min(length, otherLength) < Self.leastShare * max(length, otherLength)
    {
      return nil
    }
    let found = Self.offsets(one, other).compactMap { Self(one, other, offset: $0) }
    guard let best = found.min(by: { $0.distance < $1.distance }), best.distance <= Self.mostDistance else {
      return nil
    }
    self = best
  }

  /// Compares two fingerprints at one offset; `nil` if too little overlaps, or if the overlap means too little.
  package init?(_ one: Fingerprint, _ other: Fingerprint, offset: Int) {
    let first = max(0, offset)
    let end = min(one.values.count, other.values.count + offset)
    guard Double(end - first) >= Self.leastShare * Double(min(one.values.count, other.values.count)) else { return nil }
    var (wrong, compared) = (0, 0)
    var (ones, others) = ([Int](repeating: 0, count: 32), [Int](repeating: 0, count: 32))
    for index in first..<end where one.changes(at: index) || other.changes(at: index - offset) {
      let (a, b) = (one.values[index], other.values[index - offset])
      compared += 1
      wrong += (a ^ b).nonzeroBitCount
      for bit in 0..<32 {
        ones[bit] += Int(a >> UInt32(bit) & 1)
        others[bit] += Int(b >> UInt32(bit) & 1)
      }
    }
    guard compared >= Self.leastCompared else { return nil }
    let all = Double(compared)
    let expected = zip(ones, others).reduce(0.0) { sum, set in
      let (p, q) = (Double(set.0) / all, Double(set.1) / all)
      return sum + p * (1 - q) + q * (1 - p)
    }
    errors = Double(wrong) / (32 * all)
    chance = expected / 32
    self.compared = compared
    overlap = end - first
    self.offset = offset
    guard chance >= Self.leastChance else { return nil }
  }

  /// Returns the offsets at which most sub-fingerprints agree, and those beside them: a cut between two
  /// sub-fingerprints halves the exact agreement.
  private static func offsets(_ one: Fingerprint, _ other: Fingerprint) -> Set<Int> {
    let (ours, theirs) = (indices(of: one), indices(of: other))
    var counts: [Int: Int] = [:]
    for (value, indices) in ours {
      // A value that occurs often determines no offset, and would make this slow.
      guard let others = theirs[value], indices.count * others.count <= 64 else { continue }
      for index in indices { for otherIndex in others { counts[index - otherIndex, default: 0] += 1 } }
    }
    // By count, then by offset, so that the order is deterministic.
    let best = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
    return Set(best.flatMap { [$0.key - 1, $0.key, $0.key + 1] })
  }

  private static func indices(of print: Fingerprint) -> [UInt32: [Int]] {
    var indices: [UInt32: [Int]] = [:]
    for index in print.values.indices where print.changes(at: index) {
      indices[print.values[index], default: []].append(index)
    }
    return indices
  }
}
