import RepriseAudio
import RepriseSystem

/// The findings of a skim, and what it read, as text.
enum SkimText {
  /// Advice on whatever a skim found.
  static let advice = "validate it without --skim to know"

  /// Returns the fact of a finding that only a skim makes.
  static func fact(_ finding: Finding) -> String {
    switch finding {
    case .skimmedNoFrames(let offset, let bytes, true): "\(bytes) bytes from \(offset) on are zeros"
    case .skimmedNoFrames(let offset, let bytes, false): "there is no frame in the \(bytes) bytes from \(offset) on"
    case .skimmedChange(let offset, let rate, let channels, let firstRate, let firstChannels):
      "at byte \(offset) it has \(counted(channels, "channel")) at \(rate) Hz, at its start "
        + "\(counted(firstChannels, "channel")) at \(firstRate) Hz: not all decoders follow"
    case .skimmedStreamText(let offset):
      "at byte \(offset) there is metadata of a radio stream between the bytes of its frames, which break frames for "
        + "decoders that do not know it"
    case .skimmedLength(let claimed?, let likely):
      "its header claims \(describe(seconds: claimed)), the bytes that are there make \(describe(seconds: likely))"
    case .skimmedLength(nil, let likely):
      "its header claims no length, the bytes that are there make \(describe(seconds: likely))"
    case .skimmedEstimate(let least, let most):
      "no header tells its length, which is estimated: its bit rate varies (\(least) to \(most) kbit/s where it was read), "
        + "and libsndfile may stop early in such a file"
    case .skimmedEnd(let offset): "no frame ends at byte \(offset), where its audio should: it may be cut off"
    case .skimmedRest(let bytes, let kinds):
      FindingPieces.bytes(
        bytes, "behind the last frame",
        kinds.isEmpty ? "no frame" : kinds.map(\.rawValue).joined(separator: ", ")) + ", for which libFLAC fails"
    case .skimmedUndecoded: "its length is known only when it is decoded"
    case .skimmedTooLittle(let bytes): "the \(bytes / 1000) kB that a skim reads at most do not tell what it is"
    default: finding.description
    }
  }

  /// Returns the remark on what was read of a file.
  static func remark(_ skim: Inspection.Integrity.Skim) -> String {
    "skimmed: \(describe(bytes: skim.bytesRead)) read at \(counted(skim.probes, "place"))"
      + (skim.isEstimate ? ", length estimated" : "")
  }
}
