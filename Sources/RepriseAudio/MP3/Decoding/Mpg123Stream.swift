internal import CMpg123
import RepriseSystem

/// One mp3 file in libmpg123, decoded to interleaved floats of one rate and channel count from start to end.
///
/// libsndfile is not used for mp3: on variable bit rate without a Xing header it silently returns a part only.
@safe struct Mpg123Stream: ~Copyable {
  private let handle: OpaquePointer
  private let source: MP3Source
  private let file: InputFile
  private let trim: MP3Trim
  private let place = Place()
  /// In Hz, of the first frame; frames of another rate are resampled to it.
  let sampleRate: Int
  /// 1 or 2, of the first frame; others are mixed to it.
  let channels: Int

  /// How many samples a channel libmpg123 has given, those that are trimmed away among them.
  private final class Place { var samples = 0 }

  /// Opens the frames of a file.
  ///
  /// - Parameters:
  ///   - frames: which frames; all that hold audio, unless said otherwise.
  ///   - trim: what is dropped of what they decode to; as the layout has it, unless said otherwise.
  ///   - cancellation: makes reading stop.
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
    // libmpg123 counts what stands behind the header.
    if let length = layout.walk.runs.first?.kind.freeFormatLength.map({ $0 - 4 }) {
      unsafe mpg123_param2(handle, CInt(MPG123_FREEFORMAT_SIZE.rawValue), CLong(length), 0)
    }
    // The first frame's format is forced, so that a change on the way, as in joined files, is converted instead of
    // silently changing what the samples mean.
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
    // Where the rate changes, what comes out has another number of samples than what was counted.
    let own = layout.walk.changeCount == 0 ? layout.trim : MP3Trim(front: layout.trim.front, back: 0..<0)
    self.trim = trim ?? own
    sampleRate = Int(rate)
    self.channels = Int(channels)
  }

  deinit {
    withExtendedLifetime(source) { _ = unsafe mpg123_close(handle) }
    unsafe mpg123_delete(handle)
  }

  /// Fills the array with interleaved samples of the recording; returns how many, 0 at the end.
  func read(into samples: inout [Float]) throws(AudioFileError) -> Int {
    try pass(trim.front)
    var filled = 0
    while filled < samples.count {
      if trim.back.contains(place.samples) { try pass(trim.back.upperBound) }
      var wanted = samples.count - filled
      if place.samples < trim.back.lowerBound {
        wanted = min(wanted, (trim.back.lowerBound - place.samples) * channels)
      }
      let got = try decode(into: &samples, from: filled, count: wanted)
      guard got > 0 else { break }
      filled += got
    }
    return filled
  }

  /// Decodes and drops what stands before a place, in samples a channel.
  private func pass(_ end: Int) throws(AudioFileError) {
    guard place.samples < end else { return }
    var dropped = [Float](repeating: 0, count: min(end - place.samples, 4608) * channels)
    while place.samples < end {
      let wanted = min((end - place.samples) * channels, dropped.count)
      guard try decode(into: &dropped, from: 0, count: wanted) > 0 else { return }
    }
  }

  /// Decodes up to `count` samples of all channels together; returns how many, 0 at the end.
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
    place.samples += filled / size / channels
    return filled / size
  }

  /// A handle that says nothing on stderr, believes the frames it is given and leaves trimming to us.
  private static func makeHandle(path: String) throws(AudioFileError) -> OpaquePointer {
    var code: CInt = 0
    guard let handle = unsafe mpg123_new(nil, &code) else {
      throw AudioFileError(path: path, .library(.mpg123Start(code: Int(code))))
    }
    // It does not know a header behind a CRC that is not counted, nor VBRI; the layout does, and leaves them out.
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
