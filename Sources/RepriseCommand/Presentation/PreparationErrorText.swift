import RepriseAudio
import RepriseSystem
import Foundation
package import ReprisePreparation

/// The text of preparation errors: cause, values and advice.
package enum PreparationErrorText {
  /// Returns the sentence for an error, beginning with the path.
  package static func sentence(_ error: PreparationError) -> String {
    "\(error.path): \(message(error.reason, path: error.path))"
  }

  /// Returns the sentence for a cause, without the path.
  package static func message(_ reason: PreparationError.Reason, path: String) -> String {
    switch reason {
    case .rejected(let reasons): rejected(reasons, path)
    case .notJoined(let refusal): SalvageText.text(refusal, path: path)
    case .nothingSalvaged(let reasons): "nothing of it can be salvaged: " + rejected(reasons, path)
    case .salvageUnfit(let facts, let reasons):
      "what is whole of it, \(describe(seconds: facts.seconds)), does not fit: " + Inspection.text(reasons, path: path)
    case .storedInspection: "inspect it again: a stored record does not hold what a cut requires"
    case .allSilent(let level, let loudest): allSilent(level: level, loudest: loudest)
    case .damaged(let places, let first): damaged(places: places, first: first)
    case .notATime(let bound, let seconds):
      "the \(bound.rawValue) of \(NumberText.plain(seconds)) s is not a position in it"
    case .beyondEnd(let bound, let time, let length):
      "the \(bound.rawValue) at \(describe(seconds: time)) is beyond its length of \(describe(seconds: length))"
    case .startNotBeforeEnd(let start, let end):
      "the start at \(describe(seconds: start)) is not before the end at \(describe(seconds: end))"
    case .passageBesideTimes(let passage):
      "the part is chosen either by start and end or as '\(passage.rawValue)', not both; leave one out"
    case .silenceLevel(let level):
      "silence is what is under a level of -120 to -10 dBFS, not \(NumberText.plain(level)); choose another"
    case .maximumSilence(let seconds):
      "silence can be shortened to 0.1 to 3600 s, not \(NumberText.plain(seconds)); choose another length"
    case .noChannel(let number, let count):
      "there is no channel \(number), it has \(counted(count, "channel")); choose \(count == 1 ? "1" : "from 1 to \(count)")"
    case .silentChannels(let silent, let count, let sounding):
      SignalChangeText.silent(silent, of: count, sounding: sounding)
    case .channelsCancel(let loss): SignalChangeText.cancelled(loss)
    case .nothingToAmplify(let peak):
      "all of it is silence ("
        + (peak.isFinite ? "its peak is \(NumberText.formatted("%.1f", peak)) dBFS" : "digital silence throughout")
        + "), which no level makes audible; record it again, or leave out --gain"
    case .gainClips(let decibels, let peak): clipping(decibels, peak)
    case .fades(let fadeIn, let fadeOut, let length):
      "fades of \(describe(seconds: fadeIn)) and \(describe(seconds: fadeOut)) do not fit into "
        + "\(describe(seconds: length))"
    case .tooShort(let seconds, let minimum):
      "\(describe(seconds: seconds)) would be left, under the service's minimum of \(describe(seconds: minimum)); "
        + "choose a longer part"
    case .partTooLong(let start, let end, let maximum):
      "from \(describe(seconds: start)) to \(describe(seconds: end)) are \(describe(seconds: end - start)), "
        + "over the service's maximum of \(describe(seconds: maximum)); move --start or --end"
    case .mayNotBeCut(let seconds, let maximum):
      "\(describe(seconds: seconds)) are over the service's maximum of \(describe(seconds: maximum)), and it may not be "
        + "cut; leave out --no-trim, or choose a part with --start and --end"
    case .formatNotTaken(let format, let taken):
      "the service does not take \(format.rawValue); ask for one of \(list(taken))"
    case .channels(let channels, let format, let most):
      "it has \(channels) channels, and \(format.rawValue) holds \(most) at most; choose another format or some of them"
    case .noFormatFits(let seconds, let wanted, let taken, let bytes):
      "\(describe(seconds: seconds)) as \(wanted?.rawValue ?? list(taken)) cannot be made to fit "
        + "\(describe(bytes: bytes)); choose a shorter part\(wanted != nil && taken.count > 1 ? " or another format" : "")"
    case .resultTooLarge(let format, let bytes):
      "as \(format.rawValue) it is over \(describe(bytes: bytes)); choose a shorter part or mp3"
    case .resultUnfit(let reasons): unfit(reasons, path)
    case .unnamedOutput(let output, let named, let bytes):
      "as flac it is over \(describe(bytes: bytes)), and as mp3 it would take the place of "
        + "'\(output)', where '\(named)' was named; ask for mp3 by name, or choose a shorter part"
    case .notExact(let fault):
      "cut by its own frames it would not be exact, since \(PreparedText.text(fault)), and encoded again it does not "
        + "fit; choose a shorter part or another format"
    case .sameFile(let output):
      "the output '\(output)' is the same file; the source is never changed, name another"
    case .changed(.differs): "it is not the file any more that was inspected; prepare it again"
    case .changed(.endedEarly):
      "it ended before the part that was planned: it was changed meanwhile; prepare it again"
    case .changed(.becameShorter): "it became shorter while it was read; prepare it again"
    case .unmeasured: "which part is used depends on its samples, which have not been examined; survey it first"
    }
  }

  private static func rejected(_ reasons: [Inspection.Reason], _ path: String) -> String {
    reasons.isEmpty ? "it holds no audio that can be used" : Inspection.rejectionText(reasons, path: path)
  }

  private static func unfit(_ reasons: [Inspection.Reason], _ path: String) -> String {
    let findings = Inspection.text(reasons, path: path)
    let isSilent = reasons.allSatisfy { $0.code == .silent }
    return isSilent ? "what came out of it \(findings)" : "what came out of it does not fit: \(findings)"
  }

  private static func allSilent(level: Double, loudest: Double) -> String {
    let peak =
      loudest.isFinite ? String(format: "its loudest 20 ms reach %.1f dBFS", loudest) : "digital silence throughout"
    return String(format: "nothing in it is louder than %g dBFS", level)
      + ", so all of it is silence (\(peak)); record it again, or lower --silence-level"
  }

  private static func clipping(_ decibels: Double, _ peak: Double) -> String {
    let most = (-peak * 100).rounded(.down) / 100
    return
      "\(NumberText.formatted("%+.1f", decibels)) dB would raise its peak of \(NumberText.formatted("%.1f", peak)) dBFS to "
      + "\(NumberText.formatted("%+.1f", peak + decibels)) dBFS and clip it; \(NumberText.formatted("%+.2f", most)) dB is the "
      + "most, and --gain auto leaves 1 dB of room"
  }

  private static func damaged(places: Int, first: DamageSpan) -> String {
    "it is damaged at \(places == 1 ? "one place" : "\(places) places") of the part that is wanted, the "
      + "first at \(describe(seconds: first.start))–\(describe(seconds: first.end)): \(first.kind); get an undamaged "
      + "copy, or take another part"
  }

  private static func list(_ formats: [FileFormat]) -> String { formats.map(\.rawValue).joined(separator: ", ") }
}
