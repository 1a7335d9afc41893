internal import CMpg123
import RepriseSystem

/// libmpg123 as other programs call it: it finds the frames by itself, resynchronises within its default limit, and trims
/// by what it takes for a header.
enum Mpg123Decoding {
  /// Version of the interface; the library of these versions does not tell its own.
  static var version: String { "API \(MPG123_API_VERSION)" }

  /// Decodes a file.
  static func read(
    _ path: String, against own: DecodedComparison?, cancellation: Cancellation?
  ) throws(AudioFileError) -> DecoderReading.Outcome {
    // libmpg123 moves the position of the file.
    let file = try InputFile(path: path)
    var code: CInt = 0
    guard let handle = unsafe mpg123_new(nil, &code) else {
      throw AudioFileError(path: path, .library(.mpg123Start(code: Int(code))))
    }
    defer { unsafe mpg123_delete(handle) }
    let flags = MPG123_QUIET.rawValue | MPG123_FORCE_FLOAT.rawValue
    unsafe mpg123_param2(handle, CInt(MPG123_ADD_FLAGS.rawValue), CLong(flags), 0)
    guard unsafe mpg123_open_fd(handle, file.descriptor) == MPG123_OK.rawValue else {
      return .refused(unsafe Mpg123Stream.reason(handle))
    }
    defer { _ = withExtendedLifetime(file) { unsafe mpg123_close(handle) } }
    return try unsafe decode(handle, path, against: own, cancellation: cancellation)
  }

  private static func decode(
    _ handle: OpaquePointer, _ path: String, against own: DecodedComparison?, cancellation: Cancellation?
  ) throws(AudioFileError) -> DecoderReading.Outcome {
    var form: (rate: Int, channels: Int)?
    var channels = 0
    var frames = 0
    var changes = 0
    var complaint: String?
    var block = [Float](repeating: 0, count: 8192)
    while true {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
      var bytes = 0
      let status = unsafe block.withUnsafeMutableBytes { buffer -> CInt in
        unsafe mpg123_read(handle, buffer.baseAddress, buffer.count, &bytes)
      }
      if channels > 0, bytes > 0 {
        let count = bytes / MemoryLayout<Float>.size / channels
        frames += count
        if changes == 0, let form {
          try own?.add(block.span.extracting(0..<count * channels), channels: channels, sampleRate: form.rate)
        }
      }
      if status == MPG123_NEW_FORMAT.rawValue {
        var (rate, count, encoding): (CLong, CInt, CInt) = (0, 0, 0)
        guard unsafe mpg123_getformat(handle, &rate, &count, &encoding) == MPG123_OK.rawValue else { continue }
        if let form, form.rate != Int(rate) || form.channels != Int(count) {
          changes += 1
          own?.stop()
        }
        if form == nil { form = (Int(rate), Int(count)) }
        channels = Int(count)
      } else if status != MPG123_OK.rawValue {
        if status != MPG123_DONE.rawValue { complaint = unsafe Mpg123Stream.reason(handle) }
        break
      } else if bytes == 0 {
        break
      }
    }
    guard let form else { return .refused(complaint ?? "no frame found") }
    return .decoded(
      DecoderReading.Decoded(
        frames: frames, sampleRate: form.rate, channels: form.channels, comparison: try own?.finish(),
        complaints: (complaint == nil ? 0 : 1) + changes,
        message: complaint ?? (changes > 0 ? "rate or channels change" : nil)))
  }
}
