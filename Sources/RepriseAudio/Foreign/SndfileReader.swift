internal import CSndfile
import RepriseSystem

/// A reader of one file by libsndfile; never of an mp3, of which libsndfile loses audio.
@safe struct SndfileReader: ~Copyable {
  private let handle: OpaquePointer
  private let input: SndfileInput
  private let place = Place()
  /// Sample rate in Hz.
  let sampleRate: Int
  /// Number of channels.
  let channels: Int
  /// Number of frames, as libsndfile counts them.
  let frames: Int
  /// Encoding of the samples in the file.
  let encoding: SampleEncoding
  /// Name of the encoding in ffmpeg.
  let codec: String

  /// The position of reading.
  private final class Place {
    var frame = 0
  }

  /// Opens the container that begins at `offset`.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - offset: The offset of the container.
  ///   - most: The largest number of frames that are read; `nil` for as many as libsndfile counts.
  ///   - cancellation: Makes the next read throw `cancelled`.
  /// - Throws: `AudioFileError` `corrupt` if libsndfile does not open it, `unsupportedFormat`, `io` or `cancelled`.
  init(_ file: InputFile, offset: Int, most: Int?, cancellation: Cancellation?) throws(AudioFileError) {
    try SndfileLibrary.require(for: file.path)
    let input = SndfileInput(file, base: offset, cancellation: cancellation)
    var info = SF_INFO()
    var callbacks = SndfileInput.callbacks()
    let opened = unsafe sf_open_virtual(
      &callbacks, CInt(SFM_READ), &info, Unmanaged.passUnretained(input).toOpaque())
    guard let opened = unsafe opened else {
      if let failure = input.failure { throw failure }
      throw AudioFileError(path: file.path, .foreign(.sndfileRefused(reason: SndfileReader.lastReason())))
    }
    let (rate, channels) = (Int(info.samplerate), Int(info.channels))
    let problem: ForeignProblem? =
      if Int(info.format) & SF_FORMAT_TYPEMASK == SF_FORMAT_MPEG {
        .sndfileRefused(reason: "mp3")
      } else if !WaveInspector.plausibleRates.contains(rate) || !(1...1024).contains(channels) {
        .form(channels: channels, sampleRate: rate)
      } else {
        nil
      }
    if let problem {
      _ = withExtendedLifetime(input) { unsafe sf_close(opened) }
      throw AudioFileError(path: file.path, .foreign(problem))
    }
    let form = SndfileForm(format: Int(info.format))
    unsafe handle = opened
    self.input = input
    sampleRate = rate
    self.channels = channels
    // A length that is not known is the largest number.
    let counted = info.frames > 0 && info.frames < sf_count_t.max ? Int(info.frames) : 0
    frames = min(counted, most ?? counted)
    encoding = form.encoding
    codec = form.codec
  }

  deinit { _ = withExtendedLifetime(input) { unsafe sf_close(handle) } }

  /// Fills `samples` with whole frames of left-justified integers and returns the number of frames; 0 at the end.
  ///
  /// Not available for floats.
  func read(into samples: inout [Int32]) throws(AudioFileError) -> Int {
    try checked(unsafe sf_readf_int(handle, &samples, wanted(samples.count)))
  }

  /// Fills `samples` with whole frames of floats and returns the number of frames; 0 at the end.
  func read(into samples: inout [Float]) throws(AudioFileError) -> Int {
    try checked(unsafe sf_readf_float(handle, &samples, wanted(samples.count)))
  }

  /// Returns the number of frames to read into so many samples.
  private func wanted(_ samples: Int) -> sf_count_t { sf_count_t(min(samples / channels, frames - place.frame)) }

  private func checked(_ count: sf_count_t) throws(AudioFileError) -> Int {
    if let failure = input.failure { throw failure }
    place.frame += max(Int(count), 0)
    return max(Int(count), 0)
  }

  /// Returns libsndfile's message about the last file that it did not open.
  private static func lastReason() -> String {
    let text = unsafe sf_strerror(nil).map { unsafe String(cString: $0) } ?? "unknown"
    return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "unknown"
  }
}

/// The encoding that a format number of libsndfile means.
struct SndfileForm: Equatable {
  /// Encoding of the samples.
  let encoding: SampleEncoding
  /// Name of the encoding in ffmpeg.
  let codec: String

  /// Creates the encoding of a format number.
  init(format: Int) {
    let major = format & SF_FORMAT_TYPEMASK
    let isLittle: Bool =
      switch format & SF_FORMAT_ENDMASK {
      case SF_ENDIAN_LITTLE: true
      case SF_ENDIAN_BIG: false
      default: [SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_W64, SF_FORMAT_RF64, SF_FORMAT_VOC].contains(major)
      }
    let order = isLittle ? "le" : "be"
    func set(_ encoding: SampleEncoding, _ codec: String) -> (SampleEncoding, String) { (encoding, codec) }
    (encoding, codec) =
      switch format & SF_FORMAT_SUBMASK {
      // FLAC in Ogg has the subtypes of linear samples.
      case SF_FORMAT_PCM_S8 where major == SF_FORMAT_OGG: set(.integer(bits: 8), "flac")
      case SF_FORMAT_PCM_16 where major == SF_FORMAT_OGG: set(.integer(bits: 16), "flac")
      case SF_FORMAT_PCM_24 where major == SF_FORMAT_OGG: set(.integer(bits: 24), "flac")
      case SF_FORMAT_PCM_S8: set(.integer(bits: 8), "pcm_s8")
      case SF_FORMAT_PCM_U8: set(.integer(bits: 8), "pcm_u8")
      case SF_FORMAT_PCM_16: set(.integer(bits: 16), "pcm_s16" + order)
      case SF_FORMAT_PCM_24: set(.integer(bits: 24), "pcm_s24" + order)
      case SF_FORMAT_PCM_32: set(.integer(bits: 32), "pcm_s32" + order)
      case SF_FORMAT_FLOAT: set(.float(bits: 32), "pcm_f32" + order)
      case SF_FORMAT_DOUBLE: set(.float(bits: 64), "pcm_f64" + order)
      case SF_FORMAT_ALAC_16: set(.integer(bits: 16), "alac")
      case SF_FORMAT_ALAC_20: set(.integer(bits: 20), "alac")
      case SF_FORMAT_ALAC_24: set(.integer(bits: 24), "alac")
      case SF_FORMAT_ALAC_32: set(.integer(bits: 32), "alac")
      case SF_FORMAT_DWVW_12: set(.integer(bits: 12), "dwvw")
      case SF_FORMAT_DWVW_16: set(.integer(bits: 16), "dwvw")
      case SF_FORMAT_DWVW_24: set(.integer(bits: 24), "dwvw")
      case SF_FORMAT_VORBIS: set(.lossy, "vorbis")
      case SF_FORMAT_OPUS: set(.lossy, "opus")
      case SF_FORMAT_ALAW: set(.lossy, "pcm_alaw")
      case SF_FORMAT_ULAW: set(.lossy, "pcm_mulaw")
      case SF_FORMAT_IMA_ADPCM where major == SF_FORMAT_AIFF || major == SF_FORMAT_CAF: set(.lossy, "adpcm_ima_qt")
      case SF_FORMAT_IMA_ADPCM: set(.lossy, "adpcm_ima_wav")
      case SF_FORMAT_MS_ADPCM: set(.lossy, "adpcm_ms")
      case SF_FORMAT_GSM610: set(.lossy, major == SF_FORMAT_AIFF ? "gsm" : "gsm_ms")
      default: set(.lossy, "unknown")
      }
  }
}
