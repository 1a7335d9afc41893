/// One frame of an mp3.
struct MP3Frame: Equatable {
  /// Where its header stands.
  let offset: Int
  /// Its bytes, header included.
  let length: Int
  /// Its header.
  let word: UInt32
  /// How many frames stand before it.
  let index: Int

  /// Whether a CRC stands behind the header.
  var isProtected: Bool { word >> 16 & 1 == 0 }
  /// Where the main data begin that stand in the frame itself, counted from its header; `sideBytes` as the kind has it.
  func mainDataOffset(sideBytes: Int) -> Int { 4 + (isProtected ? 2 : 0) + sideBytes }
}

/// Goes through the frames that a walk has found, without looking for them again.
struct MP3FrameCursor {
  private let runs: [MP3Walk.Run]
  private var run = 0
  private var offset = 0
  private var index = 0

  /// A cursor at the first frame.
  init(_ walk: MP3Walk) {
    runs = walk.runs
    offset = walk.start ?? 0
  }

  /// The next frame; `nil` behind the last one, or where the bytes are not those any more that were walked.
  mutating func next(_ bytes: RawSpan) -> MP3Frame? {
    while run < runs.count, offset >= runs[run].end {
      run += 1
      if run < runs.count { offset = runs[run].start }
    }
    guard run < runs.count, let word = bytes.big32(at: offset) else { return nil }
    let length = runs[run].kind.length(word)
    guard length > 0, offset + length <= bytes.byteCount else { return nil }
    defer {
      offset += length
      index += 1
    }
    return MP3Frame(offset: offset, length: length, word: word, index: index)
  }

  /// Passes over frames until the one with this index is next.
  ///
  /// - Parameter passed: called with a place now and then: what stands before it is not looked at again soon.
  mutating func skip(to wanted: Int, _ bytes: RawSpan, passed: (Int) -> Void = { _ in }) {
    while index < wanted, run < runs.count {
      // A run that ends before it is passed over as a whole.
      if offset == runs[run].start, index + runs[run].frames <= wanted {
        index += runs[run].frames
        offset = runs[run].end
        run += 1
        if run < runs.count { offset = runs[run].start }
      } else if next(bytes) == nil {
        return
      } else if index & 511 == 0 {
        passed(offset)
      }
    }
  }
}
