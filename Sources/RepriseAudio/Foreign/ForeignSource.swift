import RepriseSystem

/// The samples of a foreign container, by the first decoder that opens it.
struct ForeignSource: ~Copyable {
  private enum Reader: ~Copyable {
    case sndfile(SndfileReader)
    case ffmpeg(FFmpegReader)
  }

  private let reader: Reader
  /// Sample rate in Hz.
  let sampleRate: Int
  /// Number of channels.
  let channels: Int
  /// Encoding of the samples in the file.
  let encoding: SampleEncoding
  /// Name of the encoding in ffmpeg.
  let codec: String
  /// Number of frames that libsndfile counts; `nil` if only decoding tells.
  let countedFrames: Int?
  /// Length in seconds that the container declares to ffmpeg; `nil` if it declares none.
  let declaredSeconds: Double?

  /// Opens the container of a file, which begins at `offset`.
  ///
  /// - Throws: `AudioFileError` of the first decoder; `ffmpegMissing` if ffmpeg might have opened it.
  static func open(
    _ file: InputFile, _ container: ForeignContainer, offset: Int, cancellation: Cancellation?
  ) throws(AudioFileError) -> ForeignSource {
    var first: AudioFileError?
    var missing: AudioFileError?
    for decoder in container.decoders {
      do throws(AudioFileError) {
        return try ForeignSource(file, container, decoder, offset: offset, cancellation: cancellation)
      } catch {
        if error.code == .cancelled { throw error }
        if case .foreign(.ffmpegMissing) = error.problem { missing = error }
        if first == nil { first = error }
      }
    }
    throw missing ?? first ?? AudioFileError(path: file.path, .unrecognised)
  }

  private init(
    _ file: InputFile, _ container: ForeignContainer, _ decoder: ForeignContainer.Decoder, offset: Int,
    cancellation: Cancellation?
  ) throws(AudioFileError) {
    switch decoder {
    case .sndfile:
      let made = try SndfileReader(file, offset: offset, most: container.mostFrames, cancellation: cancellation)
      // A header without a length, or one that libsndfile does not understand.
      guard made.frames > 0 else {
        throw AudioFileError(path: file.path, .foreign(.sndfileRefused(reason: "no frames")))
      }
      sampleRate = made.sampleRate
      channels = made.channels
      encoding = made.encoding
      codec = made.codec
      countedFrames = made.frames
      declaredSeconds = nil
      reader = .sndfile(made)
    case .ffmpeg(let demuxers):
      let made = try FFmpegReader(file, container, demuxers: demuxers, cancellation: cancellation)
      sampleRate = made.sampleRate
      channels = made.channels
      encoding = made.encoding
      codec = made.facts?.codec ?? container.codec ?? container.name
      countedFrames = nil
      declaredSeconds = container.declaresLength ? made.facts?.seconds : nil
      reader = .ffmpeg(made)
    }
  }

  /// Messages of ffmpeg so far; `nil` if there are none.
  var complaint: FFmpegComplaint? {
    switch reader {
    case .sndfile: nil
    case .ffmpeg(let reader): reader.complaint
    }
  }

  /// Fills `samples` with whole frames of floats and returns the number of frames; 0 at the end.
  func read(into samples: inout [Float]) throws(AudioFileError) -> Int {
    switch reader {
    case .sndfile(let reader): try reader.read(into: &samples)
    case .ffmpeg(let reader): try reader.read(into: &samples)
    }
  }

  /// Fills `samples` with whole frames of left-justified integers and returns the number of frames; 0 at the end.
  ///
  /// Not available for floats.
  func read(into samples: inout [Int32]) throws(AudioFileError) -> Int {
    switch reader {
    case .sndfile(let reader): try reader.read(into: &samples)
    case .ffmpeg(let reader): try reader.read(into: &samples)
    }
  }
}
