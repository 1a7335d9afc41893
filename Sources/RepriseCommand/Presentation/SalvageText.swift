import Foundation
import RepriseAudio
import ReprisePreparation
import RepriseSystem

/// The text of what is lost of a damaged recording, and of what is left.
enum SalvageText {
  /// Maximum number of places that are listed.
  private static let listed = 8

  static func text(_ facts: SalvageFacts) -> String {
    "what is whole is used, \(kept(facts.kept)): \(describe(seconds: facts.lostSeconds)) "
      + "are lost at \(counted(facts.losses.count, "place")) (\(places(facts))); "
      + "\(filling(facts)); \(describe(seconds: facts.seconds)) are left"
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
        ? "\(TimeText.text(loss.start))-\(TimeText.text(loss.end))" : "from \(TimeText.text(loss.start)), length unknown"
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
