package import RepriseSystem

/// A decoder of one mp3, wav or flac file, whatever its name, to a stream of samples.
///
/// The decoder returns everything that can be decoded and throws if nothing can; `inspect` reports damage.
/// All calls block: use them inside `offPool`.
package struct AudioDecoder: ~Copyable {
  private enum Source: ~Copyable {
    case mpg123(Mpg123Stream)
    case wave(WaveReader)
    case flac(FLACReader)
  }

  private let source: Source
  /// Path of the file, for messages.
  let path: String
  /// Format: mp3, wav or flac.
  package let format: FileFormat
  /// Sample rate in Hz; that of the first frame in an mp3 whose rate changes, the rest of which is resampled to it.
  package let sampleRate: Int
  /// Number of channels, 1 or more.
  package let channels: Int
  /// Encoding of the samples in the file.
  package let encoding: SampleEncoding

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file; its format is determined by its content, not by its name.
  ///   - cancellation: Makes the next read of an mp3 or flac throw `cancelled`, however far away the next frame is.
  /// - Throws: `AudioFileError` `missing`, `isFolder`, `notRegular`, `notPermitted`, `empty`, `notAudio`,
  ///   `unsupportedFormat`, `truncated` or `corrupt`.
  package init(path: String, cancellation: Cancellation? = nil) throws(AudioFileError) {
    let file = try InputFile(path: path)
    try self.init(file, try FileSniffer.sniff(file), cancellation: cancellation)
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
    self.path = path
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
