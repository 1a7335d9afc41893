import RepriseAudio
import Foundation
package import RepriseVerification

/// The text of a verification report.
package enum VerificationText {
  /// Returns a line for each check, those of the comparison with the reference, and the verdict.
  package static func lines(_ report: VerificationReport, isColoured: Bool = false) -> [String] {
    func word(_ verdict: VerificationReport.Verdict) -> String {
      isColoured
        ? InspectionDress.colour(of: verdict.rawValue)?.paint(verdict.rawValue) ?? verdict.rawValue : verdict.rawValue
    }
    let width = report.checks.map(\.name.count).max() ?? 0
    let rows = report.checks.map { check in
      "  \(word(check.verdict))  \(check.name.padding(toLength: width, withPad: " ", startingAt: 0))  "
        + value(check.finding)
    }
    return rows + LikenessText.lines(report.comparison) + ["verdict: \(word(report.verdict))"]
  }

  private static func share(_ measure: Likeness.Measure, _ words: String) -> String {
    String(format: "%.0f %% \(words), by chance %.0f %%", measure.value * 100, measure.chance * 100)
  }

  /// Returns the value of a finding with its unit.
  package static func value(_ finding: VerificationReport.Finding) -> String {
    switch finding {
    case .bytes(let found, let expected): "\(found) of \(expected)"
    case .decoded(let seconds, let frames): String(format: "%.3f s, %d frames", seconds, frames)
    case .undecodable(.rejected(let reason, let path)): reason.finding.sentence(path: path)
    case .undecodable(.damaged(let finding, let path)): finding.sentence(path: path)
    case .undecodable(.unknown): "damaged"
    case .undecodable(.decoder(let error)): error.problem.sentence(path: error.path)
    case .format(let found, let expected, _): "\(found.rawValue), asked \(expected.rawValue)"
    case .sampleRate(let found, let expected, _): "\(found) Hz, asked \(expected) Hz"
    case .invalidSamples(let count): "\(count) are not numbers"
    case .loudness(let value): value.isFinite ? String(format: "%.1f LUFS", value) : "below -70 LUFS"
    case .truePeak(let value): value.isFinite ? String(format: "%.1f dBTP", value) : "none"
    case .clipping(let share): String(format: "%.3f %% of samples", share * 100)
    case .silence(let share, let reference):
      String(format: "%.0f %%", share * 100)
        + (reference.map { String(format: ", reference %.0f %%", $0 * 100) } ?? "")
    case .duration(let seconds, let reference, let wanted):
      String(format: "%.2f (%.1f s / %.1f s)", seconds / reference, seconds, reference)
        + (wanted.map { String(format: ", %.1f s as wished", $0) } ?? "")
    case .notCompared(let obstacle): "not compared: \(LikenessText.reason(obstacle))"
    case .music(let measure): String(format: "probability %.2f", measure.value)
    case .samePiece(let measure): share(measure, "matches in order")
    case .returned(let measure): share(measure, "of the sound's fine structure matches")
    case .coverage(let measure): String(format: "%.0f %% of the reference is played", measure.value * 100)
    case .melody(let measure): share(measure, "of the tune agrees")
    case .harmony(let measure): share(measure, "of the chords agree")
    case .wish(let outcome): WishText.sentence(outcome)
    }
  }
}
