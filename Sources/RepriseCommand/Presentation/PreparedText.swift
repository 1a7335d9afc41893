import RepriseAudio
import Foundation
package import ReprisePreparation
import RepriseSystem

/// The text of deviations of a result from its plan.
package enum PreparedText {
  /// Returns all deviations as text; `nil` if there are none.
  package static func remark(_ prepared: PreparedAudio) -> String? {
    prepared.remarks.isEmpty ? nil : prepared.remarks.map(text).joined(separator: "; ")
  }

  /// Returns one deviation as text.
  package static func text(_ remark: PreparedAudio.Remark) -> String {
    switch remark {
    case .encodedAgain(let fault):
      if case .notSame = fault {
        return "it was encoded again: made of its own bytes it would not be the same, since \(text(fault))"
      }
      return "it was encoded again, with loss: cut by its own frames it would not be exact, since \(text(fault))"
    case .mp3Instead(let bytes, let conversions):
      return "as flac it is over \(describe(bytes: bytes)), so it was encoded to mp3 after all: "
        + conversions.map { StepText.text($0) }.joined(separator: "; ")
    case .withoutTags(let bytes, let most):
      return "with its tags (\(describe(bytes: bytes))) it is over \(describe(bytes: most)), so it is without them"
    case .loweredAgain(let peak, let decibels, let still):
      let message = String(
        format: "decoded, its peaks went %.2f dB over full scale, so it was encoded once more, %.2f dB lower", peak,
        decibels)
      guard let still else { return message }
      return message + String(format: "; they still go %.2f dB over it", still)
    }
  }

  /// Returns the reason to reject a cut at an MP3 file's own frames, as a clause after "since".
  static func text(_ fault: FrameCutFault) -> String {
    switch fault {
    case .refused(let refusal): text(refusal)
    case .notProved(let failure): text(failure)
    case .looksDamaged: "its frames by themselves look damaged"
    case .notSame(let failure): text(failure)
    }
  }

  private static func text(_ failure: SpliceFailure) -> String {
    switch failure {
    case .otherForm(let rate, let channels, let oldRate, let oldChannels):
      "it would be of \(rate) Hz and \(counted(channels, "channel")) instead of \(oldRate) Hz and \(oldChannels)"
    case .otherLength(let frame, let isLonger):
      isLonger ? "it would go on after sample \(frame), where the source ends" : "it would end after sample \(frame)"
    case .otherSamples(let frame): "it would not decode to the same samples from sample \(frame) on"
    }
  }

  /// Returns the reason for which frames cannot be copied, as a clause after "since".
  static func text(_ refusal: MP3CutRefusal) -> String {
    switch refusal {
    case .freeFormat: "it is of free format, whose frames cannot carry the bit reservoir"
    case .changingFormat: "its sample rate or channels change on the way"
    case .acrossJoint: "it was joined from two files, and the part lies across the joint"
    case .tooFewBits: "its header cannot hold what a decoder has to drop"
    }
  }

  private static func text(_ failure: MP3CutFailure) -> String {
    switch failure {
    case .noMP3: "what was written is not an mp3"
    case .wrongLength: "its header would give a wrong length"
    case .otherFrames: "the frames written are not those of the source"
    case .acrossJoint: "it spans a joint"
    case .otherSamples: "it would not decode to the same samples"
    }
  }
}
