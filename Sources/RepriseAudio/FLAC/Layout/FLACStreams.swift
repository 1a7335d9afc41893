/// Several flacs in one file, joined byte by byte.
enum FLACStreams {
  /// Returns the offsets of the markers of the streams after the first.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - start: The offset of the first frame of the first stream.
  /// - Returns: The offsets, in order.
  /// - Throws: `AudioFileError` if the file cannot be read.
  static func others(_ file: borrowing InputFile, from start: Int) throws(AudioFileError) -> [Int] {
    let block = 1 << 20
    var found: [Int] = []
    var offset = start
    while offset < file.byteCount, found.count < 10_000 {
      let bytes = try file.bytes(at: offset, count: block + 8)
      let span = unsafe bytes.span.bytes
      var at = 0
      while let place = span.first(UInt8(ascii: "f"), from: at, to: min(block, bytes.count)) {
        at = place + 1
        // The marker, and the header of a STREAMINFO block of 34 bytes.
        guard span.has("fLaC", at: place), let word = span.big32(at: place + 4), word & 0x7FFF_FFFF == 34 else {
          continue
        }
        found.append(offset + place)
      }
      offset += block
    }
    return found
  }

  /// Returns the stretches of all streams of a file, in seconds, one after another.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - starts: The offsets of the markers of all streams.
  /// - Returns: The stretches; one is empty if its length is not known.
  /// - Throws: `AudioFileError` if the file cannot be read.
  static func parts(_ file: borrowing InputFile, starts: [Int]) throws(AudioFileError) -> [Inspection.TimeSpan] {
    var parts: [Inspection.TimeSpan] = []
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] : file.byteCount
      let begin = parts.last?.end ?? 0
      parts.append(
        Inspection.TimeSpan(start: begin, end: begin + (try seconds(file, start..<end) ?? 0)))
    }
    return parts
  }

  private static func seconds(_ file: borrowing InputFile, _ range: Range<Int>) throws(AudioFileError) -> Double? {
    let layout = try FLACLayout(file, start: range.lowerBound)
    guard let info = layout.streamInfo, info.sampleRate > 0, let start = layout.audioStart, start < range.upperBound,
      let first = FLACFrameHeader(try file.bytes(at: start, count: FLACFrameHeader.mostBytes), at: 0)
    else { return nil }
    let tail = try FLACTail.find(file, from: start, to: range.upperBound, first: first)
    return Double(tail?.totalSamples ?? info.totalSamples) / Double(info.sampleRate)
  }
}
