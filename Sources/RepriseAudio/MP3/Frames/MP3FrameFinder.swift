import RepriseSystem

/// Finds the next frame where the last one is not followed by another.
struct MP3FrameFinder {
  /// Where the audio ends.
  let end: Int
  private var tags = MP3Tags()

  /// A finder that looks no further than `end`.
  init(end: Int) { self.end = end }

  /// The next frame at or behind `start`, and its kind; `nil` if there is none.
  ///
  /// Tags are passed over as a whole: pictures and texts in them do hold bytes that look like frames.
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
    // A tag that neither a frame nor the end follows may be none, or lie about its length: every byte is looked at.
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

  /// So many tags in a row are passed over; a file made of tags must not be walked again from each of them.
  private static let tagsInARow = 64
  /// The kind of the frame at a place; `nil` if none stands there, or not all of it.
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

  /// Three of the longest frames that `MPEGSync` looks for.
  private static let freeFormatBytes = 18_016

  /// Whether so many whole frames of a kind stand one behind the other, or fewer up to a tag or the end.
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
