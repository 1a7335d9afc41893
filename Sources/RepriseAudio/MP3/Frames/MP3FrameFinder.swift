import RepriseSystem

/// Finds the next frame if the last one is not followed by another.
struct MP3FrameFinder {
  /// Offset of the end of the audio.
  let end: Int
  private var tags = MP3Tags()

  /// Creates a finder that searches up to `end`.
  init(end: Int) { self.end = end }

  /// Returns the offset of the next frame at or after `start`, and its kind; `nil` if there is none.
  ///
  /// Tags are skipped as a whole: pictures and texts in them do hold bytes that look like frames.
  mutating func next(
    _ bytes: RawSpan, from start: Int, kind: MP3FrameKind, cancellation: Cancellation?,
    passed: (Int) -> Void
  ) throws(CancellationError) -> (position: Int, kind: MP3FrameKind)? {
    if let found = frame(bytes, at: start, kind: kind, isExpected: true) { return (start, found) }
    var place = start
    var left = MP3FrameFinder.tagsInARow
    while left > 0, place < end, let tag = tags.tag(bytes, at: place, to: end) {
      place += tag.length
      left -= 1
      if let found = frame(bytes, at: place, kind: kind, isExpected: true) { return (place, found) }
    }
    if place > start {
      while case let zeros = bytes.zeros(from: place, to: min(place + MappedBytes.forgotten, end)), zeros > 0 {
        if let cancellation { try cancellation.check() }
        place += zeros
        passed(place)
      }
      if place >= end { return nil }
      if let found = frame(bytes, at: place, kind: kind, isExpected: true) { return (place, found) }
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
  private func frame(_ bytes: RawSpan, at place: Int, kind: MP3FrameKind, isExpected: Bool) -> MP3FrameKind? {
    guard place <= end - 4, let word = bytes.big32(at: place), word >> 21 == 0x7FF else { return nil }
    let length = kind.length(word)
    if length > 0 { return chain(bytes, from: place, kind: kind, wanted: isExpected ? 1 : 2) ? kind : nil }
    var other = MP3FrameKind(word: word)
    if other == nil, let header = MPEGFrameHeader(word: Int(word)), header.layer == 3, header.bitrate == 0 {
      let part = bytes.copy(at: place, count: min(MP3FrameFinder.freeFormatBytes, end - place))
      guard let free = MPEGSync.freeFormatLength(part, from: 0, header: header) else { return nil }
      other = MP3FrameKind(word: word, freeFormatLength: free)
    }
    guard let other, chain(bytes, from: place, kind: other, wanted: isExpected ? 2 : 3) else { return nil }
    return other
  }

  /// Number of bytes of three of the longest frames that `MPEGSync` searches for.
  private static let freeFormatBytes = 18_016

  /// Returns `true` if `wanted` whole frames of a kind are consecutive, or fewer up to a tag or the end.
  private func chain(_ bytes: RawSpan, from start: Int, kind: MP3FrameKind, wanted: Int) -> Bool {
    var place = start
    for index in 0..<wanted {
      if index > 0, place == end || MP3Tags.begins(bytes, at: place) { return true }
      guard place <= end - 4, let word = bytes.big32(at: place) else { return false }
      let length = kind.length(word)
      guard length > 0, place + length <= end else { return false }
      place += length
    }
    return true
  }
}
