import RepriseSystem

/// A stretch of an mp3 that belongs to no frame: tags and padding, or damage.
struct NonAudioRegion: Equatable {
  /// The bytes.
  let range: Range<Int>
  /// What it holds.
  private(set) var contents = NonAudioContents()
  /// `true` if anything but zeros was recognised.
  private(set) var hasTags = false
  /// Bytes that nothing explains.
  private(set) var unexplained = 0
  /// Where the first of them stands.
  private(set) var firstUnexplained = 0

  /// Looks at a stretch: tags are named; what stands behind the first byte of anything else is not looked at.
  init(
    _ bytes: RawSpan, _ range: Range<Int>, cancellation: Cancellation?, passed: (Int) -> Void = { _ in }
  ) throws(CancellationError) {
    self.range = range
    var tags = MP3Tags()
    var offset = range.lowerBound
    while offset < range.upperBound {
      if let cancellation { try cancellation.check() }
      if let tag = tags.tag(bytes, at: offset, to: range.upperBound) {
        add(tag.kind)
        offset += tag.length
        continue
      }
      var zeros = 0
      while offset + zeros < range.upperBound {
        let end = min(offset + zeros + MappedBytes.forgotten, range.upperBound)
        let more = bytes.zeros(from: offset + zeros, to: end)
        guard more > 0 else { break }
        if let cancellation { try cancellation.check() }
        zeros += more
        passed(offset + zeros)
      }
      guard zeros >= 16 || zeros == range.upperBound - offset else {
        unexplained = range.upperBound - offset
        contents.hasUnexplained = true
        firstUnexplained = offset
        return
      }
      add(.zeros)
      offset += zeros
    }
  }

  private mutating func add(_ kind: NonAudio) {
    hasTags = hasTags || kind != .zeros
    contents.recognised.append(kind)
  }
}
