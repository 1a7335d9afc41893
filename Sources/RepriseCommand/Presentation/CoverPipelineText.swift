import RepriseJobs
import ReprisePreparation
import RepriseService
import RepriseSystem

/// The errors of the pipeline: their exit codes, sentences and advice.
enum CoverPipelineText {
  /// Returns the exit code and the sentence of an error of the pipeline itself.
  static func of(_ error: CoverPipelineError) -> (status: ExitStatus, message: String) {
    switch error {
    case .unusable(let unusable): RecordingAdvice.of(unusable.inspection)
    case .outputIsInput(let output, let input):
      (
        .usage,
        "\(Console.printable(output)): is the input \(Console.printable(input)) itself, which is never changed; name another"
          + " -o"
      )
    case .sameOutput(let inputs, let output):
      (
        .usage,
        "\(inputs.map(Console.printable).joined(separator: " and ")) would both become"
          + " \(Console.printable(output)); number them by {n} in -o, such as -o '{n}-{name}-{style}.{ext}', name the"
          + " outputs in a manifest, or make them in two runs"
      )
    case .outputsTaken(let last, let others):
      (.inputOutput, "\(Console.printable(last)) and \(others) other takes are there already; name another -o")
    case .directoryInUse(let path): (.inputOutput, "\(path): is in use, though it is new; try again")
    case .alreadyBeingMade(let job):
      (
        .pending,
        "the same cover is still being made by another reprise, as job \(job.job); nothing was bought here:"
          + " '\(resume(job))' once that one is done, or --again buys another"
      )
    case .jobInUse(let job):
      (.pending, "job \(job.job) is being worked on by another reprise; '\(resume(job))' once that one is done")
    case .newerJob(let job): (.usage, newer(job))
    case .resultGone(let job, let cause):
      (
        .serviceRefused,
        "the same was bought before, as job \(job.job), and its result is no longer available (\(ErrorPresentation.sentence(cause)));"
          + " nothing was bought: --again buys another"
      )
    case .notResumable(let job): notResumable(job)
    case .priceUnknown(let service):
      (
        .usage,
        "--max-spend needs to know what a cover costs at '\(service)'; say price_usd for it in config.toml"
          + " ('reprise services' shows what is in force)"
      )
    case .closed(let closure): (.rejected, reason(closure))
    case .localServiceTimedOut:
      (
        .serviceRefused,
        "the cover was not done in time and the local service ended with this command; nothing was paid: run it again"
          + " with a longer --timeout"
      )
    case .localServiceStopped:
      (.interrupted, "interrupted; the local service ended with this command, nothing was paid: run it again")
    case .outputUnusable(let job, let cause):
      (.inputOutput, "\(ErrorPresentation.sentence(cause)); '\(resume(job)) -o OTHER' puts the cover elsewhere")
    case .localResultUnplaced(let job, let cause):
      (
        .inputOutput,
        "\(ErrorPresentation.sentence(cause)); nothing was paid: '\(resume(job))' makes the cover again, and '\(resume(job)) -o OTHER'"
          + " puts it elsewhere"
      )
    case .interrupted(let job, let cause):
      ErrorPresentation.of(JobRunner.Interrupted(job, by: cause)) ?? (.inputOutput, error.description)
    case .cancelled: (.interrupted, "interrupted")
    case .failed(let cause): ErrorPresentation.of(cause) ?? (.inputOutput, error.description)
    }
  }

  /// Returns the reason for which nothing more is started.
  static func reason(_ closure: SpendingClosure) -> String {
    switch closure {
    case .overLimit(let price, let limit, let spent):
      "another cover, about \(price), would pass --max-spend \(limit) (\(spent) is spent)"
    case .keyRefused: "the service refused the key, or there is no credit"
    case .unreachable: "the service can't be reached"
    }
  }

  /// Returns a sentence stating that a newer version's job cannot be resumed for an order that it would meet.
  private static func newer(_ job: Job) -> String {
    "the same is job \(job.job) already, which a newer reprise has written; update, or --again buys another"
  }

  private static func notResumable(_ job: Job) -> (status: ExitStatus, message: String) {
    switch job.state {
    case .cancelled:
      (
        .usage, "job \(job.job) was given up before the service had taken anything; begin it again with 'reprise cover'"
      )
    case .failed:
      (
        .serviceRefused,
        "job \(job.job) has failed: \(job.message ?? "the service refused it"); begin it again with 'reprise cover'"
      )
    case .unknown:
      (.usage, "job \(job.job) is in a state that only a newer reprise knows; update, then resume it")
    default: (.serviceRefused, "job \(job.job): \(job.message ?? "its result is gone from the service")")
    }
  }

  private static func resume(_ job: Job) -> String { JobRunner.resumeCommand(job) }
}
