import ArgumentParser
import RepriseService
import Foundation
import RepriseJobs
import RepriseSystem
import Synchronization

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with jobs: send, wait, fetch, check. Nothing is bought twice.",
    discussion: """
      reprise resume rp-8m3k
      reprise resume --all

      A job whose request may or may not have been taken (ambiguous) is looked for in the service's log first. If that \
      does not tell, it stays as it is until you say --resend: look into the service's log or bill before you do.
      """)

  @Argument(help: "The jobs' names as 'reprise jobs' shows them; a beginning is enough.")
  var jobs: [String] = []

  @Flag(help: "Go on with every job in which something is left to be done.")
  var all = false

  @Option(name: .shortAndLong, help: ArgumentHelp("Another file for the cover of one job.", valueName: "file"))
  var output: String?

  @Flag(help: "Replace outputs that exist.")
  var force = false

  @Flag(
    help: "You have looked: the service did not take these ambiguous jobs. Send them again if its log does not tell.")
  var resend = false

  @Option(
    help: ArgumentHelp(
      "The service's id of one job, where a message told it and the ledger could not take it.", valueName: "id"))
  var id: String?

  @Option(help: ArgumentHelp("How long to wait for the service. (default: 1200)", valueName: "seconds"))
  var timeout: Double?

  @Option(
    name: [.customShort("j"), .customLong("jobs")],
    help: ArgumentHelp("How many at once. (default: what the service allows; here one a core)", valueName: "n"))
  var width: Int?

  @OptionGroup(title: "The service") var keys: KeyOptions
  @OptionGroup(title: "Output") var speech: OutputOptions

  func validate() throws {
    try OutputGuard.checkNamed(output, "-o")
    if let timeout, !(0...604_800).contains(timeout) {
      throw ValidationError("--timeout takes 0 to 604800 seconds, not \(timeout)")
    }
    if let width, !(1...64).contains(width) { throw ValidationError("--jobs takes 1 to 64, not \(width)") }
    if jobs.isEmpty && !all { throw ValidationError("name a job, or say --all; 'reprise jobs' lists what there is") }
    if !jobs.isEmpty && all { throw ValidationError("--all means every job; leave '\(jobs[0])' or --all out") }
    if id != nil && jobs.count != 1 { throw ValidationError("--id belongs to one job; name that job alone") }
    if output != nil && jobs.count != 1 { throw ValidationError("-o names the cover of one job; name that job alone") }
  }

  func run() async throws {
    Console.outliveReader()
    let ledger = try Ledger(path: Folders.state() + "/jobs.sqlite")
    try await JobFolder.sweep(ledger)
    if all { return try await resumeAll(try await ledger.openJobs(), ledger) }
    var found: [Job] = []
    for name in jobs {
      var job = try await ledger.job(named: name)
      if let id { job = try await ledger.setID(id, of: job) }
      try Self.check(job)
      if !found.contains(where: { $0.job == job.job }) { found.append(job) }
    }
    if found.count > 1 { return try await resumeAll(found, ledger) }
    try await resumeOne(found[0], ledger)
  }

  /// Refuses what can't be gone on with.
  private static func check(_ job: Job) throws(Trouble) {
    switch job.state {
    case .cancelled:
      throw Trouble(
        .usage, "job \(job.job) was given up before the service had taken anything; begin it again with 'reprise cover'"
      )
    case .failed where job.id == nil:
      throw Trouble(
        .serviceRefused,
        "job \(job.job) has failed: \(job.message ?? "the service refused it"); begin it again with 'reprise cover'")
    case .expired where job.id == nil:
      throw Trouble(.serviceRefused, "job \(job.job): \(job.message ?? "its result is gone from the service")")
    case .unknown:
      throw Trouble(.usage, "job \(job.job) is in a state that only a newer reprise knows; update, then resume it")
    case .prepared, .submitting, .submitted, .generating, .completed, .downloaded, .verified, .failed, .ambiguous,
      .expired:
      break
    }
  }

  /// - Parameter mayAsk: whether the person may be asked; about one job, not about many at once.
  private func options(mayAsk: Bool) -> JobRunner.Options {
    var options = JobRunner.Options()
    options.timeout = timeout
    options.mayReplace = force
    options.isResumed = true
    if resend {
      options.mayResend = { _ in true }
    } else if mayAsk, Person.canBeAsked(quiet: speech.quiet) {
      options.mayResend = { await Person.mayResend($0) }
    }
    return options
  }

  private func resumeOne(_ job: Job, _ ledger: Ledger) async throws {
    let view = CoverProgressView(quiet: speech.quiet)
    defer { view.finish() }
    try await JobServices(jobs: [job], keys: keys, speech: speech).each { group, service, key in
      guard let job = group.first else { return }
      let resumption = Resumption(
        ledger: ledger, client: try CoverClient(service: service, key: key), options: options(mayAsk: true))
      let finished = try await resumption.run(job, output: output) { view.show(.job($0)) }
      view.finish()
      if let remark = finished.remark { speech.say(remark) }
      guard let report = finished.report else { return }
      try CoverText.show(finished.job, report, shownAs: output ?? finished.job.output, speech: speech)
    }
  }

  private func resumeAll(_ jobs: [Job], _ ledger: Ledger) async throws {
    guard !jobs.isEmpty else {
      speech.say("nothing is open")
      return
    }
    let tally = ResumeTally(count: jobs.count, speech: speech)
    do {
      try await JobServices(jobs: jobs, keys: keys, speech: speech, width: width).each { group, service, key in
        let resumption = Resumption(
          ledger: ledger, client: try CoverClient(service: service, key: key), options: options(mayAsk: false))
        let refused = Refused()
        try await AsTheyEnd.each(
          of: group, width: min(width ?? ManyOptions.usualWidth(at: service), service.concurrency)
        ) { job in
          do {
            // What is not sent yet would be refused for the same reason.
            if job.isUnpaid, let error = refused.error { throw error }
            let finished = try await resumption.run(job, output: nil) { _ in }
            return ResumeTally.Outcome.finished(finished)
          } catch {
            if Words.of(error)?.status == .keyOrCredit { refused.note(error) }
            return .failed((error as? JobRunner.Interrupted)?.job ?? job, error)
          }
        } then: { _, outcome in
          try tally.add(outcome)
        }
      } onTrouble: { group, error in
        for job in group { try tally.add(.failed(job, error)) }
      }
    } catch is CancellationError {
      throw Trouble(.interrupted, "interrupted; 'reprise resume --all' goes on")
    }
    speech.say(tally.words)
    if let status = tally.status { throw status }
  }
}

/// The first refusal of a key, for those that would meet the same.
private final class Refused: Sendable {
  private let first = Mutex<(any Error)?>(nil)

  var error: (any Error)? { first.withLock { $0 } }

  func note(_ error: any Error) { first.withLock { $0 = $0 ?? ((error as? JobRunner.Interrupted)?.cause ?? error) } }
}
