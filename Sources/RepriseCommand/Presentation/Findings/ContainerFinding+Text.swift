package import RepriseAudio
import RepriseSystem

extension ContainerFinding: DescribedFinding {
  package var fact: Phrase {
    switch self {
    case .wrapped(let container, let codec): .predicate("is \(codec.rawValue) in a container, \(container)")
    case .truncated(let bytes):
      .clause("its container promises \(counted(bytes, "byte")) more than the file has: the end is missing")
    case .lastPageCut(let offset):
      .clause("the last Ogg page, at byte \(offset), is cut off by the end of the file")
    case .damaged(let offset):
      .clause("the structure of its container is damaged at byte \(offset), and what follows was not read")
    case .overlapping:
      .clause("the tables of its container contradict themselves: they give no places for all of its audio")
    case .lostPages(let bytes, let offset):
      .clause("\(counted(bytes, "byte")) at \(offset) between two Ogg pages are in no page")
    case .pageChecksums(let count, let first):
      .clause(
        "\(count == 1 ? "the checksum of an Ogg page is" : "the checksums of \(count) Ogg pages are") wrong, the first at "
          + "byte \(first)")
    case .missingPages(let count, let first):
      .clause("Ogg pages are missing at \(counted(count, "place")), the first before byte \(first)")
    case .otherTracks(let count):
      .clause(count == 1 ? "another audio track is left out" : "\(count) other audio tracks are left out")
    case .leavesOut(let front, let back): .clause(Self.leftOut(front, back))
    case .edited(let pieces):
      .clause("its container has players put it together from \(counted(pieces, "piece")); the whole stream is taken")
    }
  }

  private static func leftOut(_ front: Double, _ back: Double) -> String {
    let parts = [("the first", front), ("the last", back)].filter { $0.1 > 0 }
      .map { "\($0.0) \(describe(seconds: $0.1))" }
    return "its container has players leave out \(parts.joined(separator: " and ")), which stay in the stream"
  }

  package func advice(path: String) -> String? {
    switch self {
    case .wrapped(_, let codec): "'reprise prepare' takes the \(codec.rawValue) out without encoding it again"
    case .truncated, .lastPageCut: FindingPieces.completeCopy
    case .damaged, .overlapping, .lostPages, .pageChecksums, .missingPages: FindingPieces.undamagedCopy
    case .otherTracks, .leavesOut, .edited: nil
    }
  }
}
