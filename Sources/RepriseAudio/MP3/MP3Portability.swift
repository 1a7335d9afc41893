import RepriseSystem

/// A property of an mp3 that some decoders misread.
package enum MP3Portability: Sendable, Equatable, Codable {
  /// Free format: frames whose bit rate the header does not state.
  case freeFormat
  /// A variable bit rate without a header that states the number of frames.
  case noFrameCount
  /// A variable bit rate whose number of frames only a VBRI header states.
  case vbri
  /// The header claims another number of frames than there are.
  case frameCount(header: String, claimed: Int, counted: Int)
  /// Several mp3s joined, of which the header of the first one states the number of frames.
  case joined(parts: Int)
  /// Sample rate or number of channels change.
  case formatChanges(Int)
  /// Bytes in front of the first frame that are no ID3v2 tag.
  case junkInFront(bytes: Int)
  /// Tags between frames.
  case tagsBetween(Int)
  /// Bytes behind the last frame that are no tag that decoders know.
  case junkBehind(bytes: Int)
  /// Bytes behind the last frame that look like frames.
  case falseFrames(bytes: Int)
  /// The last frame is cut off.
  case lastFrameCut(bytes: Int)
  /// Metadata of a radio stream between the bytes of the frames.
  case streamMetadata(blocks: Int, bytes: Int)
}

extension MP3Portability: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch self {
    case .freeFormat: "free format"
    case .noFrameCount: "variable bit rate without a number of frames in front"
    case .vbri: "variable bit rate with a VBRI header"
    case .frameCount(let header, let claimed, let real):
      "\(header) header claims \(claimed) frames, there are \(real)"
    case .joined(let parts): "\(parts) mp3s joined behind the header of the first"
    case .formatChanges(let count): "format changes \(counted(count, "time"))"
    case .junkInFront(let bytes): "\(counted(bytes, "byte")) in front of the first frame"
    case .tagsBetween(let count): "\(counted(count, "tag")) between frames"
    case .junkBehind(let bytes): "\(counted(bytes, "byte")) behind the last frame"
    case .falseFrames(let bytes): "\(counted(bytes, "byte")) like frames behind the last frame"
    case .lastFrameCut(let bytes): "last frame cut off after \(counted(bytes, "byte"))"
    case .streamMetadata(let blocks, let bytes):
      "metadata of a radio stream in it (\(counted(blocks, "block")), \(counted(bytes, "byte")))"
    }
  }
}
