import RepriseSystem

/// A fact about an mp3, about contradictions, omissions and additions in its frames and tags.
///
/// Offsets and sizes are in bytes, times in seconds.
public enum MP3Finding: Sendable, Equatable, Codable {
  /// A change of sample rate or channels between two frames.
  public struct FormatChange: Sendable, Equatable, Codable {
    /// Sample rate before the change, in Hz.
    package let oldRate: Int
    /// Number of channels before the change.
    package let oldChannels: Int
    /// Sample rate after the change, in Hz.
    package let rate: Int
    /// Number of channels after the change.
    package let channels: Int
    /// Time of the change in seconds, encoder delay included.
    package let seconds: Double

    /// Creates a change.
    package init(oldRate: Int, oldChannels: Int, rate: Int, channels: Int, seconds: Double) {
      self.oldRate = oldRate
      self.oldChannels = oldChannels
      self.rate = rate
      self.channels = channels
      self.seconds = seconds
    }
  }

  // MARK: Fatal

  /// No frame holds audio.
  case noAudio
  /// Frames whose channels differ from those of all frames around them.
  case strayFrames(Int, first: Double)
  /// The frames are in more pieces than were followed.
  case shattered(pieces: Int)
  /// The last frame is cut off by the end of the file.
  case lastFrameCut(offset: Int)
  /// Bytes between two frames that are not audio.
  case garbageBetween(bytes: Int, offset: Int, seconds: Double)
  /// Zeros between two frames, in place of lost audio.
  case zerosBetween(bytes: Int, offset: Int, seconds: Double)
  /// Fewer frames than the header ("Xing", "Info", "VBRI") claims.
  case truncated(frames: Int, promised: Int, header: String, missingSeconds: Double)
  /// Frames that are damaged inside, and the first stretch of damage.
  case damagedFrames(Int, first: DamageSpan)

  /// Audio is lost between frames: its length in seconds and the number of bytes that are not frames.
  ///
  /// `isCounted` is `true` if the header tells the number of lost frames, and `false` if the bytes do so.
  case audioLost(seconds: Double, bytes: Int, isCounted: Bool)

  /// Zeros behind the last frame, in which there is room for more than a second of audio.
  case zerosBehind(bytes: Int, offset: Int)
  /// Frames of MPEG layer I or II follow the last one of layer III.
  case otherLayerBehind(Int, bytes: Int, offset: Int)

  // MARK: Harmless

  /// Metadata of a radio stream inside the frames: the number of blocks, of those with a text, and of their bytes, and the
  /// bytes of audio between two blocks.
  case streamMetadata(blocks: Int, texts: Int, bytes: Int, interval: Int?)
  /// Several mp3s joined, each with a header: the lengths of the parts in seconds.
  case joined(parts: FirstOf<Double>, count: Int)

  /// Sample rate or channels change `count` times; the first changes.
  case formatChanges([FormatChange], count: Int)
  /// The header follows a CRC, at an offset where decoders do not find it.
  case headerBehindChecksum
  /// Bytes before the first frame that are not audio.
  case garbageInFront(bytes: Int)
  /// Bytes after the last frame that are not audio.
  case garbageBehind(bytes: Int, offset: Int)
  /// Tags and zeros after the last frame.
  case tagsBehind(bytes: Int, NonAudioContents)
  /// Tags and zeros between two frames.
  case tagsBetween(bytes: Int, NonAudioContents, offset: Int)
  /// Further gaps between frames without audio, which were not examined one by one.
  case moreGaps(Int)
  /// Further gaps between frames that hold tags.
  case moreTags(Int)
  /// Wrong checksums of an encoder that does not compute them.
  case uncomputedChecksums(wrong: Int, of: Int)
  /// The file was cut out of a longer stream: its first frames need bytes that are missing.
  case cutFromLonger(frames: Int, bytes: Int)
  /// The checksum of LAME's tag itself is wrong.
  case tagChecksum
  /// Fewer bytes of frames than LAME's checksum covers.
  case checksumBeyondEnd(bytes: Int, of: Int)
  /// The frames do not match LAME's checksum.
  case framesChanged
}

extension MP3Finding: CustomStringConvertible {
  /// Description in a few words.
  public var description: String {
    switch self {
    case .noAudio: "no frame with audio"
    case .strayFrames(let count, let first):
      "\(counted(count, "frame")) of other channels, the first at \(describe(seconds: first))"
    case .shattered(let pieces): "frames in more than \(pieces) pieces"
    case .lastFrameCut(let offset): "last frame cut off at byte \(offset)"
    case .garbageBetween(let bytes, let offset, let seconds):
      "\(counted(bytes, "byte")) of no audio between frames at byte \(offset), \(describe(seconds: seconds))"
    case .zerosBetween(let bytes, let offset, let seconds):
      "\(counted(bytes, "byte")) of zeros between frames at byte \(offset), \(describe(seconds: seconds))"
    case .truncated(let frames, let promised, _, let missing):
      "\(frames) of \(promised) frames; the last \(describe(seconds: missing)) are missing"
    case .damagedFrames(let count, let first):
      "\(counted(count, "damaged frame")), the first at \(describe(seconds: first.start))"
    case .audioLost(let seconds, let bytes, let isCounted):
      "\(isCounted ? "" : "about ")\(describe(seconds: seconds)) lost between frames (\(counted(bytes, "byte")))"
    case .zerosBehind(let bytes, let offset): "\(counted(bytes, "zero byte")) behind the last frame, at byte \(offset)"
    case .otherLayerBehind(let layer, let bytes, let offset):
      "\(counted(bytes, "byte")) of layer \(layer) audio behind the last frame, at byte \(offset)"
    case .streamMetadata(let blocks, _, let bytes, _):
      "metadata of a radio stream (\(counted(blocks, "block")), \(counted(bytes, "byte")))"
    case .joined(let parts, let count):
      "\(count) mp3s joined (" + parts.first.map { describe(seconds: $0) }.joined(separator: ", ") + ")"
    case .formatChanges(_, let count): "format changes \(counted(count, "time"))"
    case .headerBehindChecksum: "header after a CRC"
    case .garbageInFront(let bytes): "\(counted(bytes, "byte")) of no audio before the first frame"
    case .garbageBehind(let bytes, let offset):
      "\(counted(bytes, "byte")) of no audio after the last frame, at byte \(offset)"
    case .tagsBehind(let bytes, let contents): "\(counted(bytes, "byte")) after the last frame (\(contents))"
    case .tagsBetween(let bytes, let contents, let offset):
      "\(counted(bytes, "byte")) between frames at byte \(offset) (\(contents))"
    case .moreGaps(let count): "\(counted(count, "more gap")) between frames"
    case .moreTags(let count): "\(counted(count, "more tag")) between frames"
    case .uncomputedChecksums(let wrong, let all): "\(wrong) of \(all) frame checksums wrong, as if never computed"
    case .cutFromLonger(let frames, let bytes):
      "cut out of a longer stream: \(counted(frames, "frame")) want up to \(counted(bytes, "byte")) before them"
    case .tagChecksum: "wrong checksum of the LAME tag"
    case .checksumBeyondEnd(let bytes, let all): "\(bytes) of \(all) bytes of frames"
    case .framesChanged: "frames changed since they were encoded"
    }
  }
}
