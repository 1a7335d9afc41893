import RepriseSystem

/// A property of a wav that some decoders misread.
package enum WavePortability: Sendable, Equatable, Codable {
  /// Bytes in front of the header that are not a tag.
  case inFront(bytes: Int)

  // MARK: Format

  /// Fewer valid bits than the samples have.
  case validBits(Int, of: Int)
  /// An extensible format whose extension is too short, in bytes.
  case shortExtension(bytes: Int)
  /// The claimed size of a frame, in bytes, is wrong.
  case frameSize(claimed: Int, actual: Int)

  // MARK: Sizes

  /// The size of the samples was never filled in; `chunks` if chunks follow them.
  case unfilledSize(declaredBytes: Int, presentBytes: Int, chunks: Bool)
  /// The size of the samples is smaller than they are.
  case smallSize(declaredBytes: Int, presentBytes: Int)
  /// The size of the samples extends over the chunks behind them.
  case largeSize(declaredBytes: Int, presentBytes: Int)

  // MARK: Chunks

  /// The format chunk follows the samples.
  case lateFormat
  /// A second format chunk precedes the samples.
  case secondFormat
  /// The samples lie in several data chunks.
  case dataChunks(Int)
  /// A chunk of odd size before the samples lacks its padding byte.
  case unpaddedChunk

  // MARK: Containers

  /// A BW64.
  case bw64
  /// An RF64 or BW64 (its name) without its 64-bit sizes.
  case missingWideSizes(container: String)
  /// The 64-bit sizes are not in the first chunk.
  case lateWideSizes(container: String)
  /// Floats in the extensible form in a Wave64.
  case wave64Floats(bits: Int)
  /// The sizes of a Wave64 were never filled in.
  case unfilledWave64
  /// Bytes follow the samples of a Wave64.
  case wave64Tail(bytes: Int)
}

extension WavePortability: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch self {
    case .inFront(let bytes): "\(counted(bytes, "byte")) in front of the header"
    case .validBits(let bits, let width): "\(counted(bits, "valid bit")) in samples of \(width)"
    case .shortExtension(let bytes): "an extensible format with an extension of \(counted(bytes, "byte")) instead of 22"
    case .frameSize(let claimed, let actual):
      "frames of \(counted(actual, "byte")) that the header claims to have \(claimed)"
    case .unfilledSize(let declared, let present, let chunks):
      "size of the samples never filled in (\(declared)), \(counted(present, "byte")) are there"
        + (chunks ? ", and chunks behind them" : "")
    case .smallSize(let declared, let present): "header claims \(declared) of \(counted(present, "byte")) of samples"
    case .largeSize(let declared, let present):
      "header claims \(counted(declared, "byte")) of samples where chunks follow after \(present)"
    case .lateFormat: "format chunk behind the samples"
    case .secondFormat: "two format chunks"
    case .dataChunks(let count): "samples in \(count) data chunks"
    case .unpaddedChunk: "a chunk of odd size in front of the samples without the byte that makes it even"
    case .bw64: "a BW64"
    case .missingWideSizes(let container): "\(container) without its 64-bit sizes"
    case .lateWideSizes(let container): "\(container) whose 64-bit sizes are not in its first chunk"
    case .wave64Floats(let bits): "a Wave64 with an extensible format of \(bits)-bit floats"
    case .unfilledWave64: "a Wave64 whose sizes were never filled in"
    case .wave64Tail(let bytes): "a Wave64 with \(counted(bytes, "byte")) behind its samples"
    }
  }
}
