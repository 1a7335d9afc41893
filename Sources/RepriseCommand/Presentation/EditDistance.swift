/// The distance between two words, for suggestions after a misspelling.
package enum EditDistance {
  /// Returns the least number of insertions, deletions, replacements and swaps of adjacent characters that turns one
  /// word into the other (the optimal string alignment distance).
  package static func between(_ one: String, _ other: String) -> Int {
    let (one, other) = (Array(one), Array(other))
    if one.isEmpty || other.isEmpty { return max(one.count, other.count) }
    var beforeLast = [Int](repeating: 0, count: other.count + 1)
    var last = Array(0...other.count)
    for row in 1...one.count {
      var current = [row] + [Int](repeating: 0, count: other.count)
      for column in 1...other.count {
        let isSame = one[row - 1] == other[column - 1]
        var least = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
        if row > 1, column > 1, one[row - 1] == other[column - 2], one[row - 2] == other[column - 1] {
          least = min(least, beforeLast[column - 2] + 1)
        }
        current[column] = least
      }
      (beforeLast, last) = (last, current)
    }
    return last[other.count]
  }

  /// Returns the word that was most probably meant; `nil` if none is near.
  ///
  /// A third of a word's characters may be wrong; a prefix of three or more characters that fits only one word counts
  /// as that word.
  package static func nearest(to word: String, among words: [String]) -> String? {
    let word = word.lowercased()
    let ranked = words.map { (word: $0, distance: between(word, $0.lowercased())) }
    if let best = ranked.min(by: { $0.distance < $1.distance }) {
      if best.distance <= max(1, max(word.count, best.word.count) / 3), best.distance < min(word.count, best.word.count)
      {
        return best.word
      }
    }
    guard word.count >= 3 else { return nil }
    let longer = words.filter { $0.lowercased().hasPrefix(word) }
    return longer.count == 1 ? longer[0] : nil
  }
}
