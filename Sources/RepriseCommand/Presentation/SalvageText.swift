import Foundation
import RepriseAudio
import ReprisePreparation
import RepriseSystem

/// The text of what is lost of a damaged recording, and of what is left.
enum SalvageText {
  /// Maximum number of places that are listed.
  private static let listed = 8

  static func text(_ facts: SalvageFacts) -> String {
    guard !facts.losses.isEmpty else {
      return "what is whole is used, \(kept(facts.kept)): nothing is lost, \(describe(seconds: facts.seconds)) are left"
    }
    return "what is whole is used, \(kept(facts.kept)): \(describe(seconds: facts.lostSeconds)) "
      + "are lost at \(counted(facts.losses.count, "place")) (\(places(facts))); "
      + "\(filling(facts)); \(describe(seconds: facts.seconds)) are left"
  }

  static func text(_ facts: JoinFacts) -> String {
    var text = "the \(facts.parts.count) files in it are joined, one behind another ("
    text += facts.parts.prefix(listed).map { describe(seconds: $0) }.joined(separator: ", ")
    text += facts.parts.count > listed ? " and \(facts.parts.count - listed) more)" : ")"
    if let rate = facts.sampleRates.last, facts.sampleRates.count > 1 {
      let others = facts.sampleRates.dropLast().map(String.init).joined(separator: " and ")
      text += "; those of \(others) Hz are resampled to \(rate) Hz, the highest that occurs"
    }
    if facts.channels.count > 1 { text += "; those of one channel are played on all \(facts.channels.last ?? 2)" }
    return text + (facts.isExact ? "; every sample stays" : "")
  }

  /// Returns the sentence for parts that are not joined.
  static func text(_ refusal: Joiner.Refusal, path: String) -> String {
    switch refusal {
    case .notSeveral: "the files in it could not be told from each other; split it"
    case .damaged(let part, let reasons):
      "file \(part) of those in it is not whole: \(reasons.map(\.finding.fact.text).joined(separator: "; ")); split it, or "
        + "take a part of the first with --start and --end"
    case .channels(let channels):
      "the files in it have \(channels.map(String.init).joined(separator: " and ")) channels, which cannot be joined; split it"
    }
  }

  /// Returns the contents of a stretch that is left out.
  static func text(filled seconds: Double) -> String {
    "damaged or missing" + (seconds > 0 ? ", with \(describe(seconds: seconds)) of silence in its place" : "")
  }

  private static func kept(_ kept: SalvageFacts.Kept) -> String {
    switch kept {
    case .bytes: "by its bytes"
    case .frames(0): "by its own frames, nothing encoded again"
    case .frames(let repacked):
      "by its own frames, nothing encoded again (\(counted(repacked, "frame")) got the bytes of the frames before "
        + "that \(repacked == 1 ? "it needs" : "they need"))"
    case .samples: "every sample of its whole frames unchanged"
    case .decoded(let codec): "as far as its \(codec) can be decoded"
    }
  }

  private static func places(_ facts: SalvageFacts) -> String {
    let places = facts.losses.prefix(listed).map { loss in
      loss.seconds > 0
        ? "\(TimeText.text(loss.start))-\(TimeText.text(loss.end))"
        : "from \(TimeText.text(loss.start)), length unknown"
    }
    let more = facts.losses.count - listed
    return places.joined(separator: ", ") + (more > 0 ? " and \(counted(more, "more place")) (--json has them)" : "")
  }

  private static func filling(_ facts: SalvageFacts) -> String {
    switch facts.mode {
    case .close where facts.filledSeconds == 0: "what follows a loss moves up"
    case .close:
      "what follows a loss moves up, but for \(describe(seconds: facts.filledSeconds)) of silence that its frames need"
    case .silence where facts.filledSeconds == 0: "nothing follows it that silence would have to keep in place"
    case .silence: "\(describe(seconds: facts.filledSeconds)) of silence keep what follows in its place"
    }
  }
}

/// The command that goes on with what is whole of a damaged recording, where it can.
enum SalvageAdvice {
  /// Largest number of damaged stretches of which an inspection reports all.
  private static let most = 100
  /// Length in seconds that may be lost beside each damaged stretch.
  private static let margin = 0.25

  /// Returns advice on a recording that was rejected for damage; `nil` unless enough of it is whole for any service.
  static func text(_ inspection: Inspection) -> String? {
    guard Salvaging.isPossible(inspection), !inspection.notes.isForeign, inspection.notes.unwrapping == nil,
      inspection.integrity.damage.count < most, let seconds = inspection.duration?.seconds,
      inspection.format != .mp3 || inspection.notes.frames.map({ $0.refusal == nil }) ?? false,
      inspection.reasons.allSatisfy({ ![.truncated, .corrupt].contains($0.code) || isKnown($0.finding) })
    else { return nil }
    let lost = inspection.integrity.damage.filter { $0.kind != .missing }
      .reduce(0) { $0 + $1.end - $1.start + 2 * margin }
    guard seconds - lost - margin >= AudioLimits().minimumSeconds else { return nil }
    let path = inspection.path.hasPrefix("-") && inspection.path != "-" ? "./\(inspection.path)" : inspection.path
    return "'reprise prepare \(SalvageOption.name)=close \(shellWord(path))' goes on with what is whole"
  }

  /// Returns the sentence of a reason, with the advice in that of the first damage.
  static func sentence(_ inspection: Inspection, _ index: Int, _ text: String) -> String {
    let first = inspection.reasons.firstIndex { [.truncated, .corrupt].contains($0.code) }
    guard index == first, let advice = self.text(inspection) else { return text }
    return "\(text); \(advice)"
  }

  /// Returns `true` for damage that leaves known parts of a file whole.
  private static func isKnown(_ finding: Finding) -> Bool {
    switch finding {
    case .wave(.truncated), .wave(.notNumbers), .flac(.damage), .flac(.truncated), .flac(.lastFrameCut),
      .mp3(.damagedFrames), .mp3(.garbageBetween), .mp3(.zerosBetween), .mp3(.audioLost), .mp3(.truncated),
      .mp3(.zerosBehind):
      true
    default: false
    }
  }
}
