package import RepriseAudio
import RepriseSystem

extension MP3Finding: DescribedFinding {
  package var fact: Phrase {
    switch self {
    case .noAudio: .clause("no mp3 frame holds any audio")
    case .strayFrames(let count, let first):
      .clause(
        "\(count) frames have other channels than all around them, the first at \(describe(seconds: first)): their "
          + "headers are damaged")
    case .shattered(let pieces):
      .clause("its frames lie in more than \(pieces) pieces, and what follows was not examined")
    case .lastFrameCut(let offset):
      .clause("the last frame, at byte \(offset), is cut off by the end of the file")
    case .garbageBetween(let bytes, let offset, let seconds):
      .clause(
        "\(counted(bytes, "byte")) at \(offset) between two frames, at \(describe(seconds: seconds)), are no audio")
    case .zerosBetween(let bytes, let offset, let seconds):
      .clause(
        FindingPieces.bytes(
          bytes, "at \(offset) between two frames, at \(describe(seconds: seconds)),",
          "zeros: audio was lost there"))
    case .truncated(let frames, let promised, let header, let missing):
      .clause(
        "\(frames) of the \(promised) frames its \(header) header promises are there: the last "
          + "\(describe(seconds: missing)) are missing")
    case .damagedFrames(let count, let first):
      .clause(
        "\(count) \(count == 1 ? "frame is" : "frames are") damaged inside, the first at "
          + "\(describe(seconds: first.start))–\(describe(seconds: first.end)): \(first.kind)")
    case .formatChanges(let changes, let count):
      .clause(
        "the format changes \(counted(count, "time")): " + changes.map(Self.phrase).joined(separator: "; "))
    case .headerBehindChecksum:
      .clause("its header follows a CRC, where decoders do not find it: they play its frame")
    case .garbageInFront(let bytes):
      .clause(FindingPieces.bytes(bytes, "before the first frame", "no audio"))
    case .garbageBehind(let bytes, let offset):
      .clause(FindingPieces.bytes(bytes, "after the last frame, at \(offset),", "no audio"))
    case .tagsBehind(let bytes, let contents):
      .clause(FindingPieces.bytes(bytes, "after the last frame", "\(contents)"))
    case .tagsBetween(let bytes, let contents, let offset):
      .clause("\(counted(bytes, "byte")) of \(contents) at \(offset) between two frames")
    case .moreGaps(let count): .clause("\(count) more stretches between frames hold no audio")
    case .moreTags(let count): .clause("\(count) more stretches of tags between frames")
    case .uncomputedChecksums(let wrong, let all):
      .clause(
        "the checksums of \(wrong) of its \(all) protected frames are wrong, as an encoder leaves them that does not "
          + "compute them")
    case .cutFromLonger(let frames, let bytes):
      .clause(
        "it was cut out of a longer stream: its first \(frames == 1 ? "frame wants" : "\(frames) frames want") up to "
          + "\(bytes) bytes of frames before \(frames == 1 ? "it" : "them") that are not there")
    case .tagChecksum: .clause("the checksum of its LAME tag is wrong: the tag was changed, or damaged")
    case .checksumBeyondEnd(let bytes, let all):
      .clause("\(bytes) of the \(all) bytes of frames that its encoder wrote are there")
    case .framesChanged:
      .clause(
        "its frames are not those that its encoder wrote (checksum in the LAME tag): they were changed since, as gain "
          + "tools and editors do, or damaged")
    }
  }

  package func advice(path: String) -> String? {
    switch self {
    case .strayFrames, .shattered: FindingPieces.undamagedCopy
    case .lastFrameCut, .truncated: FindingPieces.completeCopy
    case .garbageBetween, .zerosBetween, .damagedFrames: FindingPieces.listen(path)
    case .uncomputedChecksums: "they say nothing of the audio"
    case .checksumBeyondEnd: "their checksum shows nothing more"
    case .noAudio, .formatChanges, .headerBehindChecksum, .garbageInFront, .garbageBehind, .tagsBehind, .tagsBetween,
      .moreGaps, .moreTags, .cutFromLonger, .tagChecksum, .framesChanged:
      nil
    }
  }

  private static func phrase(_ change: FormatChange) -> String {
    "from \(change.oldRate) Hz, \(change.oldChannels) ch to \(change.rate) Hz, \(change.channels) ch"
      + " at \(describe(seconds: change.seconds))"
  }
}
