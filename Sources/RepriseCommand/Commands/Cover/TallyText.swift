package import RepriseJobs
import RepriseSystem

/// The text of the counts of a run of many covers.
package enum TallyText {
  /// Returns the summary of a run that has ended by itself.
  ///
  /// - Parameters:
  ///   - tally: The counts.
  ///   - count: The number of orders.
  /// - Returns: The summary.
  package static func summary(_ tally: CoverTally, of count: Int) -> String {
    parts(tally, of: count, open: "open ('reprise resume --all' continues)")
  }

  /// Returns the sentence for a run that was interrupted, with what continues it.
  ///
  /// - Parameters:
  ///   - tally: The counts.
  ///   - count: The number of orders.
  ///   - isOwnService: `true` if the covers are made by the local service, which leaves no open jobs.
  /// - Returns: The sentence.
  package static func interruption(_ tally: CoverTally, of count: Int, isOwnService: Bool) -> String {
    "interrupted; \(parts(tally, of: count, open: "open")); the same command"
      + (isOwnService ? " makes the others" : ", or 'reprise resume --all', continues")
  }

  private static func parts(_ tally: CoverTally, of count: Int, open: String) -> String {
    var parts = ["\(tally.made) of \(counted(count, "cover")) made"]
    if tally.failedCheck > 0 {
      parts.append("\(tally.failedCheck) failed \(tally.failedCheck == 1 ? "its" : "their") check")
    }
    let before = tally.madeBefore + tally.skipped
    if before > 0 { parts.append("\(before) \(before == 1 ? "was" : "were") there") }
    if tally.submitted > 0 { parts.append("\(tally.submitted) submitted") }
    if tally.submittedBefore > 0 { parts.append("\(tally.submittedBefore) submitted before") }
    if tally.pending > 0 { parts.append("\(tally.pending) \(open)") }
    if tally.interrupted > 0 { parts.append("\(tally.interrupted) interrupted") }
    if tally.failed > 0 { parts.append("\(tally.failed) failed") }
    if tally.notBegun > 0 { parts.append("\(tally.notBegun) not begun") }
    return parts.joined(separator: ", ")
  }
}
