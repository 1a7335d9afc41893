import ArgumentParser
import RepriseService
import Foundation
import RepriseJobs

struct JobsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show all that is known of a job.",
    discussion:
      "Never its prompt, its lyrics or a key; of the result's address only the host, unless --url asks for it.")

  @Argument(help: "The job's name or the service's id; a prefix of the name is enough.")
  var job: String

  @Flag(help: "Print the result's URL and nothing else. Whoever has it can fetch the cover.")
  var url = false

  @OptionGroup var speech: OutputOptions

  func validate() throws {
    if url && speech.json { throw ValidationError("--url prints the URL alone; leave --url or --json out") }
  }

  func run() async throws {
    guard let ledger = try KnownLedger.open() else { throw CommandError(.noInput, KnownLedger.noJob(job)) }
    let found = try await ledger.job(named: job)
    if url { return try Console.data(try Self.url(of: found)) }
    if speech.json { return try Console.data(try Console.json(JobDetails(found))) }
    for (name, value) in JobText.fields(found) {
      try Console.data(name.padding(toLength: 11, withPad: " ", startingAt: 0) + value)
    }
    for line in JobText.remarks(found) { try Console.data(line) }
  }

  /// Returns the URL in use, whatever the row contains.
  ///
  /// - Parameter job: The job.
  /// - Returns: The URL.
  /// - Throws: `CommandError` with exit code 1 if there is none.
  private static func url(of job: Job) throws(CommandError) -> String {
    let url = job.resultURL.map { ResultAddress.url($0, from: job.baseURL) } ?? ""
    guard url.isEmpty else { return url }
    let why =
      switch job.state {
      case .prepared, .submitting, .ambiguous, .cancelled, .failed: "the service has reported no result"
      case .submitted, .generating: "the service has not reported it yet; '\(JobRunner.resumeCommand(job))' asks"
      case .downloaded, .verified: "it is forgotten once the cover has passed its check; the cover is \(job.output)"
      case .completed, .expired, .unknown:
        job.isInline ? "the result came in the service's answer" : "none is written down"
      }
    throw CommandError(.rejected, "job \(job.job) has no result's URL: \(Console.printable(why))")
  }
}

extension KnownLedger {
  static func noJob(_ name: String) -> String {
    "there is no job '\(Console.printable(name))': no job was begun yet (no ledger in \(Console.printable(path)))"
  }
}
