import RepriseSystem

/// A fact about a flac: what its metadata and frames contradict, lack or carry. Sizes are in bytes, times in seconds.
public enum FLACFinding: Sendable, Equatable, Codable {
  /// The kinds of metadata blocks (RFC 9639 §8.1).
  public enum BlockKind: Sendable, Equatable, Codable {
    case streamInfo, padding, application, seekTable, tags, cueSheet, picture
    /// A type that the format does not define.
    case unknown(Int)
  }

  /// What header and frames both tell.
  public enum Property: Sendable, Equatable, Codable {
    /// In Hz.
    case sampleRate
    case channels
    /// In bits a sample.
    case width
  }

  /// What stands behind the last frame that could be decoded.
  public enum Rest: Sendable, Equatable, Codable {
    case tag, zeros, anotherStream, damagedFrame, unknown
  }

  // MARK: Fatal

  /// The file ends within its metadata.
  case endsInMetadata
  /// The header claims a sample rate in Hz that audio does not have.
  case implausibleRate(Int)
  /// The last block of metadata is not marked as such.
  case unmarkedMetadata
  /// There are two STREAMINFO blocks.
  case twoStreamInfos
  /// The header claims another property than the frames have.
  case contradiction(Property, claimed: Int, found: Int)
  /// There is no STREAMINFO, and no frame to tell what it held.
  case noStreamInfo
  /// There is no STREAMINFO; what the frames tell.
  case onlyFrames(sampleRate: Int?, channels: Int, bits: Int?, seconds: Double?)
  /// The header claims another block size than the frames have, in samples; how long it then seems, and is.
  case blockSize(claimed: Int, found: Int, apparentSeconds: Double, seconds: Double)
  /// Not one frame can be decoded.
  case nothingDecoded
  /// Audio is wrong or missing: the first place, the number of places and what is lost in all.
  case damage(first: DamageSpan, places: Int, lostSeconds: Double)
  /// It is a part of a longer stream.
  case partOfLonger(start: Double, seconds: Double, of: Double)
  /// Frames are missing at the end.
  case truncated(seconds: Double, of: Double)
  /// The MD5 of the samples is not the header's.
  case md5Differs
  /// The last frame is cut off or damaged.
  case lastFrameCut(at: Double)

  // MARK: To be written anew

  /// A metadata block without a sound size, for which other programs refuse the file.
  case brokenBlock(BlockKind)

  // MARK: Harmless

  /// Tags stand in front of the stream.
  case tagsInFront(bytes: Int)
  /// Blocks of metadata beside STREAMINFO.
  case sideBlocks(FirstOf<SideBlock<BlockKind>>)
  /// Tags and zeros behind the last frame, in the order of the file.
  case trailer(bytes: Int, [NonAudio])
  /// Bytes behind the last frame that was decoded.
  case rest(bytes: Int, Rest)
  /// The header has no MD5.
  case noMD5
  /// The frames' numbers go back.
  case numbersGoBack(at: Double)
}

extension FLACFinding: CustomStringConvertible {
  /// The fact in a few words.
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
    case .truncated(let seconds, let all): "\(describe(seconds: seconds)) of \(describe(seconds: all)); the rest are missing"
    case .md5Differs: "MD5 of the samples differs"
    case .lastFrameCut(let place): "last frame cut off at \(describe(seconds: place))"
    case .brokenBlock(let kind): "metadata block without a sound size (\(kind))"
    case .tagsInFront(let bytes): "\(counted(bytes, "byte")) of tags in front of the stream"
    case .sideBlocks(let blocks): "\(counted(blocks.count, "block")) beside the samples"
    case .trailer(let bytes, let kinds):
      "\(counted(bytes, "byte")) behind the last frame (\(kinds.map(\.rawValue).joined(separator: ", ")))"
    case .rest(let bytes, let kind): "\(counted(bytes, "byte")) behind the last frame (\(kind))"
    case .noMD5: "no MD5 in the header"
    case .numbersGoBack(let place): "frame numbers go back at \(describe(seconds: place))"
    }
  }
}
