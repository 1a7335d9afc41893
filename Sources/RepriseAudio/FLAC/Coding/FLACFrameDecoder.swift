/// A decoder of single frames with samples beyond the range of their width (RFC 9639 §9), which libFLAC rejects.
///
/// Recorders that were fed over full scale write such frames; their checksums are right.
struct FLACFrameDecoder {
  /// A decoded frame.
  struct Frame {
    /// Samples of each channel, as coded.
    let channels: [[Int]]
    /// Size of the frame in bytes.
    let byteCount: Int
    /// Number of samples beyond the range of their width.
    let beyond: Int

    /// Returns the samples interleaved, clipped to a width in bits, and left-justified.
    func interleaved(bits: Int) -> [Int32] {
      let (low, high) = (-(1 << (bits - 1)), 1 << (bits - 1) - 1)
      var block = [Int32](repeating: 0, count: channels.count * (channels.first?.count ?? 0))
      for (channel, samples) in channels.enumerated() {
        for (index, sample) in samples.enumerated() {
          block[index * channels.count + channel] = Int32(min(max(sample, low), high)) << Int32(32 - bits)
        }
      }
      return block
    }
  }

  /// Width of a sample in bits.
  let bits: Int

  /// Decodes the frame at the beginning of some bytes; `nil` if there is none, or if its checksum is wrong.
  func decode(_ bytes: [UInt8]) -> Frame? {
    guard let header = FLACFrameHeader(bytes, at: 0), (4...32).contains(bits) else { return nil }
    let assignment = Int(bytes[3] >> 4)
    var reader = Reader(bytes: bytes, bit: 8 * Self.headerBytes(bytes))
    var channels: [[Int]] = []
    for index in 0..<header.channels {
      let isSide = assignment == 8 && index == 1 || assignment == 9 && index == 0 || assignment == 10 && index == 1
      guard let samples = reader.subframe(bits: bits + (isSide ? 1 : 0), count: header.blockSize) else { return nil }
      channels.append(samples)
    }
    let end = (reader.bit + 7) / 8 + 2
    guard end <= bytes.count, CRC16.isFLACFrame(bytes, 0..<end) else { return nil }
    if assignment >= 8 { Self.restore(&channels, assignment) }
    let range = -(1 << (bits - 1))..<1 << (bits - 1)
    let beyond = channels.reduce(0) { $0 + $1.count { !range.contains($0) } }
    return Frame(channels: channels, byteCount: end, beyond: beyond)
  }

  /// Returns the size of a header, whose checksum was verified.
  private static func headerBytes(_ bytes: [UInt8]) -> Int {
    let lead = bytes[4]
    let number = lead < 0x80 ? 1 : (~lead).leadingZeroBitCount
    let size = [6: 1, 7: 2][bytes[2] >> 4] ?? 0
    let rate = [12: 1, 13: 2, 14: 2][bytes[2] & 15] ?? 0
    return 4 + number + size + rate + 1
  }

  /// Turns two coded channels into left and right (§4.2).
  private static func restore(_ channels: inout [[Int]], _ assignment: Int) {
    for index in channels[0].indices {
      let (one, other) = (channels[0][index], channels[1][index])
      switch assignment {
      case 8: channels[1][index] = one &- other
      case 9: channels[0][index] = one &+ other
      default:
        let mid = one << 1 | other & 1
        channels[0][index] = (mid &+ other) >> 1
        channels[1][index] = (mid &- other) >> 1
      }
    }
  }

  /// A reader of the bits of a frame; bits beyond the end read as 0, which the checksum reveals.
  private struct Reader {
    let bytes: [UInt8]
    var bit: Int

    mutating func unsigned(_ count: Int) -> Int {
      guard count > 0 else { return 0 }
      let word = unsafe bytes.span.bytes.bits64(at: bit)
      bit += count
      return Int(truncatingIfNeeded: word >> UInt64(64 - count))
    }

    mutating func signed(_ count: Int) -> Int {
      let value = unsigned(count)
      return count > 0 && value >> (count - 1) & 1 == 1 ? value - 1 << count : value
    }

    /// Returns the number of zeros before the next one; `nil` at the end.
    mutating func zeros() -> Int? {
      var found = 0
      while bit < 8 * bytes.count {
        let word = unsafe bytes.span.bytes.bits64(at: bit)
        let count = min(word.leadingZeroBitCount, 56)
        bit += count
        found += count
        guard count == 56 else {
          bit += 1
          return found
        }
      }
      return nil
    }

    /// Decodes a subframe (§9.2).
    mutating func subframe(bits: Int, count: Int) -> [Int]? {
      guard unsigned(1) == 0 else { return nil }
      let type = unsigned(6)
      var wasted = 0
      if unsigned(1) == 1 {
        guard let zeros = zeros() else { return nil }
        wasted = zeros + 1
      }
      let width = bits - wasted
      guard width > 0 else { return nil }
      var samples: [Int]
      switch type {
      case 0: samples = [Int](repeating: signed(width), count: count)
      case 1:
        guard bit + width * count <= 8 * bytes.count else { return nil }
        samples = (0..<count).map { _ in signed(width) }
      case 8...12:
        let weights = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]][type - 8]
        let first = (0..<type - 8).map { _ in signed(width) }
        guard let whole = predicted(first, weights: weights, shift: 0, count: count) else { return nil }
        samples = whole
      case 32...:
        let first = (0..<type - 31).map { _ in signed(width) }
        let precision = unsigned(4) + 1
        let shift = signed(5)
        guard precision < 16, shift >= 0 else { return nil }
        let weights = first.map { _ in signed(precision) }
        guard let whole = predicted(first, weights: weights, shift: shift, count: count) else { return nil }
        samples = whole
      default: return nil
      }
      return wasted == 0 ? samples : samples.map { $0 << wasted }
    }

    /// Adds the coded residual (§9.2.7) to the prediction from the samples before.
    private mutating func predicted(_ first: [Int], weights: [Int], shift: Int, count: Int) -> [Int]? {
      let method = unsigned(2)
      let order = unsigned(4)
      guard method < 2, count >= first.count, (count >> order) << order == count, count >> order >= first.count else {
        return nil
      }
      var samples = first
      samples.reserveCapacity(count)
      for partition in 0..<1 << order {
        let parameter = unsigned(method == 0 ? 4 : 5)
        let isEscaped = parameter == (method == 0 ? 15 : 31)
        let width = isEscaped ? unsigned(5) : 0
        for _ in 0..<(count >> order) - (partition == 0 ? first.count : 0) {
          let residual: Int
          if isEscaped {
            residual = signed(width)
          } else {
            guard let high = zeros() else { return nil }
            let folded = high << parameter | unsigned(parameter)
            residual = folded >> 1 ^ -(folded & 1)
          }
          var sum = 0
          for (index, weight) in weights.enumerated() { sum &+= weight &* samples[samples.count - 1 - index] }
          samples.append((sum >> shift) &+ residual)
        }
      }
      return samples
    }
  }
}
