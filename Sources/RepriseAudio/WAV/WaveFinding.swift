import RepriseSystem

/// A fact about a wav, about contradictions, omissions and additions in its chunks.
///
/// Sizes are in bytes, times in seconds.
public enum WaveFinding: Sendable, Equatable, Codable {
  /// The obstacles that keep other programs from finding the samples.
  public enum Obstacle: Sendable, Equatable, Codable {
    /// A chunk of odd size before the samples lacks its padding byte.
    case unpaddedChunk
    /// An RF64 or BW64 (its name) without its 64-bit sizes.
    case missingWideSizes(container: String)
    /// The 64-bit sizes were never filled in.
    case unfilledWideSizes
    /// The samples are followed by bytes that are not chunks.
    case strayBytes
  }

  /// The kinds of bytes after the samples that are not chunks.
  public enum Stray: Sendable, Equatable, Codable {
    case tag, zeros, anotherWave, unknown
  }

  // MARK: Fatal

  /// The file ends after `bytes` bytes, before its format chunk.
  case endsBeforeFormat(bytes: Int)
  /// The file ends after `bytes` bytes, before any samples.
  case endsBeforeSamples(bytes: Int)
  /// There is no usable format chunk.
  case noFormat
  /// There is no data chunk.
  case noData
  /// The header claims 0 channels.
  case noChannels
  /// The header claims a sample rate, in Hz, outside the range of audio.
  case implausibleRate(Int, plausible: ClosedRange<Int>)
  /// The header claims linear samples of a width, in bits, that does not exist.
  case impossibleWidth(bits: Int)
  /// The size of a frame and the width of samples contradict each other, so that decoders disagree.
  case ambiguousFrame(bytes: Int, channels: Int, bits: Int)
  /// Samples in a codec that is not decoded; `isLinear` if it is PCM of an unsupported width.
  case unsupportedCodec(String, isLinear: Bool)
  /// More channels than other programs read.
  case tooManyChannels(Int, most: Int)
  /// The format chunk follows the samples.
  case lateFormat
  /// The samples end before the claimed size is reached.
  case truncated(declaredBytes: Int, presentBytes: Int, missingSeconds: Double)
  /// Samples that are not numbers, or that exceed a 32-bit float if `isDouble`.
  case notNumbers(samples: Int, isDouble: Bool, first: Double, places: Int, seconds: Double)

  // MARK: To be rewritten

  /// Other programs do not find the samples.
  case unreadableElsewhere(Obstacle)
  /// The claimed size of a frame is wrong, and ffmpeg garbles the samples because of it.
  case garblingFrameSize(claimed: Int, actual: Int, channels: Int, bits: Int)

  // MARK: Harmless

  /// Tags precede the RIFF header.
  case tagsInFront(bytes: Int)
  /// The size of the samples was never filled in; the value found instead.
  case unfilledSize(declaredBytes: Int, presentBytes: Int)
  /// The claimed size of the samples is too large, and by the size of the file nothing is missing.
  case excessiveSize(declaredBytes: Int, presentBytes: Int)
  /// The header claims a size of the file that is not its own.
  case fileSize(declared: Int, actual: Int)
  /// The size in the data chunk contradicts the 64-bit one.
  case narrowSize(bytes: Int, wideBytes: Int)
  /// Bytes at the end of the samples that are not a whole frame.
  case partialFrame(bytes: Int)
  /// The claimed size of a frame is wrong, and decoders use channels and width instead.
  case frameSize(claimed: Int, actual: Int, channels: Int, bits: Int)
  /// Further data chunks after the first.
  case laterData(chunks: Int, seconds: Double)
  /// Bytes after the samples that are not a chunk; their length in seconds if they were samples.
  case strayBytes(Int, Stray, seconds: Double)
  /// Chunks of odd size without a padding byte.
  case unpaddedChunks(Int)
  /// Chunks other than format and samples.
  case sideChunks(FirstOf<SideBlock<String>>)
}

extension WaveFinding: CustomStringConvertible {
  /// Description in a few words.
  public var description: String {
    switch self {
    case .endsBeforeFormat(let bytes): "ends before its format chunk, after \(counted(bytes, "byte"))"
    case .endsBeforeSamples(let bytes): "ends before any samples, after \(counted(bytes, "byte"))"
    case .noFormat: "no usable format chunk"
    case .noData: "no data chunk"
    case .noChannels: "header claims 0 channels"
    case .implausibleRate(let rate, _): "header claims \(rate) Hz"
    case .impossibleWidth(let bits): "header claims samples of \(bits) bits"
    case .ambiguousFrame(let bytes, let channels, let bits):
      "frames of \(counted(bytes, "byte")) for \(counted(channels, "channel")) of \(bits) bits"
    case .unsupportedCodec(let codec, _): "unsupported codec \(codec)"
    case .tooManyChannels(let channels, let most): "\(channels) channels, at most \(most) are read elsewhere"
    case .lateFormat: "format chunk after the samples"
    case .truncated(let declared, let present, let missing):
      "\(present) of \(declared) bytes of samples; the last \(describe(seconds: missing)) are missing"
    case .notNumbers(let samples, _, let first, let places, _):
      "\(counted(samples, "sample")) not numbers, in \(counted(places, "place")), the first at \(describe(seconds: first))"
    case .unreadableElsewhere(let obstacle): "samples not found by other programs (\(obstacle))"
    case .garblingFrameSize(let claimed, let actual, _, _), .frameSize(let claimed, let actual, _, _):
      "header claims frames of \(counted(claimed, "byte")), they have \(actual)"
    case .tagsInFront(let bytes): "\(counted(bytes, "byte")) of tags before the RIFF header"
    case .unfilledSize(_, let present): "size of the samples never filled in; \(counted(present, "byte")) are there"
    case .excessiveSize(let declared, let present): "\(present) of \(declared) bytes of samples; nothing is missing"
    case .fileSize(let declared, let actual): "header claims a file of \(declared) bytes, it has \(actual)"
    case .narrowSize(let bytes, let wide): "data chunk claims \(bytes) bytes, ds64 chunk \(wide)"
    case .partialFrame(let bytes): "\(counted(bytes, "byte")) of a partial frame"
    case .laterData(let chunks, let seconds): "\(chunks) more data chunks, \(describe(seconds: seconds))"
    case .strayBytes(let bytes, let kind, _): "\(counted(bytes, "byte")) after the samples (\(kind))"
    case .unpaddedChunks(let count): "\(count) chunks of odd size without padding"
    case .sideChunks(let chunks): "\(counted(chunks.count, "chunk")) beside the samples"
    }
  }
}
