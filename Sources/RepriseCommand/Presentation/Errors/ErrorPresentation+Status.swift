import RepriseAudio
import RepriseEngine
import RepriseJobs
import RepriseLibrary
import ReprisePreparation
import RepriseService
import RepriseSystem

/// The exit code for each kind of error.
extension ErrorPresentation {
  /// Returns the exit code after waiting for a submitted job failed: a response without a statement on the job leaves
  /// it pending.
  static func status(of job: Job, after status: ExitStatus, _ cause: any Error) -> ExitStatus {
    let isWaitedFor = job.id != nil && (job.state == .submitted || job.state == .generating)
    guard isWaitedFor, (cause as? ServiceError)?.code == .badAnswer else { return status }
    return .pending
  }

  static func status(of error: FileError) -> ExitStatus {
    switch error.code {
    case .missing: .noInput
    case .isDirectory, .special, .notPermitted, .linkLoop, .nameTooLong: error.doing == "read" ? .noInput : .inputOutput
    case .directoryMissing, .notDirectory, .exists, .diskFull, .quotaUsedUp, .readOnly, .tooManyOpen, .fileTooLarge,
      .system:
      .inputOutput
    }
  }

  static func status(of error: AudioFileError) -> ExitStatus {
    switch error.code {
    case .missing, .isDirectory, .notRegular, .notPermitted: .noInput
    case .empty, .notAudio, .unsupportedFormat, .corrupt, .truncated: .badAudio
    case .io, .diskFull: .inputOutput
    case .cancelled: .interrupted
    }
  }

  static func status(of error: PreparationError) -> ExitStatus {
    switch error.code {
    case .badRange, .sameFile: .usage
    case .unusable, .tooShort, .tooLong, .noFit: .badAudio
    case .changed, .unmeasured: .inputOutput
    }
  }

  static func status(of error: ServiceError) -> ExitStatus {
    // Whatever the cause: an error after a possible charge must not appear as something to try again.
    let mayBePaid = error.mayHaveBeenAccepted && error.code != .cancelled
    return switch error.code {
    case _ where mayBePaid: .pending
    // A request refused by the local checks is the caller's mistake; otherwise the service refused it.
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

  static func status(of error: EngineError) -> ExitStatus {
    switch error.code {
    case .noSoundFont, .badSoundFont: .noInput
    case .tooLong, .silent: .badAudio
    case .synthesis: .inputOutput
    }
  }

  static func status(of error: ScanError) -> ExitStatus {
    switch error.code {
    case .badList: .usage
    case .noFingerprinter: .serviceRefused
    case .noWorker, .noRoom, .cache, .record, .output: .inputOutput
    case .cancelled: .interrupted
    }
  }

  static func status(of error: LedgerError) -> ExitStatus {
    switch error.code {
    case .unusable: .inputOutput
    case .unwritten: .pending
    case .noSuchJob: .noInput
    case .severalJobs: .usage
    }
  }
}
