import RepriseSystem

/// A fact about a flac, about contradictions, omissions and additions in its metadata and frames.
///
/// Sizes are in bytes, times in seconds.
public enum FLACFinding: Sendable, Equatable, Codable {
  /// The kinds of metadata blocks (RFC 9639 §8.1).
  public enum BlockKind: Sendable, Equatable, Codable {
    case streamInfo, padding, application, seekTable, tags, cueSheet, picture
    /// A type that the format does not define.
    case unknown(Int)
  }

  /// The properties that both the header and the frames hold.
  public enum Property: Sendable, Equatable, Codable {
    /// Sample rate in Hz.
    case sampleRate
    case channels
    /// Width of a sample in bits.
    case width
  }

  /// The kinds of bytes after the last frame that could be decoded.
  public enum Rest: Sendable, Equatable, Codable {
    case tag, zeros, anotherStream, damagedFrame, unknown
  }

  // MARK: Fatal

  /// The file ends within its metadata.
  case endsInMetadata
  /// The header claims a sample rate, in Hz, that no audio has.
  case implausibleRate(Int)
  /// The last metadata block is not marked as such.
  case unmarkedMetadata
  /// There are two STREAMINFO blocks.
  case twoStreamInfos
  /// The header claims a property other than that of the frames.
  case contradiction(Property, claimed: Int, found: Int)
  /// There is no STREAMINFO, and no frame from which to derive its values.
  case noStreamInfo
  /// There is no STREAMINFO; the values are those of the frames.
  case onlyFrames(sampleRate: Int?, channels: Int, bits: Int?, seconds: Double?)
  /// The header claims a block size, in samples, other than that of the frames; the apparent and the true length.
  case blockSize(claimed: Int, found: Int, apparentSeconds: Double, seconds: Double)
  /// No frame can be decoded.
  case nothingDecoded
  /// Audio is damaged or missing: the first stretch, the number of stretches and the total length lost.
  case damage(first: DamageSpan, places: Int, lostSeconds: Double)
  /// The file is a part of a longer stream.
  case partOfLonger(start: Double, seconds: Double, of: Double)
  /// Frames are missing at the end.
  case truncated(seconds: Double, of: Double)
  /// The MD5 of the samples is not that in the header.
  case md5Differs
  /// The last frame is cut off or damaged.
  case lastFrameCut(at: Double)

  // MARK: To be rewritten

  /// A metadata block with an invalid size, for which other programs reject the file.
  case brokenBlock(BlockKind)

  // MARK: Harmless

  /// Tags precede the stream.
  case tagsInFront(bytes: Int)
  /// Metadata blocks other than STREAMINFO.
  case sideBlocks(FirstOf<SideBlock<BlockKind>>)
  /// Tags and zeros after the last frame, in the order of the file.
  case trailer(bytes: Int, [NonAudio])
  /// Bytes after the last frame that was decoded.
  case rest(bytes: Int, Rest)
  /// The header has no MD5.
  case noMD5
  /// The frame numbers decrease.
  case numbersGoBack(at: Double)
}

extension FLACFinding: CustomStringConvertible {
  /// Description in a few words.
  public var description: String {
    switch self {
    case .endsInMetadata: "ends within its metadata"
    case .implausibleRate(let rate): "header claims \(rate) Hz"
    case .unmarkedMetadata: "last metadata block not marked"
    case .twoStreamInfos: "two STREAMINFO blocks"
    case .contradiction(let property, let claimed, let found):
      "header claims \(property) \(claimed), frames have \(found)"
    case .noStreamInfo, .onlyFrames: "no STREAMINFO"
    case .blockSize(let claimed, let found, _, _): "header claims blocks of \(claimed) samples, frames have \(found)"
    case .nothingDecoded: "not one frame decoded"
    case .damage(let first, let places, let lost):
      "\(first.kind) at \(describe(seconds: first.start)); \(counted(places, "place")), \(describe(seconds: lost)) lost"
    case .partOfLonger(let start, let seconds, let all):
      "part of a longer stream from \(describe(seconds: start)), \(describe(seconds: seconds)) of \(describe(seconds: all))"
    case .truncated(let seconds, let all):
      "\(describe(seconds: seconds)) of \(describe(seconds: all)); the rest are missing"
    case .md5Differs: "MD5 of the samples differs"
    case .lastFrameCut(let time): "last frame cut off at \(describe(seconds: time))"
    case .brokenBlock(let kind): "metadata block without a sound size (\(kind))"
    case .tagsInFront(let bytes): "\(counted(bytes, "byte")) of tags before the stream"
    case .sideBlocks(let blocks): "\(counted(blocks.count, "block")) beside the samples"
    case .trailer(let bytes, let kinds):
      "\(counted(bytes, "byte")) after the last frame (\(kinds.map(\.rawValue).joined(separator: ", ")))"
    case .rest(let bytes, let kind): "\(counted(bytes, "byte")) after the last frame (\(kind))"
    case .noMD5: "no MD5 in the header"
    case .numbersGoBack(let time): "frame numbers go back at \(describe(seconds: time))"
    }
  }
}
