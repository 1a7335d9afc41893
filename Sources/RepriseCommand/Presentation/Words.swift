import RepriseAudio
import RepriseAnalysis
import RepriseEngine
import RepriseService
import Foundation
import RepriseJobs
import RepriseLibrary
import RepriseLocalService
import RepriseSystem
import ReprisePreparation

/// The exit code and the sentence for every error that a module throws.
enum Words {
  /// The sentence for any error, the system's own words where it is none of ours.
  static func sentence(_ error: any Error) -> String { of(error)?.words ?? error.localizedDescription }

  /// nil for errors that are the argument parser's own.
  static func of(_ error: any Error) -> (status: ExitStatus, words: String)? {
    switch error {
    case let trouble as Trouble: (trouble.status, trouble.description)
    case let error as TakenWithoutID:
      (
        .pending,
        "\(error.description); it is not sent again: ask the service under which id it is, and go on with"
          + " '\(JobRunner.resumeCommand(error.job)) --id ID'"
      )
    case let error as PlacingError: (status(of: error.status), error.description)
    case let error as FileError: (status(of: error), error.description)
    case let error as AudioFileError: (status(of: error), Console.printable(error.description))
    case let error as PreparationError: (status(of: error), Console.printable(PreparationErrorText.sentence(error)))
    case let error as ServiceError: (status(of: error), error.message)
    case let error as LedgerError: (status(of: error), error.description)
    case let error as DigestError: (.inputOutput, error.description)
    case let error as ManifestError: (.usage, error.description)
    case let error as AnalysisError: (.badAudio, EngineErrorText.sentence(error))
    case let error as EngineError: (status(of: error), EngineErrorText.sentence(error))
    case let error as ScanError: (status(of: error), Console.printable(error.description))
    case let error as LocalServerError: (.inputOutput, ServeText.sentence(error))
    case let interrupted as JobRunner.Interrupted: of(interrupted)
    case is CancellationError: (.interrupted, "interrupted")
    default: nil
    }
  }

  /// What went wrong with a job, and how to go on with it.
  private static func of(_ interrupted: JobRunner.Interrupted) -> (status: ExitStatus, words: String) {
    let job = interrupted.job
    let cause = of(interrupted.cause) ?? (.inputOutput, "\(interrupted.cause)")
    let command = JobRunner.resumeCommand(job)
    let isKept = !(interrupted.cause is LedgerError)
    guard isKept, job.state.isOpen || job.state == .expired, !cause.words.contains(command) else { return cause }
    switch job.state {
    case .ambiguous:
      return (
        cause.status,
        "\(cause.words); it is kept as job \(job.job) and will not be sent again by itself: '\(command)' looks again"
      )
    case .prepared: return (cause.status, "\(cause.words); nothing was bought; '\(command)' sends it")
    case _ where interrupted.cause is PlacingError:
      return (
        cause.status, "\(cause.words); go on with '\(command)', or with '\(command) -o OTHER' to put it elsewhere"
      )
    default: return (status(of: job, after: cause.status, interrupted.cause), "\(cause.words); go on with '\(command)'")
    }
  }

  /// What ended the waiting for a job that the service has: answers that say nothing of it leave it pending.
  private static func status(of job: Job, after status: ExitStatus, _ cause: any Error) -> ExitStatus {
    let isWaitedFor = job.id != nil && (job.state == .submitted || job.state == .generating)
    guard isWaitedFor, (cause as? ServiceError)?.code == .badAnswer else { return status }
    return .pending
  }

  private static func status(of error: FileError) -> ExitStatus {
    switch error.code {
    case .missing: .noInput
    case .isFolder, .special, .notPermitted, .linkLoop, .nameTooLong: error.doing == "read" ? .noInput : .inputOutput
    case .folderMissing, .notFolder, .exists, .diskFull, .quotaUsedUp, .readOnly, .tooManyOpen, .fileTooLarge, .system:
      .inputOutput
    }
  }

  private static func status(of error: AudioFileError) -> ExitStatus {
    switch error.code {
    case .missing, .isFolder, .notRegular, .notPermitted: .noInput
    case .empty, .notAudio, .unsupportedFormat, .corrupt, .truncated: .badAudio
    case .io, .diskFull: .inputOutput
    case .cancelled: .interrupted
    }
  }

  private static func status(of error: PreparationError) -> ExitStatus {
    switch error.code {
    case .badRange, .sameFile: .usage
    case .unusable, .tooShort, .tooLong, .noFit: .badAudio
    case .changed, .unmeasured: .inputOutput
    }
  }

  private static func status(of error: ServiceError) -> ExitStatus {
    // Whatever else it is: what may have been paid for must not look like something to try again.
    let mayBePaid = error.mayHaveBeenAccepted && error.code != .cancelled
    return switch error.code {
    case _ where mayBePaid: .pending
    // A request that our own check refuses is the caller's words; one that the service refuses is the service's.
    case .validation: error.status == nil ? .usage : .serviceRefused
    case .unauthorized, .noCredit: .keyOrCredit
    case .timedOut, .ambiguous: .pending
    case .io: .inputOutput
    case .cancelled: .interrupted
    case .refused, .notFound, .tooLarge, .rateLimited, .serverTrouble, .unreachable, .badAnswer, .generationFailed,
      .expired, .notAudio:
      .serviceRefused
    }
  }

  private static func status(of error: EngineError) -> ExitStatus {
    switch error.code {
    case .noSoundFont, .badSoundFont: .noInput
    case .tooLong, .silent: .badAudio
    case .synthesis: .inputOutput
    }
  }

  private static func status(of error: ScanError) -> ExitStatus {
    switch error.code {
    case .badList: .usage
    case .noFingerprinter: .serviceRefused
    case .noWorker, .noRoom, .cache, .record, .place: .inputOutput
    }
  }

  private static func status(of error: LedgerError) -> ExitStatus {
    switch error.code {
    case .unusable: .inputOutput
    case .unwritten: .pending
    case .noSuchJob: .noInput
    case .severalJobs: .usage
    }
  }
}
