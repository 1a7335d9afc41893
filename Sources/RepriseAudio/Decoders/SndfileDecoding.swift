internal import CSndfile
import RepriseSystem

/// libsndfile as other programs call it: every format that it knows, mp3 too.
enum SndfileDecoding {
  /// Decodes a file.
  static func read(
    _ file: InputFile, against own: DecodedComparison?, cancellation: Cancellation?
  ) throws(AudioFileError) -> DecoderReading {
    if unsafe reprise_sndfile_missing() != nil { return DecoderReading(.libsndfile, version: nil, .missing) }
    return DecoderReading(.libsndfile, version: version, try decode(file, against: own, cancellation: cancellation))
  }

  private static func decode(
    _ file: InputFile, against own: DecodedComparison?, cancellation: Cancellation?
  ) throws(AudioFileError) -> DecoderReading.Outcome {
    let input = SndfileInput(file, base: 0, cancellation: cancellation)
    var info = SF_INFO()
    var callbacks = SndfileInput.callbacks()
    let opened = unsafe sf_open_virtual(
      &callbacks, CInt(SFM_READ), &info, Unmanaged.passUnretained(input).toOpaque())
    guard let handle = unsafe opened else {
      if let failure = input.failure { throw failure }
      return .refused(unsafe message(nil))
    }
    defer { _ = withExtendedLifetime(input) { unsafe sf_close(handle) } }
    let (rate, channels) = (Int(info.samplerate), Int(info.channels))
    guard channels > 0, channels <= 1024 else { return .refused("\(channels) channels") }
    var block = [Float](repeating: 0, count: max(8192 / channels, 1) * channels)
    var frames = 0
    while true {
      let count = Int(unsafe sf_readf_float(handle, &block, sf_count_t(block.count / channels)))
      if let failure = input.failure { throw failure }
      guard count > 0 else { break }
      frames += count
      try own?.add(block.span.extracting(0..<count * channels), channels: channels, sampleRate: rate)
    }
    let hasFailed = unsafe sf_error(handle) != 0
    if frames == 0, hasFailed { return .refused(unsafe message(handle)) }
    return .decoded(
      DecoderReading.Decoded(
        frames: frames, sampleRate: rate, channels: channels, comparison: try own?.finish(),
        complaints: hasFailed ? 1 : 0, message: hasFailed ? unsafe message(handle) : nil))
  }

  /// Version of the library, such as "1.2.2".
  private static var version: String? {
    guard let text = unsafe sf_version_string() else { return nil }
    let name = unsafe String(cString: text)
    return name.hasPrefix("libsndfile-") ? String(name.dropFirst(11)) : name
  }

  private static func message(_ handle: OpaquePointer?) -> String {
    let text = unsafe sf_strerror(handle).map { unsafe String(cString: $0) } ?? "unknown error"
    return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "unknown error"
  }
}
