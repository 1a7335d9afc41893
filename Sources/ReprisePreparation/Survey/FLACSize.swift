import RepriseAudio

/// A prediction of the size of a FLAC file, made by encoding without writing.
///
/// Of long stretches, only one block of each group is encoded, chosen by a hash so that no regularity of the music
/// coincides with the choice; the remaining blocks are assumed to be similar, with a margin.
struct FLACSize {
  /// A predicted size.
  struct Foreseen: Equatable {
    /// Likeliest size in bytes.
    let likely: Int
    /// Maximum size in bytes.
    let most: Int
    /// `true` if every block was encoded, so that the size is exact.
    let isCounted: Bool
  }

  private let channels: Int
  /// Number of blocks in a group.
  private let group: Int
  private let counter: FLACSizeCounter
  /// Samples of the block being filled.
  private var pending: [Int32] = []
  /// Number of completed blocks.
  private var blocks = 0
  /// Indices of the encoded blocks.
  private var encoded: [Int] = []

  /// Creates a prediction for interleaved samples.
  ///
  /// - Parameters:
  ///   - path: The path of the recording, for error messages.
  ///   - channels: The number of channels, 1…8.
  ///   - width: The number of bits per sample.
  ///   - sampleRate: The sample rate in Hz.
  ///   - group: The number of blocks of which one is encoded; 1 encodes all.
  /// - Throws: `AudioFileError` with `unsupportedFormat` if FLAC does not support such samples.
  init(path: String, channels: Int, width: Int, sampleRate: Int, group: Int) throws(AudioFileError) {
    self.channels = channels
    self.group = max(group, 1)
    counter = try FLACSizeCounter(path: path, bitsPerSample: width, sampleRate: sampleRate, channels: channels)
  }

  /// Returns the number of blocks of a stretch.
  static func blocks(frames: Int) -> Int {
    (frames + FLACSizeCounter.frameSamples - 1) / FLACSizeCounter.frameSamples
  }

  /// Adds whole frames of left-justified samples that have at most `width` bits.
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

  /// Counts a block without its samples, which are not wanted.
  mutating func pass() { blocks += 1 }

  /// Returns `true` for one block of each group, at a different position in each.
  func isWanted(_ block: Int) -> Bool {
    let (index, offset) = block.quotientAndRemainder(dividingBy: group)
    var hash = UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 29
    hash = hash &* 0xBF58_476D_1CE4_E5B9
    return Int((hash >> 33) % UInt64(group)) == offset
  }

  /// Returns the size for the samples added.
  mutating func finish() throws(AudioFileError) -> Foreseen {
    if !pending.isEmpty { try counter.add(pending) }
    let (header, counted) = try counter.finish()
    var frames = counted
    let last = pending.isEmpty ? 0 : frames.popLast() ?? 0
    let sum = frames.reduce(0, +)
    guard !encoded.isEmpty, encoded.count < blocks else {
      return Foreseen(likely: header + sum + last, most: header + sum + last, isCounted: true)
    }
    // A frame contains its number, whose encoding grows with the number.
    for (index, block) in encoded.enumerated() {
      frames[index] += FLACSize.numberBytes(block) - FLACSize.numberBytes(index)
    }
    let mean = Double(frames.reduce(0, +)) / Double(frames.count)
    // Adjacent blocks are similar, so the variance within a group is that between adjacent choices.
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

  /// Returns the number of bytes of a coded frame number (RFC 9639 §9.1.5).
  private static func numberBytes(_ number: Int) -> Int {
    number < 0x80 ? 1 : number < 0x800 ? 2 : number < 0x1_0000 ? 3 : 4
  }
}
