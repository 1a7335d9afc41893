/// Adds to the evidence on a flac with whole frames what decoders misread, and the way to mend it.
struct FLACMender {
  let layout: FLACLayout
  let first: FLACFrameHeader?

  /// Adds what decoders misread.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - counted: The number of samples per channel of the frames.
  ///   - end: The offset of the end of the last frame.
  ///   - evidence: The evidence.
  /// - Throws: `AudioFileError` if the file cannot be read.
  func add(
    _ file: borrowing InputFile, counted: Int, end: Int, to evidence: inout Evidence
  ) throws(AudioFileError) {
    guard let start = layout.audioStart, counted > 0 else { return }
    let causes = try FLACDecoders(file, layout, first: first, counted: counted, end: end).portability()
    // The decoding pass may have found more.
    let all = evidence.portability + causes
    evidence.portability = all
    evidence.mending =
      FLACMending(
        layout: layout, first: first, portability: all, counted: counted, frames: start..<max(end, start),
        fileBytes: file.byteCount, hasStaleMD5: evidence.hasStaleMD5
      ).mending()
  }
}
