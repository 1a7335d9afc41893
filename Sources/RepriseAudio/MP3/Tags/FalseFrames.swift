/// Bytes after the last frame of an mp3 that decoders take for frames.
///
/// Pictures in tags hold bytes like those of frame headers, and no decoder expects any tag behind the frames.
enum FalseFrames {
  /// Returns how much ffmpeg decodes of a range, in seconds.
  ///
  /// The parser of libavcodec (5.1, mpegaudio_parser.c) takes every header with defined values for a frame, and passes it
  /// on together with what is before it; the decoder (mpegaudiodec_template.c) wants the header in front, behind zeros at
  /// most, and accepts every frame of layer III whose side information has defined values.
  static func secondsOfFFmpeg(_ bytes: RawSpan, _ range: Range<Int>) -> Double {
    var seconds = 0.0
    // The end of the last frame, and the byte from which on the next header is searched for.
    var last = range.lowerBound
    var place = last
    while let found = bytes.first(0xFF, from: place, to: range.upperBound) {
      place = found + 1
      guard let word = bytes.big32(at: found), let header = MPEGFrameHeader(word: Int(word)),
        let length = header.byteCount, length >= 24
      else { continue }
      let end = min(found + length, range.upperBound)
      if bytes.zeros(from: last, to: found) == found - last,
        header.layer != 3 || isPossible(bytes.extracting(found..<end), header)
      {
        seconds += Double(header.samples) / Double(header.sampleRate)
      }
      last = max(end, place)
      place = last
    }
    return seconds
  }

  /// Returns how many frames libmpg123 decodes of a range that it takes for no tag.
  ///
  /// It searches 1024 bytes for the next header (`MPG123_RESYNC_LIMIT`), of whatever format.
  static func framesOfMpg123(_ bytes: RawSpan, _ range: Range<Int>) -> Int {
    var frames = 0
    var last = range.lowerBound
    var place = last
    while let found = bytes.first(0xFF, from: place, to: min(last + 1024, range.upperBound)) {
      place = found + 1
      guard let word = bytes.big32(at: found), let header = MPEGFrameHeader(word: Int(word)), header.layer == 3,
        let length = header.byteCount, found + length <= range.upperBound
      else { continue }
      frames += 1
      last = found + length
      place = last
    }
    return frames
  }

  private static func isPossible(_ frame: RawSpan, _ header: MPEGFrameHeader) -> Bool {
    let start = header.isProtected ? 6 : 4
    guard start + header.sideInformation <= frame.byteCount else { return false }
    let side = MP3SideInformation(frame, at: start, frame: header)
    for index in 0..<side.count {
      let granule = side.granules[index]
      if granule.bigValues > 288 || granule.isSwitched && granule.blockType == 0 { return false }
    }
    return true
  }
}
