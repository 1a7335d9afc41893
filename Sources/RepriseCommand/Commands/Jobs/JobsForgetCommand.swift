import ArgumentParser
import Foundation
import RepriseJobs
import RepriseSystem

struct JobsForgetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget", abstract: "Forget jobs: their ledger rows and files. Covers stay.",
    discussion: """
      A job that the service may still hold something of is not forgotten without --force.

      At a terminal, jobs that are chosen by --older-than or --all-finished are counted and asked about first; --yes, --force \
      or --quiet skip the question. Without a terminal, no question is asked. --dry-run shows what would be forgotten.
      """)

  @Argument(help: "The jobs' names; prefixes are enough.")
  var jobs: [String] = []

  @Option(help: ArgumentHelp("Jobs begun longer ago than this, such as 30d.", valueName: "time"))
  var olderThan: SpanOfTime?

  @Flag(help: "All jobs that are not open.")
  var allFinished = false

  @Flag(help: "Also jobs that are open: what was paid for them is then lost.")
  var force = false

  @Flag(help: "Show which jobs would be forgotten; forget none.")
  var dryRun = false

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @OptionGroup var speech: OutputOptions

  func validate() throws {
    let ways = [!jobs.isEmpty, olderThan != nil, allFinished].filter { $0 }.count
    if jobs.isEmpty && ways == 0 {
      throw ValidationError("name the jobs, or give --older-than TIME or --all-finished")
    }
    if !jobs.isEmpty && ways > 1 {
      throw ValidationError("name the jobs, or let --older-than and --all-finished choose them, not both")
    }
    if allFinished && force { throw ValidationError("--all-finished leaves open jobs alone; leave --force out") }
  }

  func run() async throws {
    guard let ledger = try KnownLedger.open() else {
      if let name = jobs.first { throw CommandError(.noInput, KnownLedger.noJob(name)) }
      return speech.say("no jobs yet; nothing to forget")
    }
    let chosen = try await chosen(in: ledger)
    let (going, staying) = force ? (chosen, []) : (chosen.filter { !$0.state.isOpen }, chosen.filter(\.state.isOpen))
    if dryRun {
      for job in going { try show(job) }
      let open =
        staying.isEmpty
        ? "" : "; \(counted(staying.count, "job")) that \(staying.count == 1 ? "is" : "are") open would stay"
      return speech.say("would forget \(counted(going.count, "job"))\(open); nothing was forgotten")
    }
    let isAsked = jobs.isEmpty && !going.isEmpty && !yes && !force && Person.canBeAsked(quiet: speech.quiet)
    if isAsked {
      let text =
        "Forget \(counted(going.count, "job")) (\(Spending(of: going).total))? Covers stay; what they have cost is no longer"
        + " known then, nor that they were made. Type 'y' to forget \(going.count == 1 ? "it" : "them"): "
      let isWanted = await Person.says(yesTo: text)
      try Task.checkCancellation()
      guard isWanted else { return speech.say("nothing was forgotten") }
    }
    // Only the confirmed jobs are forgotten, as others may have been added meanwhile.
    let outcome = try await ledger.forget(chosen.map(\.job), isForced: force)
    for job in outcome.gone { try show(job) }
    for job in outcome.busy { Console.say("reprise: \(job.job): another reprise is at work on it") }
    for job in outcome.open { Console.say("reprise: \(JobText.loss(job))") }
    let left = outcome.busy.count + outcome.open.count
    if !outcome.gone.isEmpty {
      speech.say(
        "forgot \(counted(outcome.gone.count, "job")); \(outcome.gone.count == 1 ? "its cover stays" : "their covers stay")"
      )
    } else if left == 0 {
      speech.say("no job matches; nothing was forgotten")
    }
    guard left > 0 else { return }
    throw CommandError(
      .rejected,
      "\(left) job\(left == 1 ? " was" : "s were") not forgotten"
        + (outcome.open.isEmpty ? "" : "; 'reprise resume' continues open ones, --force forgets them all the same")
        + (outcome.busy.isEmpty ? "" : "; those at work can be forgotten once the other reprise is done"))
  }

  private func show(_ job: Job) throws {
    try Console.data(speech.json ? try Console.json(JobRecord(job)) : job.job)
  }

  /// Returns the chosen jobs; every given name must be that of a job.
  private func chosen(in ledger: Ledger) async throws -> [Job] {
    var named: [Job] = []
    for name in jobs {
      let job = try await ledger.job(named: name)
      if !named.contains(where: { $0.job == job.job }) { named.append(job) }
    }
    guard named.isEmpty else { return named }
    let end = olderThan?.ago()
    return try await ledger.jobs()
      .filter { job in end.map { job.created < $0 } ?? true }
      .filter { !allFinished || !$0.state.isOpen }
  }
}
