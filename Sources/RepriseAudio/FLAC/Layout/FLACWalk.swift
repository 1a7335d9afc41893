import RepriseSystem

/// Follows the frames of a stream by their headers, without decoding: about fifty times as fast.
enum FLACWalk {
  private static let block = 1 << 20
  /// Largest number of bytes that are checked for false headers; a hostile file is full of them, and is decoded
  /// instead.
  private static let checkedBytes = 1 << 26

  /// Returns `true` if every frame from the first to the last follows the previous one directly, with no frame missing,
  /// repeated or from another stream.
  ///
  /// Byte sequences that look like a header do occur inside frames; a header is genuine if the previous frame ends at
  /// it, which the checksum of that frame confirms. The checksums of all frames are compared as well.
  static func isGapless(
    _ file: borrowing InputFile, from start: Int, first: FLACFrameHeader, tail: FLACTail, cancellation: Cancellation?
  ) throws(AudioFileError) -> Bool {
    var expected = 0
    var last = start
    var loose: Int?
    var offset = start
    var budget = checkedBytes
    while offset <= tail.start {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
      let bytes = try file.bytes(at: offset, count: block + FLACFrameHeader.mostBytes)
      let most = min(bytes.count, block, tail.start - offset + 1)
      guard most > 0 else { return false }
      var at = 0
      while let position = FLACFrameHeader.sync(bytes, from: at, to: most) {
        at = position + 1
        guard let frame = FLACFrameHeader(bytes, at: position) else { continue }
        let here = offset + position
        if frame.number == expected, frame.goes(with: first) {
          // Any block may be the last, but then no other follows.
          guard frame.isVariable || frame.blockSize == first.blockSize || here == tail.start else { return false }
          // A wrong checksum is damage, or a header that was not genuine.
          if here > last {
            let isWhole =
              last >= offset
              ? CRC16.isFLACFrame(bytes, last - offset..<position) : try isFrame(file, from: last, to: here)
            guard isWhole else { return false }
          }
          expected += frame.isVariable ? frame.blockSize : 1
          last = here
          loose = nil
          continue
        }
        for before in [last, loose].compactMap({ $0 }) {
          if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
          budget -= here - before
          guard budget > 0, try !isFrame(file, from: before, to: here) else { return false }
        }
        loose = here
      }
      offset += most
    }
    return last == tail.start
  }

  /// Returns `true` if the numbers of frames at a quarter, a half and three quarters of the stream ascend, as they do not
  /// where two streams of one length are joined.
  static func ascends(
    _ file: borrowing InputFile, from start: Int, first: FLACFrameHeader, tail: FLACTail
  ) throws(AudioFileError) -> Bool {
    var last = 0
    for quarter in 1...3 {
      let bytes = try file.bytes(at: start + (tail.start - start) / 4 * quarter, count: 1 << 15)
      var (at, found): (Int, Int?) = (0, nil)
      while found == nil, let place = FLACFrameHeader.sync(bytes, from: at, to: bytes.count) {
        at = place + 1
        if let frame = FLACFrameHeader(bytes, at: place), frame.goes(with: first) { found = frame.number }
      }
      // A frame may be larger than what was read.
      guard let found else { continue }
      guard found > last, found < tail.last.number else { return false }
      last = found
    }
    return true
  }

  private static func isFrame(_ file: borrowing InputFile, from start: Int, to end: Int) throws(AudioFileError) -> Bool
  {
    guard end - start < 1 << 22 else { return false }
    let bytes = try file.bytes(at: start, count: end - start)
    return CRC16.isFLACFrame(bytes, 0..<bytes.count)
  }
}
