import RepriseSystem

/// A range of an mp3 that belongs to no frame: tags and padding, or damage.
struct NonAudioRegion: Equatable {
  /// Range of bytes.
  let range: Range<Int>
  /// Contents of the range.
  private(set) var contents = NonAudioContents()
  /// `true` if anything other than zeros was recognised.
  private(set) var hasTags = false
  /// Number of bytes that were not recognised.
  private(set) var unexplained = 0
  /// Offset of the first byte that was not recognised.
  private(set) var firstUnexplained = 0

  /// Examines a range: tags are named; bytes after the first unrecognised one are not examined.
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
