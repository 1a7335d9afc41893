import ArgumentParser
import Foundation
import Jobs

struct JobsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show all that is known of a job.",
    discussion: "Never its prompt, its lyrics or a key; of the result's address only the host.")

  @Argument(help: "The job's name or the service's id; the name's beginning is enough.")
  var job: String

  @OptionGroup var speech: OutputOptions

  func run() async throws {
    guard let ledger = try KnownLedger.open() else { throw Trouble(.noInput, KnownLedger.noJob(job)) }
    let found = try await ledger.job(named: job)
    if speech.json { return try Console.data(try Console.json(JobDetails(found))) }
    for (name, value) in JobText.fields(found) {
      try Console.data(name.padding(toLength: 11, withPad: " ", startingAt: 0) + value)
    }
    for line in JobText.remarks(found) { try Console.data(line) }
  }
}

extension KnownLedger {
  static func noJob(_ name: String) -> String {
    "there is no job '\(Console.printable(name))': no job was begun yet (no ledger in \(Console.printable(path)))"
  }
}
