import Foundation
import RepriseJobs
import RepriseVerification

/// The output for a finished cover, for programs and for users.
enum CoverText {
  /// Prints the path of the cover and the result of the verification.
  ///
  /// - Parameters:
  ///   - job: The job of the cover.
  ///   - report: The report of the verification.
  ///   - input: The recording as named by the user; `nil` for the path stored with the job.
  ///   - output: The file of the cover as named by the user.
  ///   - speech: The options of the output.
  /// - Throws: `ExitStatus.rejected` if the verification failed.
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
