/// A container of audio that this library does not read by itself, and the decoders that do.
struct ForeignContainer: Equatable {
  /// The decoders of foreign containers.
  enum Decoder: Equatable {
    /// libsndfile.
    case sndfile
    /// The program ffmpeg, with the demuxers that it may use.
    ///
    /// They are named so that no file can be taken for a list of other files, such as a playlist.
    case ffmpeg(demuxers: String)
  }

  /// Common name, such as "m4a" or "ogg".
  let name: String
  /// Decoders in the order in which they are tried.
  let decoders: [Decoder]
  /// Encoding if the container holds only one; `nil` if the decoder tells.
  var codec: String?
  /// Number of frames that the blocks of a wav hold; `nil` if it is not known.
  var mostFrames: Int?

  /// `true` if the container declares a length; `false` for a bare stream, whose length ffprobe guesses by its bit rate.
  var declaresLength: Bool { !["adts", "adif", "mp1", "mp2", "ac3", "dts", "amr", "truehd", "mpegts"].contains(name) }

  /// Returns the container of a file; `nil` if the file is not foreign, or if nothing decodes it.
  init?(_ content: SniffedContent) {
    guard content.format == .other, content.isAudio, let known = Self.known[content.codec] else { return nil }
    self = known
  }

  /// Returns the container of a wav whose samples are coded, by the name of the codec.
  init(waveCodec codec: String, isWave64: Bool) {
    name = "wav"
    self.codec = codec
    let ffmpeg = Decoder.ffmpeg(demuxers: isWave64 ? "w64" : "wav")
    decoders = Self.sndfileWaveCodecs.contains(codec) ? [.sndfile, ffmpeg] : [ffmpeg]
  }

  private init(_ name: String, _ decoders: Decoder...) {
    self.name = name
    self.decoders = decoders
  }

  /// `true` if libsndfile can decode the container.
  var isReadWithoutProgram: Bool { decoders.contains(.sndfile) }

  /// Codecs of a wav that libsndfile decodes.
  private static let sndfileWaveCodecs: Set<String> = [
    "pcm_alaw", "pcm_mulaw", "adpcm_ms", "adpcm_ima_wav", "gsm_ms",
  ]

  /// Containers by the codec names of `FileSniffer`.
  ///
  /// Opus and FLAC in Ogg go to ffmpeg first: libsndfile 1.2 decodes an Opus file at the rate of its source instead of
  /// 48 kHz, and does not open FLAC in Ogg by callbacks. A RIFX goes to libsndfile alone: ffmpeg 5.1 swaps its bytes. A VOC goes to ffmpeg alone:
  /// libsndfile 1.2 plays the headers of its blocks.
  private static let known: [String: ForeignContainer] = [
    "aiff": ForeignContainer("aiff", .sndfile, .ffmpeg(demuxers: "aiff")),
    "caf": ForeignContainer("caf", .sndfile, .ffmpeg(demuxers: "caf")),
    "au": ForeignContainer("au", .sndfile, .ffmpeg(demuxers: "au")),
    "voc": ForeignContainer("voc", .ffmpeg(demuxers: "voc")),
    "big-endian wav (RIFX)": ForeignContainer("rifx", .sndfile),
    "ogg vorbis": ForeignContainer("ogg", .sndfile, .ffmpeg(demuxers: "ogg")),
    "opus": ForeignContainer("ogg", .ffmpeg(demuxers: "ogg"), .sndfile),
    "ogg flac": ForeignContainer("ogg", .ffmpeg(demuxers: "ogg"), .sndfile),
    "speex": ForeignContainer("ogg", .ffmpeg(demuxers: "ogg")),
    "ogg": ForeignContainer("ogg", .ffmpeg(demuxers: "ogg")),
    "m4a": ForeignContainer("m4a", .ffmpeg(demuxers: "mov")),
    "mp4": ForeignContainer("mp4", .ffmpeg(demuxers: "mov")),
    "quicktime": ForeignContainer("mov", .ffmpeg(demuxers: "mov")),
    "matroska/webm": ForeignContainer("matroska", .ffmpeg(demuxers: "matroska")),
    "wma (asf)": ForeignContainer("asf", .ffmpeg(demuxers: "asf")),
    "avi": ForeignContainer("avi", .ffmpeg(demuxers: "avi")),
    "amr": ForeignContainer("amr", .ffmpeg(demuxers: "amr")),
    "monkey's audio (ape)": ForeignContainer("ape", .ffmpeg(demuxers: "ape")),
    "wavpack": ForeignContainer("wavpack", .ffmpeg(demuxers: "wv")),
    "tta": ForeignContainer("tta", .ffmpeg(demuxers: "tta")),
    "tak": ForeignContainer("tak", .ffmpeg(demuxers: "tak")),
    "shorten": ForeignContainer("shorten", .ffmpeg(demuxers: "shn")),
    "musepack": ForeignContainer("musepack", .ffmpeg(demuxers: "mpc,mpc8")),
    "dsf": ForeignContainer("dsf", .ffmpeg(demuxers: "dsf")),
    "dff": ForeignContainer("dff", .ffmpeg(demuxers: "iff")),
    "aac (ADIF)": ForeignContainer("adif", .ffmpeg(demuxers: "aac")),
    "aac (ADTS)": ForeignContainer("adts", .ffmpeg(demuxers: "aac")),
    "mp1": ForeignContainer("mp1", .ffmpeg(demuxers: "mp3")),
    "mp2": ForeignContainer("mp2", .ffmpeg(demuxers: "mp3")),
    "realmedia": ForeignContainer("realmedia", .ffmpeg(demuxers: "rm")),
    "flash video": ForeignContainer("flv", .ffmpeg(demuxers: "flv")),
    "mpeg program stream": ForeignContainer("mpeg", .ffmpeg(demuxers: "mpeg")),
    "ac3": ForeignContainer("ac3", .ffmpeg(demuxers: "ac3,eac3")),
    "dts": ForeignContainer("dts", .ffmpeg(demuxers: "dts")),
    "truehd": ForeignContainer("truehd", .ffmpeg(demuxers: "truehd")),
    "mpeg transport stream": ForeignContainer("mpegts", .ffmpeg(demuxers: "mpegts")),
    "nut": ForeignContainer("nut", .ffmpeg(demuxers: "nut")),
    "mxf": ForeignContainer("mxf", .ffmpeg(demuxers: "mxf")),
    "8svx": ForeignContainer("8svx", .ffmpeg(demuxers: "iff")),
    "maud": ForeignContainer("maud", .ffmpeg(demuxers: "iff")),
    "ircam": ForeignContainer("ircam", .sndfile, .ffmpeg(demuxers: "ircam")),
    "sox": ForeignContainer("sox", .ffmpeg(demuxers: "sox")),
    "avr": ForeignContainer("avr", .sndfile, .ffmpeg(demuxers: "avr")),
    "paf": ForeignContainer("paf", .sndfile, .ffmpeg(demuxers: "epaf")),
    "nist sphere": ForeignContainer("sphere", .sndfile, .ffmpeg(demuxers: "nistsphere")),
    "psion wve": ForeignContainer("wve", .sndfile, .ffmpeg(demuxers: "wve")),
    "pvf": ForeignContainer("pvf", .sndfile, .ffmpeg(demuxers: "pvf")),
  ]
}
