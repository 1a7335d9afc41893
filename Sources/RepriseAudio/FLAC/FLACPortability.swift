import RepriseSystem

/// A property of a flac that some decoders misread.
package enum FLACPortability: Sendable, Equatable, Codable {
  // MARK: Around the stream

  /// Bytes in front of the stream other than one tag.
  case inFront(bytes: Int)
  /// Bytes behind the last frame.
  case behind(bytes: Int)

  // MARK: Metadata

  /// The header claims another number of frames (samples per channel) than there are; 0 for none.
  case total(declared: Int, counted: Int)
  /// The header claims blocks of another size, in samples, than the frames have.
  case blockSize(claimed: ClosedRange<Int>, found: Int)
  /// The header claims another rate, width or number of channels than the frames state.
  case property(FLACFinding.Property, claimed: Int, found: Int)
  /// There is no STREAMINFO.
  case noStreamInfo
  /// Another block precedes STREAMINFO.
  case lateStreamInfo
  /// There is more than one STREAMINFO.
  case secondStreamInfo
  /// The last metadata block is not marked as such.
  case unmarkedMetadata
  /// A metadata block with an invalid size or contents.
  case brokenBlock(FLACFinding.BlockKind)
  /// A picture of more bytes than the size of a block can state.
  case overflowingPicture(bytes: Int)

  // MARK: Frames

  /// Samples of a width, in bits, that not every decoder supports.
  case width(Int)
  /// Frames of more bytes than ffmpeg decodes.
  case frameBytes(Int)
  /// Frames of more samples per channel than most decoders accept.
  case longBlocks(Int)
  /// Samples beyond the range of their width, in bits: how many, in how many frames.
  case samplesBeyond(bits: Int, samples: Int, frames: Int)
}

extension FLACPortability: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch self {
    case .inFront(let bytes): "\(counted(bytes, "byte")) in front of the stream"
    case .behind(let bytes): "\(counted(bytes, "byte")) behind the last frame"
    case .total(0, let counted): "header claims no length, there are \(counted) frames"
    case .total(let declared, let counted): "header claims \(declared) frames, there are \(counted)"
    case .blockSize(let claimed, let found):
      "header claims blocks of "
        + (claimed.lowerBound == claimed.upperBound
          ? "\(claimed.upperBound)" : "\(claimed.lowerBound) to \(claimed.upperBound)")
        + " samples, they have \(found)"
    case .property(let property, let claimed, let found):
      switch property {
      case .sampleRate: "header claims \(claimed) Hz, the frames \(found)"
      case .channels: "header claims \(counted(claimed, "channel")), the frames \(found)"
      case .width: "header claims \(counted(claimed, "bit")), the frames \(found)"
      }
    case .noStreamInfo: "no STREAMINFO"
    case .lateStreamInfo: "STREAMINFO behind another block"
    case .secondStreamInfo: "two STREAMINFO blocks"
    case .unmarkedMetadata: "last metadata block not marked"
    case .brokenBlock(let kind): "metadata block with invalid contents (\(kind))"
    case .overflowingPicture(let bytes): "a picture of \(bytes) bytes, of which its block's size can state 16777215"
    case .width(let bits): "samples of \(bits) bits"
    case .longBlocks(let samples): "blocks of \(samples) samples"
    case .frameBytes(let bytes): "frames of up to \(bytes) bytes"
    case .samplesBeyond(let bits, let samples, let frames):
      "\(counted(samples, "sample")) beyond \(bits) bits, in \(counted(frames, "frame"))"
    }
  }
}
