package import RepriseSystem

/// A decoder of one audio file, whatever its name, to a stream of samples.
///
/// mp3, flac and linear wav are decoded by the readers of their formats; everything else by libsndfile or ffmpeg.
///
/// The decoder returns everything that can be decoded and throws if nothing can; `inspect` reports damage.
/// All calls block: use them inside `offPool`.
package struct AudioDecoder: ~Copyable {
  private enum Source: ~Copyable {
    case mpg123(Mpg123Stream)
    case wave(WaveReader)
    case flac(FLACReader)
    case foreign(ForeignSource)
  }

  private let source: Source
  /// Path of the file, for messages.
  let path: String
  /// Format: mp3, wav, flac, or `other` for a foreign container.
  package let format: FileFormat
  /// Sample rate in Hz; that of the first frame in an mp3 whose rate changes, the rest of which is resampled to it.
  package let sampleRate: Int
  /// Number of channels, 1 or more.
  package let channels: Int
  /// Encoding of the samples in the file.
  package let encoding: SampleEncoding
  /// Name of the encoding in ffmpeg, for a foreign container; empty for other files.
  let codec: String
  /// Number of frames that libsndfile counts in a foreign container; `nil` for other files.
  let countedFrames: Int?
  /// Length in seconds that a foreign container declares to ffmpeg; `nil` for other files.
  let declaredSeconds: Double?

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file; its format is determined by its content, not by its name.
  ///   - cancellation: Makes the next read of an mp3 or flac throw `cancelled`, however far away the next frame is.
  /// - Throws: `AudioFileError` `missing`, `isDirectory`, `notRegular`, `notPermitted`, `empty`, `notAudio`,
  ///   `unsupportedFormat`, `truncated` or `corrupt`.
  package init(path: String, cancellation: Cancellation? = nil) throws(AudioFileError) {
    let audio = try AudioContent.open(path, cancellation: cancellation)
    try self.init(audio.file, audio.content, cancellation: cancellation)
  }

  /// Decodes an open file whose content is known.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - content: The content of the file.
  ///   - layout: The frames of an mp3, if they are known already.
  ///   - cancellation: Makes the next read of an mp3 or flac throw `cancelled`.
  /// - Throws: `AudioFileError` `notAudio`, `unsupportedFormat`, `truncated` or `corrupt`.
  init(
    _ file: InputFile, _ content: SniffedContent, layout: MP3Layout? = nil, cancellation: Cancellation? = nil
  ) throws(AudioFileError) {
    let path = file.path
    if let container = try AudioDecoder.foreignContainer(file, content) {
      let opened = try ForeignSource.open(file, container, offset: content.offset, cancellation: cancellation)
      sampleRate = opened.sampleRate
      channels = opened.channels
      encoding = opened.encoding
      codec = opened.codec
      countedFrames = opened.countedFrames
      declaredSeconds = opened.declaredSeconds
      format = content.format
      self.path = path
      source = .foreign(opened)
      return
    }
    switch content.format {
    case .mp3:
      let layout =
        if let layout { layout } else { try MP3Layout(file, offset: content.offset, cancellation: cancellation) }
      guard layout.walk.frames > 0 else {
        throw AudioFileError(path: path, .noMP3Audio)
      }
      let stream = try Mpg123Stream(file, layout, cancellation: cancellation)
      sampleRate = stream.sampleRate
      channels = stream.channels
      encoding = .lossy
      source = .mpg123(stream)
    case .flac:
      let reader = try FLACReader(file, offset: content.offset, cancellation: cancellation)
      sampleRate = reader.sampleRate
      channels = reader.channels
      encoding = reader.encoding
      source = .flac(reader)
    case .wav:
      let reader = try WaveReader(file, offset: content.offset)
      sampleRate = reader.sampleRate
      channels = reader.channels
      encoding = reader.encoding
      source = .wave(reader)
    case .other, .unknown:
      throw AudioFileError(path: path, content.problem ?? .unrecognised)
    }
    format = content.format
    codec = ""
    countedFrames = nil
    declaredSeconds = nil
    self.path = path
  }

  /// Returns the container of a file that libsndfile or ffmpeg decodes, among them a wav with coded samples; `nil` for
  /// other files.
  private static func foreignContainer(
    _ file: InputFile, _ content: SniffedContent
  ) throws(AudioFileError) -> ForeignContainer? {
    guard content.format == .wav else { return ForeignContainer(content) }
    guard let layout = try WaveLayout(file, offset: content.offset), let format = layout.format, format.isCoded else {
      return nil
    }
    var container = ForeignContainer(waveCodec: format.codec, isWave64: layout.container == .wave64)
    // libsndfile counts a last block of which only a padding byte is there.
    container.mostFrames = format.codedFrames(in: layout.presentBytes)
    return container
  }

  /// Messages of ffmpeg so far, for a foreign container; `nil` if there are none.
  var complaint: FFmpegComplaint? {
    switch source {
    case .foreign(let source): source.complaint
    default: nil
    }
  }

  /// Replaces the contents of `samples` by up to `frames` frames, interleaved, nominally −1…1.
  ///
  /// - Parameters:
  ///   - samples: The array that receives the frames.
  ///   - frames: The largest number of frames to read.
  /// - Returns: The number of frames read, 0 at the end.
  /// - Throws: `AudioFileError` `io`, `corrupt` or `cancelled`.
  package mutating func read(into samples: inout [Float], frames: Int) throws(AudioFileError) -> Int {
    let wanted = max(frames, 0) * channels
    AudioDecoder.resize(&samples, to: wanted, filler: 0)
    let got: Int
    switch source {
    case .mpg123(let stream):
      got = try stream.read(into: &samples) / channels
    case .wave(let reader):
      got = try reader.read(into: &samples)
    case .flac(let reader):
      got = try reader.read(into: &samples)
    case .foreign(let source):
      got = try source.read(into: &samples)
    }
    samples.removeLast(wanted - got * channels)
    return got
  }

  /// Replaces the contents of `samples` by up to `frames` frames of left-justified integers.
  ///
  /// The integers are exact for integer encodings of any width. For mp3 and float encodings they are the nearest 32-bit
  /// integers, clipped at full scale.
  ///
  /// - Parameters:
  ///   - samples: The array that receives the frames.
  ///   - frames: The largest number of frames to read.
  /// - Returns: The number of frames read, 0 at the end.
  /// - Throws: `AudioFileError` `io`, `corrupt` or `cancelled`.
  package mutating func read(into samples: inout [Int32], frames: Int) throws(AudioFileError) -> Int {
    if case .integer = encoding {
      switch source {
      case .wave(let reader):
        let wanted = max(frames, 0) * channels
        AudioDecoder.resize(&samples, to: wanted, filler: 0)
        let got = try reader.read(into: &samples)
        samples.removeLast(wanted - got * channels)
        return got
      case .flac(let reader):
        let wanted = max(frames, 0) * channels
        AudioDecoder.resize(&samples, to: wanted, filler: 0)
        let got = try reader.read(into: &samples)
        samples.removeLast(wanted - got * channels)
        return got
      case .foreign(let source):
        let wanted = max(frames, 0) * channels
        AudioDecoder.resize(&samples, to: wanted, filler: 0)
        let got = try source.read(into: &samples)
        samples.removeLast(wanted - got * channels)
        return got
      case .mpg123: break
      }
    }
    var floats: [Float] = []
    let got = try read(into: &floats, frames: frames)
    samples = floats.map { SampleConversion.integer($0, bits: 32) }
    return got
  }

  /// Passes over frames without decoding them, where the format allows it.
  ///
  /// - Parameter frames: The number of frames.
  /// - Returns: The number of frames that were passed over, fewer only at the end; `nil` if they have to be decoded.
  package mutating func skip(frames: Int) -> Int? {
    switch source {
    case .wave(let reader): reader.skip(frames)
    default: nil
    }
  }

  private static func resize<Sample>(_ samples: inout [Sample], to count: Int, filler: Sample) {
    if samples.count > count {
      samples.removeLast(samples.count - count)
    } else {
      samples.append(contentsOf: repeatElement(filler, count: count - samples.count))
    }
  }
}
