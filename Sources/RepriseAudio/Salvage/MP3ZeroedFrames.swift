/// The frames of an mp3 whose data hold long runs of zeros, as a lost block of a disk or a download leaves.
///
/// Zeros can be read as codes, so that their ends reveal nothing. Coded music has no such runs; what fills up a frame
/// behind its data has.
struct MP3ZeroedFrames {
  /// Indices of the frames.
  private(set) var indices: [Int] = []
  private var count = 0
  /// Number of bytes of main data so far.
  private var position = 0
  /// Runs of zeros in the main data that later frames may reach.
  private var runs: [Range<Int>] = []

  /// Smallest number of zeros in a row that is no music: 192 bits.
  private static let shortest = 24
  /// Number of bytes that exceeds the reach of any frame.
  private static let farthest = 512

  /// Creates an empty list.
  init() {}

  /// Discards the previous frames, which the next one does not continue.
  mutating func interrupt() { runs = [] }

  /// Adds the next frame; `nil` for one that is not examined.
  mutating func add(_ frame: RawSpan?, _ header: MPEGFrameHeader) {
    defer { count += 1 }
    let start = header.isProtected ? 6 : 4
    let main = start + header.sideInformation
    guard let frame, main <= frame.byteCount else { return interrupt() }
    let slot = position
    position += frame.byteCount - main
    var place = main
    while let zero = frame.first(0, from: place, to: frame.byteCount) {
      let length = frame.zeros(from: zero, to: frame.byteCount)
      if length >= MP3ZeroedFrames.shortest { runs.append(slot + zero - main..<slot + zero - main + length) }
      place = zero + max(length, 1)
    }
    guard !runs.isEmpty else { return }
    let side = MP3SideInformation(frame, at: start, frame: header)
    var bits = 0
    for index in 0..<side.count { bits += side.granules[index].codedBits }
    let first = slot - side.mainDataBegin
    let own = first..<first + (bits + 7) / 8
    let isHit = runs.contains { run in
      let common = run.clamped(to: own)
      return common.count >= MP3ZeroedFrames.shortest
    }
    if isHit { indices.append(count) }
    runs.removeAll { $0.upperBound < position - MP3ZeroedFrames.farthest }
  }
}
