/// One frame of an mp3.
struct MP3Frame: Equatable {
  /// Offset of the header.
  let offset: Int
  /// Size in bytes, header included.
  let length: Int
  /// Header.
  let word: UInt32
  /// Index of the frame.
  let index: Int

  /// `true` if a CRC follows the header.
  var isProtected: Bool { word >> 16 & 1 == 0 }
  /// Returns the offset, from the header, of the main data in the frame itself; `sideBytes` is that of the kind.
  func mainDataOffset(sideBytes: Int) -> Int { 4 + (isProtected ? 2 : 0) + sideBytes }
}

/// A cursor over the frames that a walk has found, which does not search for them again.
struct MP3FrameCursor {
  private let runs: [MP3Walk.Run]
  private var run = 0
  private var offset = 0
  private var index = 0

  /// Creates a cursor at the first frame.
  init(_ walk: MP3Walk) {
    runs = walk.runs
    offset = walk.start ?? 0
  }

  /// Returns the next frame; `nil` after the last one, or if the bytes have changed since the walk.
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

  /// Skips frames until the one with index `wanted` is next.
  ///
  /// - Parameters:
  ///   - wanted: The index of the next frame.
  ///   - bytes: The bytes of the file.
  ///   - passed: Called now and then with an offset before which nothing is read again soon.
  mutating func skip(to wanted: Int, _ bytes: RawSpan, passed: (Int) -> Void = { _ in }) {
    while index < wanted, run < runs.count {
      // A run that ends before the wanted frame is skipped as a whole.
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
