import RepriseSystem

/// The changes of line ends by a transfer of a file as text, which adds or removes a byte for each of them.
///
/// In audio, about one byte in 256 is a line feed, and one of 256 of those follows a carriage return.
enum LineEnds {
  /// Smallest number of line feeds that all follow a carriage return by no chance.
  private static let leastLineFeeds = 16

  /// Smallest expected number of pairs whose absence is no chance.
  private static let leastExpected = 12.0

  /// Bytes whose values are close to that of a carriage return, and the least number of line feeds after each.
  private static let neighbours: [UInt8] = [0x0B, 0x0C, 0x0E, 0x0F, 0x10]
  private static let leastNeighbours = 4

  /// Returns the finding about a damaged file all of whose line feeds, or none, follow a carriage return.
  static func finding(_ file: borrowing InputFile, cancellation: Cancellation?) throws(AudioFileError) -> Finding? {
    var (feeds, returns, pairs) = (0, 0, 0)
    // Line feeds by the byte in front of them.
    var before = [Int](repeating: 0, count: 256)
    var last: UInt8 = 0
    var offset = 0
    while offset < file.byteCount {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
      let bytes = try file.bytes(at: offset, count: 1 << 20)
      guard !bytes.isEmpty else { break }
      for byte in bytes {
        if byte == 0x0A {
          feeds += 1
          before[Int(last)] += 1
          if last == 0x0D { pairs += 1 }
        } else if byte == 0x0D {
          returns += 1
        }
        last = byte
      }
      offset += bytes.count
      // Most files need no more than this to be cleared.
      if feeds >= leastLineFeeds, pairs > 0, pairs < feeds { return nil }
    }
    if feeds >= leastLineFeeds, pairs == feeds { return .lineEnds(lineFeeds: feeds, isExpanded: true) }
    let expected = Double(feeds) * Double(returns) / Double(max(file.byteCount, 1))
    // Where a waveform repeats, bytes are no chance: those beside a carriage return have to precede line feeds.
    guard neighbours.allSatisfy({ before[Int($0)] >= leastNeighbours }) else { return nil }
    return pairs == 0 && expected >= leastExpected ? .lineEnds(lineFeeds: feeds, isExpanded: false) : nil
  }
}
