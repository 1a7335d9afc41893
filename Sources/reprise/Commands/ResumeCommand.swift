import ArgumentParser
import CoverService
import Foundation
import Jobs
import Platform
import Verification

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a job: wait for it, fetch its cover and check it. Nothing is bought again.")

  @Argument(help: "The job's name as 'reprise jobs' shows it; its beginning is enough.")
  var job: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Another file for the cover.", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @Option(help: ArgumentHelp("How long to wait for the service. (default: 1200)", valueName: "seconds"))
  var timeout: Double?

  @OptionGroup(title: "The service") var keys: KeyOptions
  @OptionGroup var speech: OutputOptions

  func validate() throws {
    if let timeout, !(0...604_800).contains(timeout) {
      throw ValidationError("--timeout takes 0 to 604800 seconds, not \(timeout)")
    }
  }

  func run() async throws {
    let ledger = try Ledger(path: Folders.state() + "/jobs.sqlite")
    var found = try await ledger.job(named: job)
    switch found.state {
    case .prepared, .cancelled:
      throw Trouble(
        .usage, "job \(found.job) was given up before anything was sent; begin it again with 'reprise cover'")
    case .failed where found.id == nil:
      throw Trouble(.serviceRefused, "job \(found.job) has failed: \(found.message ?? "the service refused it")")
    case .submitting, .ambiguous:
      throw Trouble(
        .pending,
        "job \(found.job) is ambiguous: the service has not told an id, so it may have been accepted and"
          + " billed; look for request id \(found.job) in the service's log before you send it again")
    case .unknown:
      throw Trouble(.usage, "job \(found.job) is in a state that only a newer reprise knows; update, then resume it")
    case .submitted, .generating, .completed, .downloaded, .verified, .expired, .failed: break
    }
    if let output {
      try OutputGuard.check(output, isNone: [found.input])
      found.output = PathText.absolute(output, in: FileManager.default.currentDirectoryPath)
      if found.state == .downloaded || found.state == .verified { found.state = .completed }
    }
    // A run that was killed between the file's renaming and the ledger's next row has left a whole cover there; what
    // stands under another name that is given now is somebody else's.
    if output == nil, found.state == .completed, let completed = found.completedAt,
      let written = try? FileManager.default.attributesOfItem(atPath: found.output)[.modificationDate] as? Date,
      written >= completed
    {
      found.state = .downloaded
    }
    let fetched = found.state == .downloaded || found.state == .verified
    if fetched && !FileManager.default.fileExists(atPath: found.output) { found.state = .completed }
    if !fetched || found.state == .completed { _ = try TemporaryFile(for: found.output, replacing: force) }

    let service = try service(of: found)
    let client = try CoverClient(service: service, key: try keys.key(for: service))
    let view = CoverProgressView(quiet: speech.quiet)
    defer { view.finish() }
    // The recording may have moved since; without it the cover is checked by itself, and that is said.
    let hasInput = FileKind(at: found.input) == .file
    if !hasInput {
      Console.say("reprise: \(Console.printable(found.input)): is gone, so the cover is not compared with it")
    }
    let reference =
      hasInput
      ? Expectation.Reference(path: found.input, start: found.inputStart, end: found.inputEnd) : nil
    let outcome = try await CoverRun(ledger: ledger, client: client).finish(
      found, reference: reference, replacing: force, isResumed: true, timeout: timeout
    ) { view.report($0) }
    view.finish()
    try CoverText.show(outcome.job, outcome.report, shownAs: found.output, speech: speech)
  }

  private func service(of job: Job) throws -> ServiceDescription {
    guard job.service != "local" else {
      throw Trouble(
        .serviceRefused,
        "job \(job.job) was made by a local service that ended with its command; nothing was paid: run 'reprise cover' again"
      )
    }
    return try ServiceCatalogue.load().service(named: job.service, baseURL: job.baseURL)
  }
}
