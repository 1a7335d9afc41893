import RepriseAudio
import Foundation
package import ReprisePreparation

/// What was done to a recording other than its plan says, in words.
package enum PreparedText {
  /// Everything of it; `nil` for nothing.
  package static func remark(_ prepared: PreparedAudio) -> String? {
    prepared.remarks.isEmpty ? nil : prepared.remarks.map(text).joined(separator: "; ")
  }

  /// One thing of it.
  package static func text(_ remark: PreparedAudio.Remark) -> String {
    switch remark {
    case .encodedAgain(let fault):
      return "it was encoded again, with loss: cut by its own frames it would not be exact, since \(text(fault))"
    case .mp3Instead(let bytes, let conversions):
      return "as flac it is over \(describe(bytes: bytes)), so it was encoded to mp3 after all: "
        + conversions.map(StepText.text).joined(separator: "; ")
    case .loweredAgain(let peak, let decibels, let still):
      let words = String(
        format: "decoded, its peaks went %.2f dB over full scale, so it was encoded once more, %.2f dB lower", peak,
        decibels)
      guard let still else { return words }
      return words + String(format: "; they still go %.2f dB over it", still)
    }
  }

  /// Why a cut by an mp3's own frames does not do, behind "since".
  static func text(_ fault: FrameCutFault) -> String {
    switch fault {
    case .refused(let refusal): refusal.words
    case .notProved(let failure): failure.words
    case .looksDamaged: "its frames by themselves look damaged"
    }
  }
}
