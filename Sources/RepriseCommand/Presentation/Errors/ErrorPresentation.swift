import Foundation
import RepriseAudio
import RepriseAnalysis
import RepriseEngine
import RepriseJobs
import RepriseLibrary
import RepriseLocalService
import ReprisePreparation
import RepriseService
import RepriseSystem

/// The exit code and the sentence for every error that a module throws: its facts and advice.
///
/// Advice, options and commands are named here and in the other files of this directory, never where errors are
/// created.
package enum ErrorPresentation {
  /// Returns the sentence for an error, or the system's own text for an error of another origin.
  ///
  /// - Parameter error: Any error.
  /// - Returns: The sentence.
  package static func sentence(_ error: any Error) -> String { of(error)?.message ?? error.localizedDescription }

  /// Returns the sentence for an error within the sentence for another error.
  static func part(_ error: any Error) -> String { of(error)?.message ?? "\(error)" }

  /// Returns the exit code and the sentence for an error.
  ///
  /// - Parameter error: Any error.
  /// - Returns: The exit code and the sentence; `nil` for errors of the argument parser.
  package static func of(_ error: any Error) -> (status: ExitStatus, message: String)? {
    switch error {
    case let error as CommandError: (error.status, error.description)
    case let error as CoverPipelineError: CoverPipelineText.of(error)
    case let error as UnusableRecording: RecordingAdvice.of(error.inspection)
    case let error as LinkNeedsChange: (.badAudio, LinkOption.sentence(error))
    case let error as TakenWithoutID: (.pending, JobErrorText.sentence(error))
    case let error as PlacingError: (status(of: error.status), error.phrase(part))
    case let error as FileError: (status(of: error), FileErrorText.sentence(error))
    case let error as AudioFileError: (status(of: error), Console.printable(error.sentence))
    case let error as PreparationError: (status(of: error), Console.printable(PreparationErrorText.sentence(error)))
    case let error as ServiceError: (status(of: error), ServiceErrorText.sentence(error))
    case let error as LedgerError: (status(of: error), JobErrorText.sentence(error))
    case let error as DigestError: (.inputOutput, FileErrorText.sentence(error))
    case let error as CompressionError: (.inputOutput, FileErrorText.sentence(error))
    case let error as ManifestError: (ManifestText.status(of: error), ManifestText.sentence(error))
    case let error as AnalysisError: (.badAudio, EngineErrorText.sentence(error))
    case let error as EngineError: (status(of: error), EngineErrorText.sentence(error))
    case let error as ScanError: (status(of: error), Console.printable(ScanErrorText.sentence(error)))
    case let error as LocalServerError: (.inputOutput, ServeText.sentence(error))
    case let interrupted as JobRunner.Interrupted: of(interrupted)
    case is CancellationError: (.interrupted, "interrupted")
    default: nil
    }
  }

  /// Returns the exit code and the sentence for an interrupted job, with the command that resumes it.
  private static func of(_ interrupted: JobRunner.Interrupted) -> (status: ExitStatus, message: String) {
    let job = interrupted.job
    let cause = of(interrupted.cause) ?? (.inputOutput, "\(interrupted.cause)")
    let isKept = !(interrupted.cause is LedgerError)
    guard isKept, job.state.isOpen || job.state == .expired, !JobErrorText.namesResumption(interrupted.cause) else {
      return cause
    }
    let isPlacing = interrupted.cause is PlacingError
    let sentence = cause.message + JobErrorText.resumption(of: job, isPlacing: isPlacing)
    switch job.state {
    case .ambiguous, .prepared: return (cause.status, sentence)
    case _ where isPlacing: return (cause.status, sentence)
    default: return (status(of: job, after: cause.status, interrupted.cause), sentence)
    }
  }
}
