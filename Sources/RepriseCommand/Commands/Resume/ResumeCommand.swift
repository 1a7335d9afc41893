import ArgumentParser
import RepriseService
import Foundation
import RepriseJobs
import RepriseSystem
import Synchronization

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Continue jobs: send, wait, fetch, check. Nothing is bought twice.",
    discussion: """
      reprise resume rp-8m3k
      reprise resume --all

      A job whose request may or may not have been taken (ambiguous) is looked for in the service's log first. If that \
      does not settle it, the job stays as it is until you give --resend: look into the service's log or bill before you do.
      """)

  @Argument(help: "The jobs' names as 'reprise jobs' shows them; a prefix is enough.")
  var jobs: [String] = []

  @Flag(help: "Continue every job that is not finished.")
  var all = false

  @Option(name: .shortAndLong, help: ArgumentHelp("Another file for the cover of one job.", valueName: "file"))
  var output: String?

  @Flag(help: "Replace outputs that exist.")
  var force = false

  @Flag(
    help:
      "You have checked that the service did not accept these ambiguous jobs: send those again that its log does not show."
  )
  var resend = false

  @Option(
    help: ArgumentHelp(
      "The service's id of one job, if a message reported it and the ledger could not store it.", valueName: "id"))
  var id: String?

  @Option(help: ArgumentHelp("Time to wait for the service. (default: 1200)", valueName: "seconds"))
  var timeout: Double?

  @Option(
    name: [.customShort("j"), .customLong("jobs")],
    help: ArgumentHelp(
      "Number of jobs run at once. (default: the service's limit; locally one per core)", valueName: "n"))
  var width: Int?

  @OptionGroup(title: "The service") var keys: KeyOptions
  @OptionGroup(title: "Output") var speech: OutputOptions

  func validate() throws {
    try OutputGuard.checkNamed(output, "-o")
    if let timeout, !(0...604_800).contains(timeout) {
      throw ValidationError("--timeout takes 0 to 604800 seconds, not \(timeout)")
    }
    if let width, !(1...64).contains(width) { throw ValidationError("--jobs takes 1 to 64, not \(width)") }
    if jobs.isEmpty && !all { throw ValidationError("name a job, or give --all; 'reprise jobs' lists what there is") }
    if !jobs.isEmpty && all { throw ValidationError("--all means every job; leave '\(jobs[0])' or --all out") }
    if id != nil && jobs.count != 1 { throw ValidationError("--id belongs to one job; name that job alone") }
    if output != nil && jobs.count != 1 { throw ValidationError("-o names the cover of one job; name that job alone") }
  }

  func run() async throws {
    Console.outliveReader()
    let ledger = try Ledger(path: Ledger.usualPath)
    try await JobDirectory.sweep(ledger)
    if all { return try await resumeAll(try await ledger.openJobs(), ledger) }
    var found: [Job] = []
    for name in jobs {
      var job = try await ledger.job(named: name)
      if let id { job = try await ledger.setID(id, of: job) }
      try Resumption.check(job)
      if !found.contains(where: { $0.job == job.job }) { found.append(job) }
    }
    if found.count > 1 { return try await resumeAll(found, ledger) }
    try await resumeOne(found[0], ledger)
  }

  /// Returns the options of the run.
  ///
  /// - Parameter mayAsk: `true` if the user may be asked; so for one job, but not for many at once.
  /// - Returns: The options.
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

  private func services() throws -> JobServices {
    JobServices(catalogue: try ServiceCatalogue.load(), width: width) { [keys] in try keys.key(for: $0) }
  }

  private func resumeOne(_ job: Job, _ ledger: Ledger) async throws {
    let view = CoverProgressView(quiet: speech.quiet)
    defer { view.finish() }
    let reported: @Sendable (CoverEvent) -> Void = { [speech] event in
      switch event {
      case .remaking: speech.say(CoverEventText.remaking)
      case .recordingGone(let job): Console.say(CoverEventText.recordingGone(job))
      default: view.show(event)
      }
    }
    let (options, output) = (options(mayAsk: true), output)
    let finished = try await services().withClient(for: [job], report: reported) { client in
      try await Resumption(ledger: ledger, client: client, options: options).run(job, output: output, report: reported)
    }
    view.finish()
    if let remark = FinishedCoverText.remark(finished) { speech.say(remark) }
    guard let report = finished.report else { return }
    try CoverText.show(finished.job, report, shownAs: output ?? finished.job.output, speech: speech)
  }

  private func resumeAll(_ jobs: [Job], _ ledger: Ledger) async throws {
    guard !jobs.isEmpty else {
      speech.say("nothing is open")
      return
    }
    let view = ResumptionView(count: jobs.count, speech: speech)
    do {
      try await ResumptionBatch(ledger: ledger, services: try services(), options: options(mayAsk: false))
        .run(jobs, report: view.show, then: view.add)
    } catch is CancellationError {
      throw CommandError(.interrupted, "interrupted; 'reprise resume --all' continues")
    }
    speech.say(view.message)
    if let status = view.status { throw status }
  }
}
