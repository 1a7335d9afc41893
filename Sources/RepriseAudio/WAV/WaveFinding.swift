import RepriseSystem

/// A fact about a wav: what its chunks contradict, lack or carry. Sizes are in bytes, times in seconds.
public enum WaveFinding: Sendable, Equatable, Codable {
  /// What keeps other programs from finding the samples.
  public enum Obstacle: Sendable, Equatable, Codable {
    /// A chunk of odd size in front of the samples lacks the byte that makes it even.
    case unpaddedChunk
    /// An RF64 or BW64 (its name) without the 64-bit sizes that belong to it.
    case missingWideSizes(container: String)
    /// The 64-bit sizes were never filled in.
    case unfilledWideSizes
    /// Bytes that are no chunks stand behind the samples.
    case strayBytes
  }

  /// What stands behind the samples and is no chunk.
  public enum Stray: Sendable, Equatable, Codable {
    case tag, zeros, anotherWave, unknown
  }

  // MARK: Fatal

  /// The file ends after so many bytes, in front of its format chunk.
  case endsBeforeFormat(bytes: Int)
  /// The file ends after so many bytes, in front of any samples.
  case endsBeforeSamples(bytes: Int)
  /// There is no usable format chunk.
  case noFormat
  /// There is no data chunk.
  case noData
  /// The header claims 0 channels.
  case noChannels
  /// The header claims a sample rate outside of those that audio has, in Hz.
  case implausibleRate(Int, plausible: ClosedRange<Int>)
  /// The header claims linear samples of a width in bits that does not exist.
  case impossibleWidth(bits: Int)
  /// The size of a frame and the width of samples contradict each other, so that decoders read two things.
  case ambiguousFrame(bytes: Int, channels: Int, bits: Int)
  /// Samples in a codec that is not decoded; `isLinear` if it is PCM of an odd width.
  case unsupportedCodec(String, isLinear: Bool)
  /// More channels than other programs read.
  case tooManyChannels(Int, most: Int)
  /// The format chunk stands behind the samples.
  case lateFormat
  /// The samples end before the claimed size is reached.
  case truncated(declaredBytes: Int, presentBytes: Int, missingSeconds: Double)
  /// Samples that are not numbers, or beyond a 32-bit float if `isDouble`.
  case notNumbers(samples: Int, isDouble: Bool, first: Double, places: Int, seconds: Double)

  // MARK: To be written anew

  /// Other programs do not find the samples.
  case unreadableElsewhere(Obstacle)
  /// The claimed size of a frame is wrong, and ffmpeg garbles the samples by it.
  case garblingFrameSize(claimed: Int, actual: Int, channels: Int, bits: Int)

  // MARK: Harmless

  /// Tags stand in front of the RIFF header.
  case tagsInFront(bytes: Int)
  /// The size of the samples was never filled in; what stands in its place.
  case unfilledSize(declaredBytes: Int, presentBytes: Int)
  /// The claimed size of the samples is too large, and by the file's own size nothing is missing.
  case excessiveSize(declaredBytes: Int, presentBytes: Int)
  /// The header claims another size of the file than it has.
  case fileSize(declared: Int, actual: Int)
  /// The data chunk's own size contradicts the 64-bit one.
  case narrowSize(bytes: Int, wideBytes: Int)
  /// Bytes at the end of the samples that are no whole frame.
  case partialFrame(bytes: Int)
  /// The claimed size of a frame is wrong, and decoders go by channels and width.
  case frameSize(claimed: Int, actual: Int, channels: Int, bits: Int)
  /// More chunks of samples behind the first.
  case laterData(chunks: Int, seconds: Double)
  /// Bytes behind the samples that are no chunk; the seconds that they would last as samples.
  case strayBytes(Int, Stray, seconds: Double)
  /// Chunks of odd size without the byte that makes them even.
  case unpaddedChunks(Int)
  /// Chunks beside format and samples.
  case sideChunks(FirstOf<SideBlock<String>>)
}

extension WaveFinding: CustomStringConvertible {
  /// The fact in a few words.
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
    case .lateFormat: "format chunk behind the samples"
    case .truncated(let declared, let present, let missing):
      "\(present) of \(declared) bytes of samples; the last \(describe(seconds: missing)) are missing"
    case .notNumbers(let samples, _, let first, let places, _):
      "\(counted(samples, "sample")) not numbers, in \(counted(places, "place")), the first at \(describe(seconds: first))"
    case .unreadableElsewhere(let obstacle): "samples not found by other programs (\(obstacle))"
    case .garblingFrameSize(let claimed, let actual, _, _), .frameSize(let claimed, let actual, _, _):
      "header claims frames of \(counted(claimed, "byte")), they have \(actual)"
    case .tagsInFront(let bytes): "\(counted(bytes, "byte")) of tags in front of the RIFF header"
    case .unfilledSize(_, let present): "size of the samples never filled in; \(counted(present, "byte")) are there"
    case .excessiveSize(let declared, let present): "\(present) of \(declared) bytes of samples; nothing is missing"
    case .fileSize(let declared, let actual): "header claims a file of \(declared) bytes, it has \(actual)"
    case .narrowSize(let bytes, let wide): "data chunk claims \(bytes) bytes, ds64 chunk \(wide)"
    case .partialFrame(let bytes): "\(counted(bytes, "byte")) of a partial frame"
    case .laterData(let chunks, let seconds): "\(chunks) more data chunks, \(describe(seconds: seconds))"
    case .strayBytes(let bytes, let kind, _): "\(counted(bytes, "byte")) behind the samples (\(kind))"
    case .unpaddedChunks(let count): "\(count) chunks of odd size without padding"
    case .sideChunks(let chunks): "\(counted(chunks.count, "chunk")) beside the samples"
    }
  }
}
