import ArgumentParser
import Foundation
import Jobs

struct JobsForgetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget", abstract: "Forget jobs: their rows and what is kept beside them. Covers stay.",
    discussion: "A job that the service may still hold something of is not forgotten without --force.")

  @Argument(help: "The jobs' names; their beginnings are enough.")
  var jobs: [String] = []

  @Option(help: ArgumentHelp("Jobs begun longer ago than this, such as 30d.", valueName: "time"))
  var olderThan: SpanOfTime?

  @Flag(help: "All jobs that are not open.")
  var allFinished = false

  @Flag(help: "Also jobs that are open: what was paid for them is then lost.")
  var force = false

  @OptionGroup var speech: OutputOptions

  func validate() throws {
    let ways = [!jobs.isEmpty, olderThan != nil, allFinished].filter { $0 }.count
    if jobs.isEmpty && ways == 0 {
      throw ValidationError("name the jobs, or say --older-than TIME or --all-finished")
    }
    if !jobs.isEmpty && ways > 1 {
      throw ValidationError("name the jobs, or let --older-than and --all-finished choose them, not both")
    }
    if allFinished && force { throw ValidationError("--all-finished leaves open jobs alone; leave --force out") }
  }

  func run() async throws {
    guard let ledger = try KnownLedger.open() else {
      if let name = jobs.first { throw Trouble(.noInput, KnownLedger.noJob(name)) }
      return speech.say("no jobs yet; nothing to forget")
    }
    let outcome = try await ledger.forget(try await chosen(in: ledger), isForced: force)
    for job in outcome.gone {
      if speech.json { try Console.data(try Console.json(JobRecord(job))) } else { try Console.data(job.job) }
    }
    for job in outcome.busy { Console.say("reprise: \(job.job): another reprise is at work on it") }
    for job in outcome.open { Console.say("reprise: \(JobText.loss(job))") }
    let left = outcome.busy.count + outcome.open.count
    if left == 0 && outcome.gone.isEmpty { speech.say("no job is so; nothing was forgotten") }
    guard left > 0 else { return }
    throw Trouble(
      .rejected,
      "\(left) job\(left == 1 ? " was" : "s were") not forgotten"
        + (outcome.open.isEmpty ? "" : "; 'reprise resume' goes on with open ones, --force forgets them all the same")
        + (outcome.busy.isEmpty ? "" : "; those at work can be forgotten once the other reprise is done"))
  }

  /// Every name that is given must be a job's before any is forgotten.
  private func chosen(in ledger: Ledger) async throws -> [String] {
    var names: [String] = []
    for name in jobs { names.append(try await ledger.job(named: name).job) }
    guard names.isEmpty else { return names }
    let end = olderThan?.ago()
    return try await ledger.jobs()
      .filter { job in end.map { job.created < $0 } ?? true }
      .filter { !allFinished || !$0.state.isOpen }
      .map(\.job)
  }
}
