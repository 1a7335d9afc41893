import RepriseSystem

/// Finds the next frame if the last one is not followed by another.
struct MP3FrameFinder {
  /// Offset of the end of the audio.
  let end: Int
  private var tags = MP3Tags()

  /// Creates a finder that searches up to `end`.
  init(end: Int) { self.end = end }

  /// Returns the offset of the next frame at or after `start`, and similar onesd; `nil` if there is none.
  ///
  /// Tags are skipped as a whole: pictures and texts in them do hold bytes that look like frames.
  mutating func next(
    _ bytes: RawSpan, from start: Int, kind: MP3FrameKind, cancellation: Cancellation?,
    passed: (Int) -> Void
  ) throws(CancellationError) -> (position: Int, kind: MP3FrameKind)? {
    if let found = frame(bytes, at: start, kind: kind, isExpected: true) { return (start, found) }
    var position = start
    var left = MP3FrameFinder.tagsInARow
    while left > 0, position < end, let tag = tags.tag(bytes, at: position, to: end) {
      position += tag.length
      left -= 1
      if let found = frame(bytes, at: position, kind: kind, isExpected: true) { return (position, found) }
    }
    if position > start {
      while case let zeros = bytes.zeros(from: position, to: min(position + MappedBytes.forgotten, end)), zeros > 0 {
        if let cancellation { try cancellation.check() }
        position += zeros
        passed(position)
      }
      if position >= end { return nil }
      if let found = frame(bytes, at: position, kind: kind, isExpected: true) { return (position, found) }
    }
    // A tag followed by neither a frame nor the end may not be one, or have a wrong length: every byte is examined.
    var offset = start + 1
    while offset < end {
      if let cancellation { try cancellation.check() }
      let stop = min(offset + MappedBytes.forgotten, end)
      while let candidate = bytes.first(0xFF, from: offset, to: stop) {
        if let found = frame(bytes, at: candidate, kind: kind, isExpected: false) { return (candidate, found) }
        offset = candidate + 1
      }
      offset = stop
      passed(offset)
    }
    return nil
  }

  /// Number of consecutive tags that are skipped; a file made of tags must not be read again from each of them.
  private static let tagsInARow = 64
  /// Returns the kind of the frame at an offset; `nil` if there is none, or not all of it.
  private func frame(_ bytes: RawSpan, at offset: Int, kind: MP3FrameKind, isExpected: Bool) -> MP3FrameKind? {
    guard offset <= end - 4, let word = bytes.big32(at: offset), word >> 21 == 0x7FF else { return nil }
    let length = kind.length(word)
    if length > 0 { return chain(bytes, from: offset, kind: kind, wanted: isExpected ? 1 : 2) ? kind : nil }
    var other = MP3FrameKind(word: word)
    if other == nil, let header = MPEGFrameHeader(word: Int(word)), header.layer == 3, header.bitrate == 0 {
      let part = bytes.copy(at: offset, count: min(MP3FrameFinder.freeFormatBytes, end - offset))
      guard let free = MPEGSync.freeFormatLength(part, from: 0, header: header) else { return nil }
      other = MP3FrameKind(word: word, freeFormatLength: free)
    }
    guard let other, chain(bytes, from: offset, kind: other, wanted: isExpected ? 2 : 3) else { return nil }
    return other
  }

  /// Number of bytes of three of the longest frames that `MPEGSync` searches for.
  private static let freeFormatBytes = 18_016

  /// Returns `true` if `wanted` whole frames of a kind are consecutive, or fewer up to a tag or the end.
  private func chain(_ bytes: RawSpan, from start: Int, kind: MP3FrameKind, wanted: Int) -> Bool {
    var offset = start
    for index in 0..<wanted {
      if index > 0, offset == end || MP3Tags.begins(bytes, at: offset) { return true }
      guard offset <= end - 4, let word = bytes.big32(at: offset) else { return false }
      let length = kind.length(word)
      guard length > 0, offset + length <= end else { return false }
      offset += length
    }
    return true
  }
}
