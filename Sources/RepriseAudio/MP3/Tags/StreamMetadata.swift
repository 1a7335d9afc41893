/// The metadata that an internet radio server puts between the bytes of a stream (ICY, as SHOUTcast and Icecast do).
///
/// After every `icy-metaint` bytes of audio there is a byte n and 16 n bytes of text, most often none. A recorder that
/// does not take them out breaks one frame with each block. The interval is not in the file; it is derived from the
/// texts ("StreamTitle=…") and from the places at which frames are broken.
struct StreamMetadata: Sendable, Equatable {
  /// Number of bytes of audio between two blocks; `nil` if there is a single one.
  let interval: Int?
  /// Ranges of the blocks in the file, length bytes included, in order.
  let blocks: [Range<Int>]

  /// Number of bytes of all blocks.
  var byteCount: Int { blocks.reduce(0) { $0 + $1.count } }
  /// Number of blocks that hold a text.
  var texts: Int { blocks.reduce(0) { $0 + ($1.count > 1 ? 1 : 0) } }

  /// Returns the bytes of the file without the blocks.
  func removed(from bytes: RawSpan) -> [UInt8] {
    var clean: [UInt8] = []
    clean.reserveCapacity(bytes.byteCount)
    for range in fileRanges(0..<max(bytes.byteCount - byteCount, 0)) {
      clean += bytes.copy(at: range.lowerBound, count: range.count)
    }
    return clean
  }

  /// Returns the ranges of the file that hold a range of the bytes without the blocks.
  func fileRanges(_ range: Range<Int>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    // Number of bytes of the blocks before the place that was reached.
    var removed = 0
    var place = range.lowerBound
    for block in blocks where place < range.upperBound {
      let start = block.lowerBound - removed
      if start > place {
        let end = min(start, range.upperBound)
        ranges.append(place + removed..<end + removed)
        place = end
      }
      removed += block.count
    }
    if place < range.upperBound { ranges.append(place + removed..<range.upperBound + removed) }
    return ranges
  }
}

extension StreamMetadata {
  /// Searches for the blocks that broke the frames of a file.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of the file.
  ///   - walk: The frames that were found in spite of the blocks.
  ///   - end: The end of the audio.
  /// - Returns: The metadata; `nil` if no interval explains every gap between frames.
  static func find(_ bytes: RawSpan, _ walk: MP3Walk, to end: Int) -> StreamMetadata? {
    guard let start = walk.start, walk.gapCount > 0, !walk.isShattered else { return nil }
    var search = Search(gaps: walk.gaps, start: start, end: end, longest: walk.longestFrame)
    return search.run(bytes)
  }

  /// Returns the offset of the length byte of the first block with a text; `nil` if there is none.
  static func firstText(_ bytes: RawSpan) -> Int? {
    var search = Search(gaps: [], start: 0, end: bytes.byteCount, longest: 0)
    search.findTexts(bytes, most: 1)
    return search.texts.first?.lowerBound
  }

  /// A search for an interval.
  private struct Search {
    let gaps: [MP3Walk.Gap]
    let start: Int
    let end: Int
    let longest: Int
    /// Blocks with a text, in order.
    var texts: [Range<Int>] = []
    /// Number of steps left: a file made to have many candidates must not take unlimited time.
    var budget = 20_000_000

    private static let mostTexts = 100_000
    /// Intervals that servers and their relays are set to, in bytes.
    private static let usual = [
      1024, 2048, 4096, 8000, 8192, 10_000, 12_288, 16_000, 16_384, 20_000, 24_000, 24_576, 32_000, 32_768, 64_000,
      65_536, 128_000, 131_072,
    ]
    /// Shortest interval that is searched for, in bytes; servers use some thousand.
    private static let shortest = 64

    init(gaps: [MP3Walk.Gap], start: Int, end: Int, longest: Int) {
      self.gaps = gaps
      self.start = start
      self.end = end
      self.longest = longest
    }

    mutating func run(_ bytes: RawSpan) -> StreamMetadata? {
      findTexts(bytes)
      if texts.count > 1 { return betweenTexts(bytes) }
      if let text = texts.first { return aroundText(bytes, text) }
      return withoutText(bytes)
    }

    mutating func findTexts(_ bytes: RawSpan, most: Int = Search.mostTexts) {
      var place = 1
      while texts.count < most, let found = bytes.first(UInt8(ascii: "S"), from: place, to: end) {
        place = found + 1
        guard Search.isText(bytes, at: found), let count = bytes.byte(at: found - 1), count > 0 else { continue }
        let block = found - 1..<found + 16 * Int(count)
        guard block.upperBound <= end else { continue }
        texts.append(block)
        place = block.upperBound + 1
      }
    }

    private static func isText(_ bytes: RawSpan, at place: Int) -> Bool {
      bytes.has("StreamTitle=", at: place) || bytes.has("StreamUrl=", at: place)
    }

    /// Between two texts there are j intervals and j − 1 blocks of one byte.
    private mutating func betweenTexts(_ bytes: RawSpan) -> StreamMetadata? {
      let apart = texts[1].lowerBound - texts[0].upperBound + 1
      var count = 1
      while apart / count > Search.shortest, budget > 0 {
        budget -= 1
        if apart % count == 0, let found = check(bytes, texts[0], interval: apart / count - 1) { return found }
        count += 1
      }
      return nil
    }

    private mutating func aroundText(_ bytes: RawSpan, _ text: Range<Int>) -> StreamMetadata? {
      if explains([text]) { return StreamMetadata(interval: nil, blocks: [text]) }
      // The gap next to the text is its own, that of the next block, or that of the one before.
      for gap in gaps.lazy.filter({ $0.start > text.upperBound }).prefix(2) {
        for place in places(bytes, of: gap) where place > text.upperBound {
          if let found = check(bytes, text, interval: place - text.upperBound) { return found }
        }
      }
      if let gap = gaps.last(where: { $0.end < text.lowerBound }) {
        for place in places(bytes, of: gap) where place + 1 < text.lowerBound {
          if let found = check(bytes, text, interval: text.lowerBound - place - 1) { return found }
        }
      }
      return nil
    }

    /// Without any text, three blocks at least must be at one distance; most of them break a frame behind its header, so
    /// that one byte is left over.
    private mutating func withoutText(_ bytes: RawSpan) -> StreamMetadata? {
      if gaps.count < 3 {
        // Too few to tell an interval by: usual ones are tried, from the start of the file.
        for interval in Search.usual where bytes.byte(at: interval) == 0 {
          if let found = check(bytes, interval..<interval + 1, interval: interval) { return found }
        }
        return nil
      }
      guard gaps.count(where: { $0.end - $0.start == 1 }) * 4 >= gaps.count * 3 else { return nil }
      for first in places(bytes, of: gaps[0]) {
        for second in places(bytes, of: gaps[1]) where second > first + 1 && budget > 0 {
          if let found = check(bytes, first..<first + 1, interval: second - first - 1) { return found }
        }
      }
      return nil
    }

    /// Returns the offsets of zeros at which a block without text may have broken the frame before a gap.
    private func places(_ bytes: RawSpan, of gap: MP3Walk.Gap) -> [Int] {
      guard gap.end - gap.start <= 4 * longest + 4096 else { return [] }
      var places: [Int] = []
      for place in max(gap.start - longest, 1)..<max(gap.end, 1) where bytes.byte(at: place) == 0 {
        places.append(place)
      }
      return places
    }

    /// Returns the blocks at an interval from a known one, if all of them are there and explain every gap.
    private mutating func check(_ bytes: RawSpan, _ known: Range<Int>, interval: Int) -> StreamMetadata? {
      guard interval > Search.shortest else { return nil }
      var behind: [Range<Int>] = []
      var place = known.upperBound + interval
      while place < end {
        budget -= 1
        guard budget > 0, let count = bytes.byte(at: place), count == 0 || Search.isText(bytes, at: place + 1) else {
          return nil
        }
        let block = place..<place + 1 + 16 * Int(count)
        guard block.upperBound <= end else { break }
        behind.append(block)
        place = block.upperBound + interval
      }
      var before: [Range<Int>] = []
      var stop = known.lowerBound - interval
      while stop > 0 {
        budget -= 1
        guard budget > 0 else { return nil }
        if let text = text(endingAt: stop) {
          before.append(text)
        } else if bytes.byte(at: stop - 1) == 0 {
          before.append(stop - 1..<stop)
        } else if stop > start {
          return nil
        } else {
          break
        }
        stop = (before.last?.lowerBound ?? 0) - interval
      }
      let blocks = before.reversed() + [known] + behind
      return explains(blocks) ? StreamMetadata(interval: interval, blocks: blocks) : nil
    }

    private func text(endingAt end: Int) -> Range<Int>? {
      var (low, high) = (0, texts.count)
      while low < high {
        let middle = (low + high) / 2
        if texts[middle].upperBound < end { low = middle + 1 } else { high = middle }
      }
      return low < texts.count && texts[low].upperBound == end ? texts[low] : nil
    }

    /// Returns `true` if every gap follows a frame that one of the blocks broke.
    private func explains(_ blocks: [Range<Int>]) -> Bool {
      var next = 0
      for gap in gaps {
        while next < blocks.count, blocks[next].lowerBound < gap.start - longest { next += 1 }
        guard next < blocks.count, blocks[next].lowerBound < gap.end else { return false }
      }
      return true
    }
  }
}
