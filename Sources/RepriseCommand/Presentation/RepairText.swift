import RepriseAudio
import RepriseSystem

/// The text of changes that leave the audio as it is.
enum RepairText {
  /// Returns the changes as text.
  static func text(_ repairs: [Repair]) -> String {
    let changes = repairs.map { repair in
      switch repair {
      case .wave(let repair): text(repair)
      case .flac(let repair): text(repair)
      case .mp3(let repair): text(repair)
      }
    }
    return changes.joined(separator: "; ") + "; the audio's bytes stay"
  }

  private static func text(_ repair: WaveRepair) -> String {
    switch repair {
    case .format(let channels, let rate, let bits):
      "the format is written as every decoder reads it (\(counted(channels, "channel")) of \(bits) bits at \(rate) Hz)"
    case .sizes(let bytes): "the sizes are written for the \(describe(bytes: bytes)) of samples that are there"
    case .order: "the chunks are written in the order that decoders expect"
    case .joinedData(let chunks): "the samples of its \(chunks) data chunks are written as one, in their order"
    case .container(let name): "it is written as RIFF instead of \(name)"
    case .droppedFront(let bytes): "\(describe(bytes: bytes)) in front of it are dropped"
    case .dropped(let bytes): "\(describe(bytes: bytes)) behind its samples that are no chunks are dropped"
    case .kept(let names): "kept: \(FindingPieces.listing(names) { $0.trimmed })"
    }
  }

  private static func text(_ repair: FLACRepair) -> String {
    switch repair {
    case .total(let frames): "the counted \(frames) samples per channel are written into its header"
    case .blockSize(let size): "the frames' block size, \(size), is written into its header"
    case .property(.sampleRate, let rate): "the frames' sample rate, \(rate) Hz, is written into its header"
    case .property(.channels, let count): "the frames' number of channels, \(count), is written into its header"
    case .property(.width, let bits): "the frames' width, \(counted(bits, "bit")), is written into its header"
    case .streamInfo: "a header is written from what its frames state"
    case .metadata: "its blocks of metadata are marked as the format wants it"
    case .droppedBlock(let kind): "its \(FLACFinding.phrase(kind)), which cannot be read, is dropped"
    case .droppedMD5: "the MD5 in its header, which is that of a shorter recording, is dropped"
    case .droppedFront(let bytes): "\(describe(bytes: bytes)) in front of it are dropped"
    case .droppedBehind(let bytes): "\(describe(bytes: bytes)) behind its last frame are dropped"
    }
  }

  private static func text(_ repair: MP3Repair) -> String {
    switch repair {
    case .header: "a header with the counted number of frames is written in front"
    case .leadIn: "a frame of silence is put behind it, which decoders drop"
    case .innerHeaders(let count):
      "\(counted(count, "frame")) with the \(count == 1 ? "header of a single part is" : "headers of single parts are") "
        + "taken out; no audio is in \(count == 1 ? "it" : "them")"
    case .streamMetadata(let blocks, let bytes):
      "\(counted(blocks, "block")) of a radio stream's metadata (\(describe(bytes: bytes))) \(blocks == 1 ? "is" : "are") "
        + "taken out"
    case .junkInFront(let bytes): "\(describe(bytes: bytes)) in front of the first frame are dropped"
    case .junkBehind(let bytes): "\(describe(bytes: bytes)) behind the last frame are dropped"
    case .tags(let bytes): "\(describe(bytes: bytes)) of tags between frames are dropped"
    case .movedTag(let bytes): "its ID3v2 tag (\(describe(bytes: bytes))) is moved from behind the frames to the front"
    case .lastFrame(let bytes): "the last frame, of which only \(counted(bytes, "byte")) are there, is dropped"
    }
  }
}

extension String {
  /// The name of a chunk without the spaces that fill it.
  fileprivate var trimmed: String { String(prefix { $0 != " " }) }
}
