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
    case .header: "a header that every decoder reads is written"
    }
  }

  private static func text(_ repair: FLACRepair) -> String {
    switch repair {
    case .metadata: "the metadata are written anew"
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
