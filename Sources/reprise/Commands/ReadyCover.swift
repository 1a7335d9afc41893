import AudioFiles
import CoverService
import Foundation
import Jobs
import Platform
import Preparation
import Verification

/// A cover that only has to be asked for: everything is checked, the audio fits.
struct ReadyCover: Sendable {
  let request: CoverRequest
  let prepared: PreparedAudio
  let input: String
  /// The part of the input that was prepared, in seconds.
  let excerpt: ClosedRange<Double>
  let output: String
  let setting: Contract.AudioSetting
  let settingWasAsked: Bool
  let replacing: Bool
  let noWait: Bool
  let timeout: Double?
  /// Whether the service ends with this command, so that nobody can go on with the job later.
  let serviceEndsWithCommand: Bool

  /// Submits, waits, fetches and checks; prints the record.
  func run(at service: ServiceDescription, key: APIKey?, view: CoverProgressView, speech: OutputOptions) async throws {
    let ledger = try Ledger(path: Folders.state() + "/jobs.sqlite")
    let run = CoverRun(ledger: ledger, client: try CoverClient(service: service, key: key))
    var request = request
    request.reference = .file(path: prepared.path, format: prepared.format.rawValue)
    var job = Job(
      service: service.name, baseURL: service.baseURL, input: absolute(input), inputStart: excerpt.lowerBound,
      inputEnd: excerpt.upperBound,
      output: absolute(output), setting: setting, settingWasAsked: settingWasAsked)
    defer { view.finish() }
    do {
      try await carry(&job, run, request, view: view, speech: speech)
    } catch let interrupted as CoverRun.Interrupted where serviceEndsWithCommand && interrupted.job.state.isOpen {
      job = interrupted.job
      job.state = .cancelled
      job.message = "the local service ended with its command; nothing was paid"
      try await ledger.save(job)
      view.finish()
      if let cause = interrupted.cause as? ServiceError, cause.code == .timedOut {
        throw Trouble(
          .serviceRefused,
          "the cover was not done in time and the local service ended with this command; nothing was paid: run it again"
            + " with a longer --timeout")
      }
      if Task.isCancelled {
        throw Trouble(
          .interrupted, "interrupted; the local service ended with this command, nothing was paid: run it again")
      }
      throw interrupted.cause
    }
  }

  private func carry(
    _ job: inout Job, _ run: CoverRun, _ request: CoverRequest, view: CoverProgressView, speech: OutputOptions
  ) async throws {
    job = try await run.submit(job, request) { view.report($0) }
    if noWait {
      view.finish()
      speech.say("submitted as job \(job.job) (\(job.id ?? "")); fetch the cover with '\(CoverRun.resumeCommand(job))'")
      return try speech.json ? Console.data(try Console.json(JobRecord(job))) : Console.data(job.job)
    }
    let outcome = try await run.finish(
      job, reference: Expectation.Reference(path: prepared.path), replacing: replacing, timeout: timeout
    ) {
      view.report($0)
    }
    view.finish()
    try CoverText.show(outcome.job, outcome.report, shownAs: output, speech: speech)
  }

  private func absolute(_ path: String) -> String {
    PathText.absolute(path, in: FileManager.default.currentDirectoryPath)
  }
}

/// A finished cover, for programs and for people.
enum CoverText {
  /// Prints where the cover is and what the check found.
  ///
  /// - Throws: `ExitStatus.rejected` where the check failed.
  static func show(_ job: Job, _ report: VerificationReport, shownAs output: String, speech: OutputOptions) throws {
    if speech.json {
      try Console.data(try Console.json(CoverRecord(job, report, output: output)))
    } else {
      if !speech.quiet { for line in VerificationText.lines(report) { Console.say(line) } }
      try Console.data(output)
    }
    if report.verdict == .fail {
      let failed = report.checks.filter { $0.verdict == .fail }.map { "\($0.name): \($0.value)" }
      Console.say(
        "reprise: \(Console.printable(output)): the cover failed its check (\(failed.joined(separator: "; "))); it is kept,"
          + " listen to it before you use it")
      throw ExitStatus.rejected
    }
  }
}

/// `reprise.cover.v1`: the last line of `cover --json`.
private struct CoverRecord: Encodable {
  struct Checked: Encodable {
    let verdict: VerificationReport.Verdict
    let checks: [VerificationReport.Check]
  }

  let schema = "reprise.cover.v1"
  let job: String
  let id: String?
  let service: String
  let output: String
  let seconds: Double?
  let bytes: Int?
  let verification: Checked

  init(_ job: Job, _ report: VerificationReport, output: String) {
    self.job = job.job
    id = job.id
    service = job.service
    self.output = output
    seconds = report.seconds
    bytes = job.bytes
    verification = Checked(verdict: report.verdict, checks: report.checks)
  }
}
