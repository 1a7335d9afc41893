internal import CMpg123
import RepriseSystem

/// One mp3 file in libmpg123, decoded to interleaved floats of one rate and channel count from start to end.
///
/// libsndfile is not used for mp3: from a variable bit rate without a Xing header it silently returns only a part.
@safe struct Mpg123Stream: ~Copyable {
  private let handle: OpaquePointer
  private let source: MP3Source
  private let file: InputFile
  private let trim: MP3Trim
  private let position = Position()
  /// Sample rate of the first frame in Hz; frames of another rate are resampled to it.
  let sampleRate: Int
  /// Number of channels of the first frame, 1 or 2; other frames are mixed to it.
  let channels: Int

  /// The number of samples per channel that libmpg123 has decoded, including those that are trimmed.
  private final class Position { var samples = 0 }

  /// Opens the frames of a file.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - layout: The layout of the file.
  ///   - frames: The ranges of the frames; by default all that hold audio.
  ///   - trim: The decoded samples that are dropped; by default those of the layout.
  ///   - cancellation: Interrupts reading.
  /// - Throws: `AudioFileError` if libmpg123 cannot open the frames.
  init(
    _ file: consuming InputFile, _ layout: MP3Layout, frames: [Range<Int>]? = nil, trim: MP3Trim? = nil,
    cancellation: Cancellation?
  ) throws(AudioFileError) {
    let path = file.path
    let runs = frames ?? layout.walk.runs.map { $0.start..<$0.end }
    let source = MP3Source(file, runs: runs, cancellation: cancellation)
    let handle = try unsafe Mpg123Stream.makeHandle(path: path)
    var isOpen = false
    defer { if !isOpen { withExtendedLifetime(source) { unsafe mpg123_delete(handle) } } }
    // libmpg123 counts the bytes after the header.
    if let length = layout.walk.runs.first?.kind.freeFormatLength.map({ $0 - 4 }) {
      unsafe mpg123_param2(handle, CInt(MPG123_FREEFORMAT_SIZE.rawValue), CLong(length), 0)
    }
    // The format of the first frame is forced, so that a change, as in joined files, is converted instead of silently
    // changing the meaning of the samples.
    let (rate, channels) = (CLong(layout.first.sampleRate), CInt(layout.first.channels))
    let mode = channels == 1 ? MPG123_MONO_MIX : MPG123_FORCE_STEREO
    unsafe mpg123_param2(handle, CInt(MPG123_ADD_FLAGS.rawValue), CLong(mode.rawValue), 0)
    unsafe mpg123_param2(handle, CInt(MPG123_FORCE_RATE.rawValue), rate, 0)
    unsafe mpg123_format_none(handle)
    let encoding = CInt(MPG123_ENC_FLOAT_32.rawValue)
    guard unsafe mpg123_format2(handle, rate, channels, encoding) == MPG123_OK.rawValue, unsafe source.open(handle)
    else {
      try source.check(path)
      throw AudioFileError(
        path: path, .library(.mpg123Opening(reason: unsafe Mpg123Stream.reason(handle))))
    }
    isOpen = true
    unsafe self.handle = handle
    self.source = source
    self.file = file
    // If the rate changes, the number of samples decoded is not the number counted.
    let own = layout.walk.changeCount == 0 ? layout.trim : MP3Trim(front: layout.trim.front, back: 0..<0)
    self.trim = trim ?? own
    sampleRate = Int(rate)
    self.channels = Int(channels)
  }

  deinit {
    withExtendedLifetime(source) { _ = unsafe mpg123_close(handle) }
    unsafe mpg123_delete(handle)
  }

  /// Fills the array with interleaved samples of the recording and returns their number; 0 at the end.
  func read(into samples: inout [Float]) throws(AudioFileError) -> Int {
    try pass(trim.front)
    var filled = 0
    while filled < samples.count {
      if trim.back.contains(position.samples) { try pass(trim.back.upperBound) }
      var wanted = samples.count - filled
      if position.samples < trim.back.lowerBound {
        wanted = min(wanted, (trim.back.lowerBound - position.samples) * channels)
      }
      let got = try decode(into: &samples, from: filled, count: wanted)
      guard got > 0 else { break }
      filled += got
    }
    return filled
  }

  /// Decodes and drops the samples before a position, in samples per channel.
  private func pass(_ end: Int) throws(AudioFileError) {
    guard position.samples < end else { return }
    var dropped = [Float](repeating: 0, count: min(end - position.samples, 4608) * channels)
    while position.samples < end {
      let wanted = min((end - position.samples) * channels, dropped.count)
      guard try decode(into: &dropped, from: 0, count: wanted) > 0 else { return }
    }
  }

  /// Decodes up to `count` samples over all channels and returns their number; 0 at the end.
  private func decode(into samples: inout [Float], from start: Int, count: Int) throws(AudioFileError) -> Int {
    var status = MPG123_OK.rawValue
    let size = MemoryLayout<Float>.size
    let filled = unsafe samples.withUnsafeMutableBytes { buffer -> Int in
      var filled = 0
      while filled < count * size, let base = buffer.baseAddress {
        var bytes = 0
        status = unsafe mpg123_read(handle, base + start * size + filled, count * size - filled, &bytes)
        filled += bytes
        guard status == MPG123_OK.rawValue || status == MPG123_NEW_FORMAT.rawValue else { break }
      }
      return filled
    }
    try source.check(file.path)
    guard [MPG123_OK.rawValue, MPG123_NEW_FORMAT.rawValue, MPG123_DONE.rawValue].contains(status) else {
      throw AudioFileError(
        path: file.path, .library(.mpg123Decoding(reason: unsafe Mpg123Stream.reason(handle))))
    }
    position.samples += filled / size / channels
    return filled / size
  }

  /// Returns a handle that prints nothing to stderr, accepts the given frames and leaves trimming to the caller.
  private static func makeHandle(path: String) throws(AudioFileError) -> OpaquePointer {
    var code: CInt = 0
    guard let handle = unsafe mpg123_new(nil, &code) else {
      throw AudioFileError(path: path, .library(.mpg123Start(code: Int(code))))
    }
    // libmpg123 knows neither VBRI nor a header after a CRC that is not counted; the layout does, and omits them.
    let flags = [MPG123_QUIET, MPG123_FORCE_FLOAT, MPG123_IGNORE_INFOFRAME, MPG123_NO_READAHEAD]
      .reduce(0) { $0 | $1.rawValue }
    unsafe mpg123_param2(handle, CInt(MPG123_REMOVE_FLAGS.rawValue), CLong(MPG123_GAPLESS.rawValue), 0)
    unsafe mpg123_param2(handle, CInt(MPG123_ADD_FLAGS.rawValue), CLong(flags), 0)
    unsafe mpg123_param2(handle, CInt(MPG123_RESYNC_LIMIT.rawValue), -1, 0)
    return unsafe handle
  }

  static func reason(_ handle: OpaquePointer) -> String {
    guard let text = unsafe mpg123_strerror(handle) else { return "unknown" }
    return unsafe String(cString: text)
  }
}
