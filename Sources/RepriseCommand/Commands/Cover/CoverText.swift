import Foundation
import RepriseJobs
import RepriseVerification

/// A finished cover, for programs and for people.
enum CoverText {
  /// Prints where the cover is and what the check found.
  ///
  /// - Parameters:
  ///   - input: the recording as it was named; nil takes the path that was written down.
  ///   - output: the cover's file as it was named.
  /// - Throws: `ExitStatus.rejected` where the check failed.
  static func show(
    _ job: Job, _ report: VerificationReport, of input: String? = nil, shownAs output: String, speech: OutputOptions
  ) throws {
    if speech.json {
      try Console.data(try Console.json(CoverRecord(job, report, output: output, path: input ?? job.input)))
    } else {
      if !speech.quiet {
        for line in VerificationText.lines(report, isColoured: Console.mayColour) { Console.say(line) }
      }
      try Console.data(output)
    }
    if report.verdict == .fail {
      let failed = report.checks.filter { $0.verdict == .fail }.map {
        "\($0.name): \(VerificationText.value($0.finding))"
      }
      Console.say(
        "reprise: \(Console.printable(output)): the cover failed its check (\(failed.joined(separator: "; "))); it is kept,"
          + " listen to it before you use it")
      throw ExitStatus.rejected
    }
  }
}
