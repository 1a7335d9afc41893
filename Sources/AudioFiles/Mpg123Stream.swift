internal import CMpg123
import Platform

/// One mp3 file in libmpg123, decoded to interleaved floats of one rate and channel count from start to end.
///
/// libsndfile is not used for mp3: on variable bit rate without a Xing header it silently returns a part only.
@safe struct Mpg123Stream: ~Copyable {
  private let handle: OpaquePointer
  private let source: MP3Source
  private let file: InputFile
  /// In Hz, of the first frame; frames of another rate are resampled to it.
  let sampleRate: Int
  /// 1 or 2, of the first frame; others are mixed to it.
  let channels: Int

  /// Opens the file and finds the first frame.
  ///
  /// - Parameters:
  ///   - offset: where the first frame stands.
  ///   - cancellation: makes reading stop, which may otherwise take long where there is no frame.
  init(_ file: consuming InputFile, offset: Int, cancellation: Cancellation?) throws(AudioFileError) {
    let head = try file.bytes(at: offset, count: 4096)
    let path = file.path
    let source = MP3Source(file, cancellation: cancellation)
    let handle = try unsafe Mpg123Stream.makeHandle(path: path)
    var isOpen = false
    defer { if !isOpen { withExtendedLifetime(source) { unsafe mpg123_delete(handle) } } }
    let found = unsafe Mpg123Stream.firstFormat(handle, source)
    try source.check(path)
    guard let (rate, channels) = found else {
      throw AudioFileError(
        .corrupt, path: path,
        message: "looks like mp3, but no frame could be decoded (\(unsafe Mpg123Stream.reason(handle)))")
    }
    // The stream is opened again with the first frame's format forced, so that a change on the way, as in joined
    // files, is converted instead of silently changing what the samples mean.
    unsafe mpg123_close(handle)
    let mode = channels == 1 ? MPG123_MONO_MIX : MPG123_FORCE_STEREO
    unsafe mpg123_param2(handle, CInt(MPG123_ADD_FLAGS.rawValue), CLong(mode.rawValue), 0)
    unsafe mpg123_param2(handle, CInt(MPG123_FORCE_RATE.rawValue), rate, 0)
    unsafe mpg123_format_none(handle)
    let encoding = CInt(MPG123_ENC_FLOAT_32.rawValue)
    guard unsafe mpg123_format2(handle, rate, channels, encoding) == MPG123_OK.rawValue,
      unsafe source.open(handle)
    else {
      try source.check(path)
      throw AudioFileError(
        .io, path: path, message: "libmpg123 could not decode it (\(unsafe Mpg123Stream.reason(handle)))")
    }
    // libmpg123 knows Xing and Info headers but takes Fraunhofer's VBRI for a frame of audio.
    if let first = MPEGFrameHeader(head, at: 0), MP3Header(head, frameAt: 0, frame: first)?.kind == .vbri {
      var silence = [Float](repeating: 0, count: first.samples * Int(channels))
      var done = 0
      unsafe silence.withUnsafeMutableBytes { _ = unsafe mpg123_read(handle, $0.baseAddress, $0.count, &done) }
    }
    isOpen = true
    unsafe self.handle = handle
    self.source = source
    self.file = file
    sampleRate = Int(rate)
    self.channels = Int(channels)
  }

  deinit {
    withExtendedLifetime(source) { _ = unsafe mpg123_close(handle) }
    unsafe mpg123_delete(handle)
  }

  /// Fills the array with interleaved samples; returns how many, 0 at the end.
  func read(into samples: inout [Float]) throws(AudioFileError) -> Int {
    var status = MPG123_OK.rawValue
    let filled = unsafe samples.withUnsafeMutableBytes { buffer -> Int in
      var filled = 0
      while filled < buffer.count, let base = buffer.baseAddress {
        var bytes = 0
        status = unsafe mpg123_read(handle, base + filled, buffer.count - filled, &bytes)
        filled += bytes
        guard status == MPG123_OK.rawValue || status == MPG123_NEW_FORMAT.rawValue else { break }
      }
      return filled
    }
    try source.check(file.path)
    guard [MPG123_OK.rawValue, MPG123_NEW_FORMAT.rawValue, MPG123_DONE.rawValue].contains(status) else {
      throw AudioFileError(
        .corrupt, path: file.path, message: "mp3 decoding failed (\(unsafe Mpg123Stream.reason(handle)))")
    }
    return filled / MemoryLayout<Float>.size
  }

  /// A handle that resynchronises however much is in the way, says nothing on stderr and keeps no pictures.
  static func makeHandle(path: String) throws(AudioFileError) -> OpaquePointer {
    var code: CInt = 0
    guard let handle = unsafe mpg123_new(nil, &code) else {
      throw AudioFileError(.io, path: path, message: "libmpg123 could not start (error \(code))")
    }
    let flags = [MPG123_GAPLESS, MPG123_QUIET, MPG123_FORCE_FLOAT, MPG123_SKIP_ID3V2].reduce(0) { $0 | $1.rawValue }
    unsafe mpg123_param2(handle, CInt(MPG123_ADD_FLAGS.rawValue), CLong(flags), 0)
    unsafe mpg123_param2(handle, CInt(MPG123_RESYNC_LIMIT.rawValue), -1, 0)
    return unsafe handle
  }

  private static func firstFormat(_ handle: OpaquePointer, _ source: MP3Source) -> (rate: CLong, channels: CInt)? {
    guard unsafe source.open(handle) else { return nil }
    var rate: CLong = 0
    var channels: CInt = 0
    var encoding: CInt = 0
    guard unsafe mpg123_getformat(handle, &rate, &channels, &encoding) == MPG123_OK.rawValue, rate > 0,
      channels == 1 || channels == 2
    else { return nil }
    return (rate, channels)
  }

  static func reason(_ handle: OpaquePointer) -> String {
    guard let text = unsafe mpg123_strerror(handle) else { return "unknown" }
    return unsafe String(cString: text)
  }
}
