internal import CMpg123
import Platform

/// Every frame of an mp3, as libmpg123 finds them when nothing is decoded, and what lies between them.
struct MP3Walk {
  /// Bytes that belong to no frame.
  struct Gap: Equatable {
    /// Where it begins.
    let start: Int
    /// Where the next frame begins.
    let end: Int
  }

  /// The frames that hold audio: the Info header's own is not among them.
  private(set) var frames = 0
  /// Their samples a channel, encoder delay and padding included.
  private(set) var samples = 0
  /// Their length in seconds, each frame at its own rate.
  private(set) var seconds = 0.0
  /// The bytes of those frames.
  private(set) var frameBytes = 0
  /// Where the first of them begins.
  private(set) var start = 0
  /// Where the last of them ends.
  private(set) var end = 0
  /// The first thousand stretches between frames.
  private(set) var gaps: [Gap] = []
  /// How many there are.
  private(set) var gapCount = 0
  /// Places where the sample rate or the number of channels changes.
  private(set) var changes: [String] = []
  private(set) var changeCount = 0

  private static let keptGaps = 1000

  /// Walks the file from start to end.
  init(_ file: borrowing InputFile, cancellation: Cancellation?) throws(AudioFileError) {
    let source = MP3Source(file, cancellation: cancellation)
    let handle = try unsafe Mpg123Stream.makeHandle(path: file.path)
    defer {
      withExtendedLifetime(source) { _ = unsafe mpg123_close(handle) }
      unsafe mpg123_delete(handle)
    }
    // Gapless decoding passes over frames that hold nothing but delay; here every frame counts.
    unsafe mpg123_param2(handle, CInt(MPG123_REMOVE_FLAGS.rawValue), CLong(MPG123_GAPLESS.rawValue), 0)
    guard unsafe source.open(handle) else {
      try source.check(file.path)
      throw AudioFileError(
        .io, path: file.path, message: "libmpg123 could not read it (\(unsafe Mpg123Stream.reason(handle)))")
    }
    var previous: MPEGFrameHeader?
    while true {
      let status = unsafe mpg123_framebyframe_next(handle)
      // What ends the reading early looks to libmpg123 like the end of the file.
      try source.check(file.path)
      if status == MPG123_DONE.rawValue { break }
      guard status == MPG123_OK.rawValue || status == MPG123_NEW_FORMAT.rawValue else {
        throw AudioFileError(
          .corrupt, path: file.path, message: "the frames cannot be followed (\(unsafe Mpg123Stream.reason(handle)))")
      }
      var word: CUnsignedLong = 0
      var body = 0
      guard unsafe mpg123_framedata(handle, &word, nil, &body) == MPG123_OK.rawValue,
        let header = MPEGFrameHeader(word: Int(word & 0xFFFF_FFFF))
      else { continue }
      add(header, at: unsafe Int(mpg123_framepos(handle)), byteCount: body + 4, previous: previous)
      previous = header
    }
  }

  private mutating func add(
    _ header: MPEGFrameHeader, at position: Int, byteCount: Int, previous: MPEGFrameHeader?
  ) {
    if frames == 0 { start = position }
    if let previous {
      if position > end {
        gapCount += 1
        if gaps.count < MP3Walk.keptGaps { gaps.append(Gap(start: end, end: position)) }
      }
      if previous.sampleRate != header.sampleRate || previous.channels != header.channels {
        changeCount += 1
        if changes.count < 5 {
          changes.append(
            "from \(previous.sampleRate) Hz, \(previous.channels) ch to \(header.sampleRate) Hz, \(header.channels) ch"
              + " at \(describe(seconds: seconds))")
        }
      }
    }
    frames += 1
    samples += header.samples
    seconds += Double(header.samples) / Double(header.sampleRate)
    frameBytes += byteCount
    end = position + byteCount
  }
}
