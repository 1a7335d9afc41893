internal import CSndfile
import RepriseSystem

/// A writer of one file by libsndfile.
@safe final class SndfileWriter {
  private var handle: OpaquePointer?
  private let channel: SndfileChannel
  private let path: String
  private let channels: Int

  /// Opens an existing file, empties it, and writes `front` and a preliminary header.
  init(
    path: String, encoding: AudioEncoder.Encoding, sampleRate: Int, channels: Int, front: [UInt8] = []
  ) throws(AudioFileError) {
    self.path = path
    self.channels = channels
    try SndfileLibrary.require(for: path)
    do throws(FileError) {
      let file = try OwnedFile(emptying: path)
      if !front.isEmpty { try file.write(front) }
      channel = SndfileChannel(file, start: front.count)
    } catch {
      throw AudioFileError(error)
    }
    var info = SF_INFO()
    info.samplerate = CInt(clamping: sampleRate)
    info.channels = CInt(clamping: channels)
    info.format = CInt(SndfileWriter.format(encoding, channels: channels))
    var callbacks = SndfileChannel.callbacks()
    unsafe handle = sf_open_virtual(&callbacks, CInt(SFM_WRITE), &info, Unmanaged.passUnretained(channel).toOpaque())
    guard let handle = unsafe handle else {
      let reason = unsafe sf_strerror(nil).map { unsafe String(cString: $0) } ?? "unknown"
      throw AudioFileError(
        path: path,
        .unwritable(encoding: "\(encoding)", channels: channels, sampleRate: sampleRate, reason: reason))
    }
    // The PEAK chunk holds the time of day, so that equal samples would yield different bytes each time.
    unsafe sf_command(handle, CInt(SFC_SET_ADD_PEAK_CHUNK), nil, CInt(SF_FALSE))
    if case .mp3(let bitrate) = encoding {
      // libsndfile accepts a compression level instead of a bit rate, which it computes from the level and truncates;
      // half a kilobit more yields the desired rate regardless of the rounding.
      let (most, least): (Double, Double) = sampleRate >= 32000 ? (320, 32) : sampleRate >= 16000 ? (160, 8) : (64, 8)
      var level = min(max((most - Double(bitrate) / 1000 - 0.5) / (most - least), 0), 1)
      var mode = CInt(SF_BITRATE_MODE_CONSTANT)
      unsafe sf_command(handle, CInt(SFC_SET_BITRATE_MODE), &mode, CInt(MemoryLayout<CInt>.size))
      guard
        unsafe sf_command(handle, CInt(SFC_SET_COMPRESSION_LEVEL), &level, CInt(MemoryLayout<Double>.size))
          == CInt(SF_TRUE)
      else {
        throw AudioFileError(path: path, .refusedBitRate(bitrate))
      }
    }
  }

  // Also runs if the initialiser throws after everything is set.
  deinit {
    if let handle = unsafe handle { withExtendedLifetime(channel) { _ = unsafe sf_close(handle) } }
  }

  func write(_ samples: [Float]) throws(AudioFileError) {
    guard let handle = unsafe handle else { return }
    let frames = sf_count_t(samples.count / channels)
    try check(unsafe sf_writef_float(handle, samples, frames), of: frames)
  }

  func write(_ samples: [Int32]) throws(AudioFileError) {
    guard let handle = unsafe handle else { return }
    let frames = sf_count_t(samples.count / channels)
    try check(unsafe sf_writef_int(handle, samples, frames), of: frames)
  }

  func finish() throws(AudioFileError) {
    guard let open = unsafe handle else { return }
    unsafe handle = nil
    let code = unsafe sf_close(open)
    try check(0, of: 0)
    guard code == CInt(SF_ERR_NO_ERROR) else {
      let reason = unsafe sf_error_number(code).map { unsafe String(cString: $0) } ?? "unknown"
      throw AudioFileError(path: path, .library(.sndfileFinishing(reason: reason)))
    }
  }

  private func check(_ written: sf_count_t, of frames: sf_count_t) throws(AudioFileError) {
    if let failure = channel.failure { throw AudioFileError(failure) }
    guard written == frames else {
      let reason = unsafe sf_strerror(handle).map { unsafe String(cString: $0) } ?? "unknown"
      throw AudioFileError(path: path, .unwritten(frames: Int(written), of: Int(frames), reason: reason))
    }
  }

  private static func format(_ encoding: AudioEncoder.Encoding, channels: Int) -> Int {
    func integer(_ bits: Int) -> Int {
      bits <= 8 ? SF_FORMAT_PCM_S8 : bits <= 16 ? SF_FORMAT_PCM_16 : bits <= 24 ? SF_FORMAT_PCM_24 : SF_FORMAT_PCM_32
    }
    // More than two channels require WAVE_FORMAT_EXTENSIBLE to assign them.
    let wave = channels > 2 ? SF_FORMAT_WAVEX : SF_FORMAT_WAV
    return switch encoding {
    case .mp3: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
    case .wav(let bits): wave | integer(max(bits, 16))
    case .wavFloat: wave | SF_FORMAT_FLOAT
    // Written by `FLACWriter`.
    case .flac(let bits): SF_FORMAT_FLAC | integer(bits)
    case .pcm16: SF_FORMAT_RAW | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE
    }
  }
}
