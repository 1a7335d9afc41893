import RepriseAudio

/// Foresees how large a flac will be, by encoding it without writing it.
///
/// Of long stretches only some blocks are encoded, one out of each group, picked by a hash so that nothing regular in
/// the music meets them; the rest is taken to be like them, with a margin.
struct FLACSize {
  /// The size that comes out.
  struct Foreseen: Equatable {
    /// The likeliest, in bytes.
    let likely: Int
    /// The most, in bytes.
    let most: Int
    /// Whether every block was encoded, so that the size is exact.
    let isCounted: Bool
  }

  private let channels: Int
  /// Blocks in a group.
  private let group: Int
  private let counter: FLACSizeCounter
  /// The block that is being filled.
  private var pending: [Int32] = []
  /// How many blocks are over.
  private var blocks = 0
  /// The numbers of those that were encoded.
  private var encoded: [Int] = []

  /// A count for interleaved samples.
  ///
  /// - Parameters:
  ///   - path: The recording, for messages.
  ///   - channels: 1…8.
  ///   - width: Bits a sample.
  ///   - sampleRate: In Hz.
  ///   - group: One block out of so many is encoded; 1 encodes all.
  /// - Throws: `AudioFileError` `unsupportedFormat` where flac has no such samples.
  init(path: String, channels: Int, width: Int, sampleRate: Int, group: Int) throws(AudioFileError) {
    self.channels = channels
    self.group = max(group, 1)
    counter = try FLACSizeCounter(path: path, bitsPerSample: width, sampleRate: sampleRate, channels: channels)
  }

  /// How many blocks a stretch has.
  static func blocks(frames: Int) -> Int {
    (frames + FLACSizeCounter.frameSamples - 1) / FLACSizeCounter.frameSamples
  }

  /// Takes whole frames of left-justified samples that have no more bits than `width`.
  mutating func add(_ interleaved: [Int32]) throws(AudioFileError) {
    guard group > 1 else { return try counter.add(interleaved) }
    let size = FLACSizeCounter.frameSamples * channels
    var rest = interleaved[...]
    while !rest.isEmpty {
      let part = rest.prefix(size - pending.count)
      pending += part
      rest = rest.dropFirst(part.count)
      guard pending.count == size else { return }
      if isWanted(blocks) {
        try counter.add(pending)
        encoded.append(blocks)
      }
      blocks += 1
      pending.removeAll(keepingCapacity: true)
    }
  }

  /// One block of each group, another one each time.
  private func isWanted(_ block: Int) -> Bool {
    let (index, place) = block.quotientAndRemainder(dividingBy: group)
    var hash = UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 29
    hash = hash &* 0xBF58_476D_1CE4_E5B9
    return Int((hash >> 33) % UInt64(group)) == place
  }

  /// The size of what was added.
  mutating func finish() throws(AudioFileError) -> Foreseen {
    if !pending.isEmpty { try counter.add(pending) }
    let (header, counted) = try counter.finish()
    var frames = counted
    let last = pending.isEmpty ? 0 : frames.popLast() ?? 0
    let sum = frames.reduce(0, +)
    guard !encoded.isEmpty, encoded.count < blocks else {
      return Foreseen(likely: header + sum + last, most: header + sum + last, isCounted: true)
    }
    // A frame tells its number, which has more bytes the higher it is.
    for (index, block) in encoded.enumerated() {
      frames[index] += FLACSize.numberBytes(block) - FLACSize.numberBytes(index)
    }
    let mean = Double(frames.reduce(0, +)) / Double(frames.count)
    // Neighbours in time are alike, so the scatter within a group is that between neighbouring picks.
    var square = 0.0
    for index in frames.indices.dropFirst() {
      let step = Double(frames[index] - frames[index - 1])
      square += step * step
    }
    let variance = frames.count > 1 ? square / Double(2 * (frames.count - 1)) : mean * mean
    let rest = Double(blocks - frames.count)
    let error = (rest * rest * variance / Double(frames.count) + rest * variance).squareRoot()
    let likely = Double(header + last) + mean * Double(blocks)
    return Foreseen(
      likely: Int(likely.rounded()), most: Int((likely + 5 * error + 64).rounded(.up)), isCounted: false)
  }

  /// The bytes of a frame's number (RFC 9639 §9.1.5).
  private static func numberBytes(_ number: Int) -> Int {
    number < 0x80 ? 1 : number < 0x800 ? 2 : number < 0x1_0000 ? 3 : 4
  }
}
