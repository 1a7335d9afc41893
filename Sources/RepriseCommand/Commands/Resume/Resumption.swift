import RepriseService
import Foundation
import RepriseJobs
import RepriseSystem
import RepriseVerification

/// Goes on with jobs of one service.
struct Resumption: Sendable {
  let ledger: Ledger
  let client: CoverClient
  let options: JobRunner.Options

  /// Takes hold of a job and runs it to its end.
  ///
  /// - Parameter output: another file for its cover; nil leaves it where it was to go.
  /// - Throws: `Trouble` with 75 where another process is at it; `JobRunner.Interrupted`, `LedgerError`.
  func run(
    _ job: Job, output: String?, report: @escaping @Sendable (JobRunner.Progress) -> Void
  ) async throws -> CoverDesk.Finished {
    guard let claim = try JobClaim.take(JobFolder(of: job.job, ledger: ledger.path)) else {
      throw Trouble(
        .pending,
        "job \(job.job) is being worked on by another reprise; 'reprise resume \(job.job)' once that one is done")
    }
    // It may have moved while somebody else had it.
    var job = try await ledger.job(named: job.job)
    if let output { job = try await moved(job, to: output) }
    try await checkOutput(job)
    if client.service.name == ServiceDescription.localName, job.state.isOpen, job.state != .downloaded {
      // The service it was made by ended with its command, and was free: it is made again.
      _ = job.take(.serviceEnded)
      job.baseURL = client.service.baseURL
      try await ledger.save(job)
    }
    sayWhatIsGone(job)
    let outcome: (job: Job, report: VerificationReport?)
    do {
      outcome = try await JobRunner(ledger: ledger, client: client, options: options, report: report)
        .run(job, claim: claim)
    } catch let interrupted as JobRunner.Interrupted where client.service.name == ServiceDescription.localName {
      // What this service holds ends with this command, and is made again by the next.
      guard let placing = interrupted.cause as? PlacingError else { throw interrupted }
      let command = JobRunner.resumeCommand(job)
      throw Trouble(
        .inputOutput,
        "\(placing.status.description); nothing was paid: '\(command)' makes the cover again, and '\(command) -o OTHER'"
          + " puts it elsewhere")
    }
    return CoverDesk.Finished(job: outcome.job, report: outcome.report, remark: CostText.remark(outcome.job))
  }

  /// Gives the cover another place; one that is there already is copied.
  private func moved(_ job: Job, to output: String) async throws -> Job {
    try OutputGuard.check(output, isNone: [job.input])
    var job = job
    let place = CoverOrder.absolute(output)
    let isFetched = job.state == .downloaded || job.state == .verified
    if isFetched, try await job.isInPlace(), FileIdentity(at: job.output) != FileIdentity(at: place) {
      _ = try await offPool("reprise.copy") { [from = job.output, replacing = options.mayReplace] in
        try FileCopy.copy(from, to: place, replacing: replacing, cancellation: $0)
      }
    }
    job.output = place
    try await ledger.save(job)
    return job
  }

  /// Finds out now, and not when the service has done its work, that the cover can't be put in its place.
  private func checkOutput(_ job: Job) async throws {
    let isFetched = job.state == .downloaded || job.state == .verified
    if isFetched, try await job.isInPlace() { return }
    // What a run that was killed has put there is recognised later, by its content.
    let mayBeThere = job.state == .completed || job.mayReplace || options.mayReplace
    do { _ = try TemporaryFile(for: job.output, replacing: mayBeThere, isNameless: true) } catch {
      throw Trouble(
        .inputOutput, "\(error.description); '\(JobRunner.resumeCommand(job)) -o OTHER' puts the cover elsewhere")
    }
  }

  private func sayWhatIsGone(_ job: Job) {
    // The recording may have moved since; without it the cover is checked by itself, and that is said.
    if FileKind(at: job.input) != .file, job.audio == job.input || FileKind(at: job.audio) != .file {
      Console.say("reprise: \(Console.printable(job.input)): is gone, so the cover is not compared with it")
    }
  }
}

/// The person at the terminal.
enum Person {
  /// Whether there is one who can be asked.
  static func canBeAsked(quiet: Bool) -> Bool {
    !quiet && Console.isTerminal && isatty(CommandContext.current.input) == 1
  }

  /// Asks whether a submission that no log tells of is to be sent again; only a plain yes is one.
  static func mayResend(_ job: Job) async -> Bool {
    Console.say(
      "job \(job.job): all of its request may have reached the service '\(Console.printable(job.service))', and its log does"
        + " not tell. If it was taken it is paid for, and sending it again buys it twice.")
    let answer = await answer(
      to: "Have you looked, and is request id \(job.job) not there? Type 'resend' to send it again: ")
    return answer == "resend"
  }

  /// Asks a question to which only a plain yes is one.
  static func says(yesTo question: String) async -> Bool { ["y", "yes"].contains(await answer(to: question)) }

  /// What is typed at a question, in lower case; nothing where stdin has ended.
  private static func answer(to question: String) async -> String {
    StatusLine.leave()
    Console.draw(question)
    let answer = (try? await offPool("reprise.person") { try line(unless: $0) }) ?? nil
    // Whoever ends stdin has typed no line end.
    if answer == nil { Console.draw("\n") }
    return answer?.trimmingCharacters(in: .whitespaces).lowercased() ?? ""
  }

  /// A line of stdin without its end, waited for as long as nobody has pressed Ctrl-C; nil where stdin has ended.
  private static func line(unless cancellation: Cancellation) throws -> String? {
    let input = CommandContext.current.input
    var line: [UInt8] = []
    while true {
      try cancellation.check()
      var waiting = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&waiting, 1, 100) > 0 else { continue }
      // Byte by byte: what stands behind the line is somebody else's.
      var byte: UInt8 = 0
      let count = unsafe read(input, &byte, 1)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      if count <= 0 { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
      if byte == UInt8(ascii: "\n") {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
      }
      line.append(byte)
    }
  }
}
