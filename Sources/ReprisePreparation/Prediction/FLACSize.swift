/// Foresees how large a flac will be, without making it.
///
/// It takes the same decisions as libFLAC at its default level (5, which our writer sets): blocks of 4096 samples, mid
/// and side where they are cheaper, fixed or linear prediction, partitioned Rice codes; and counts the bits that
/// would be written. Of long stretches only some blocks are counted, one out of each group, picked by a hash so that
/// nothing regular in the music meets them; the rest is taken to be like them, with a margin.
struct FLACSize {
  /// The size that comes out.
  struct Foreseen: Equatable {
    /// The likeliest, in bytes.
    let likely: Int
    /// The most, in bytes.
    let most: Int
    /// Whether every block was counted.
    let isCounted: Bool
  }

  private static let blockFrames = 4096

  private let channels: Int
  private let width: Int
  private let sampleRate: Int
  /// Blocks in a group.
  private let group: Int

  private var pending: [[Int32]]
  private var filled = 0
  private var blocks = 0
  private var counted: [Int] = []
  private var last = 0
  private var delicate = 0
  private var cost = SubframeCost()
  private var mid: [Int32] = []
  private var side: [Int32] = []

  /// A count for interleaved samples.
  ///
  /// - Parameters:
  ///   - channels: 1…8.
  ///   - width: bits a sample: 8, 16 or 24.
  ///   - sampleRate: in Hz.
  ///   - group: one block out of so many is counted; 1 counts all.
  init(channels: Int, width: Int, sampleRate: Int, group: Int) {
    self.channels = channels
    self.width = width
    self.sampleRate = sampleRate
    self.group = max(group, 1)
    pending = Array(repeating: Array(repeating: 0, count: FLACSize.blockFrames), count: channels)
  }

  /// How many blocks a stretch has.
  static func blocks(frames: Int) -> Int { (frames + blockFrames - 1) / blockFrames }

  /// Takes whole frames of left-justified samples that have no more bits than `width`.
  mutating func add(_ interleaved: [Int32]) {
    let frames = interleaved.count / channels
    var start = 0
    while start < frames {
      let take = min(frames - start, FLACSize.blockFrames - filled)
      if isWanted(blocks) || frames - start < FLACSize.blockFrames || filled > 0 {
        fill(interleaved, from: start, count: take)
      }
      filled += take
      start += take
      if filled == FLACSize.blockFrames {
        if isWanted(blocks) { counted.append(bytes(count: filled)) }
        blocks += 1
        filled = 0
      }
    }
  }

  private mutating func fill(_ interleaved: [Int32], from start: Int, count: Int) {
    let shift = Int32(32 - width)
    let all = interleaved.span
    for channel in 0..<channels {
      var out = pending[channel].mutableSpan
      for index in 0..<count { out[filled + index] = all[(start + index) * channels + channel] &>> shift }
    }
  }

  /// One block of each group, another one each time.
  private func isWanted(_ block: Int) -> Bool {
    guard group > 1 else { return true }
    let (index, place) = block.quotientAndRemainder(dividingBy: group)
    var hash = UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 29
    hash = hash &* 0xBF58_476D_1CE4_E5B9
    return Int((hash >> 33) % UInt64(group)) == place
  }

  /// The size of what was added.
  mutating func finish() -> Foreseen {
    if filled > 0 {
      last = bytes(count: filled)
      filled = 0
    }
    // Music came out to within 0.001 %. In synthetic tones of 24 bits, which are nearly predictable, the rounding of sums,
    // other on each processor, decides what is left: up to 3 % of such frames, 0.3 % of those less extreme.
    let share = Double(delicate) / Double(max(counted.reduce(0, +) + last, 1))
    let tolerance = (width > 16 ? 0.004 : 0.0015) + 0.06 * share
    // STREAMINFO, and a comment with nothing but the library's name.
    let header = 4 + 38 + 44
    let sum = counted.reduce(0, +)
    guard !counted.isEmpty, counted.count < blocks else {
      let whole = header + sum + last
      return Foreseen(likely: whole, most: whole + Int(Double(whole) * tolerance) + 64, isCounted: true)
    }
    let mean = Double(sum) / Double(counted.count)
    // Neighbours in time are alike, so the scatter within a group is that between neighbouring picks.
    var square = 0.0
    for index in counted.indices.dropFirst() {
      let step = Double(counted[index] - counted[index - 1])
      square += step * step
    }
    let variance = counted.count > 1 ? square / Double(2 * (counted.count - 1)) : mean * mean
    let rest = Double(blocks - counted.count)
    let error = (rest * rest * variance / Double(counted.count) + rest * variance).squareRoot()
    let likely = Double(header + last) + mean * Double(blocks)
    let most = likely * (1 + tolerance) + 5 * error + 64
    return Foreseen(likely: Int(likely.rounded()), most: Int(most.rounded(.up)), isCounted: false)
  }

  /// One frame: header, subframes, padding to a byte, checksum.
  private mutating func bytes(count: Int) -> Int {
    let precision = FLACSize.precision(width: width, count: FLACSize.blockFrames)
    var bits: BitCount
    var single: [BitCount] = []
    for channel in 0..<channels {
      single.append(cost.bits(pending[channel], count: count, width: width, precision: precision))
    }
    if channels == 2 {
      mid.removeAll(keepingCapacity: true)
      side.removeAll(keepingCapacity: true)
      let left = pending[0]
      let right = pending[1]
      for index in 0..<count {
        mid.append((left[index] &+ right[index]) &>> 1)
        side.append(left[index] &- right[index])
      }
      let middle = cost.bits(mid, count: count, width: width, precision: precision)
      let difference = cost.bits(side, count: count, width: width + 1, precision: precision)
      bits = single[0] + single[1]
      for other in [single[0] + difference, single[1] + difference, middle + difference] {
        bits = .cheaper(bits, other)
      }
    } else {
      bits = single.reduce(BitCount(guessed: 0, written: 0), +)
    }
    // RFC 9639 §9.1: sync and codes, the frame's number as UTF-8, sizes no code stands for, CRC-8, and CRC-16 behind.
    var head = 4 + 1 + 2
    head += blocks < 0x80 ? 1 : blocks < 0x800 ? 2 : blocks < 0x1_0000 ? 3 : 4
    if count != FLACSize.blockFrames { head += count <= 256 ? 1 : 2 }
    let known = [8000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176_400, 192_000]
    if !known.contains(sampleRate) { head += 2 }
    let bytes = head + (bits.written + 7) / 8
    if cost.isDelicate { delicate += bytes }
    cost.isDelicate = false
    return bytes
  }

  /// Bits of a coefficient, as the reference encoder takes them for a block.
  private static func precision(width: Int, count: Int) -> Int {
    if width < 16 { return max(5, 2 + width / 2) }
    if width == 16 { return count <= 2304 ? 11 : count <= 4608 ? 12 : 13 }
    return 15
  }
}
