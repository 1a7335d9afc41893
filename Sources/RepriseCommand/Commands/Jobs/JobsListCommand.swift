import ArgumentParser
import Foundation
import RepriseJobs
import RepriseSystem

struct JobsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List jobs, newest first, and what they have cost. (default)")

  @Option(
    help: ArgumentHelp("Only jobs in this state; may be given several times.", valueName: "state"),
    transform: JobsListCommand.state)
  var state: [Job.State] = []

  @Option(help: ArgumentHelp("Only jobs at this service.", valueName: "name"))
  var service: String?

  @Flag(help: "Only jobs that the service may still hold something of.")
  var open = false

  @Option(help: ArgumentHelp("Only jobs begun within this time, such as 7d, 12h or 90m.", valueName: "time"))
  var since: SpanOfTime?

  @OptionGroup var speech: OutputOptions

  private static func state(_ text: String) throws -> Job.State {
    guard let state = Job.State(rawValue: text.lowercased()) else {
      let known = Job.State.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("'\(text)' is not a state; the states are \(known)")
    }
    return state
  }

  func run() async throws {
    let all = try await KnownLedger.jobs()
    let begin = since?.ago()
    let jobs = all.filter { job in
      (state.isEmpty || state.contains(job.state)) && (service == nil || job.service == service)
        && (!open || job.state.isOpen) && begin.map { job.created >= $0 } ?? true
    }
    if speech.json {
      for job in jobs { try Console.data(try Console.json(JobRecord(job))) }
      return
    }
    if all.isEmpty { return speech.say("no jobs yet; 'reprise cover' begins one") }
    if jobs.isEmpty {
      return speech.say(all.count == 1 ? "the one job there is does not match" : "none of \(all.count) jobs matches")
    }
    for line in JobsTable(jobs).lines { try Console.data(line) }
    try Console.data(Spending(of: jobs).total.description)
  }
}
