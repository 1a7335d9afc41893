package import RepriseAudio
internal import ReprisePreparation
internal import RepriseSystem

/// The reason why a file of a library was not prepared.
package enum PreparationFailure: Error, Sendable {
  /// The kinds of failures that a run distinguishes.
  package enum Kind: String, Sendable {
    /// The recording can't be made to fit, or ended its decoder.
    case audio
    /// The recording can't be read, or its output can't be written.
    case environment
    /// The disk is full: the run ends.
    case full
  }

  /// The recording is rejected, or can't be read.
  case unusable(Inspection)
  /// An error of the preparation, whose path is the recording's, or the output's in the end.
  case failed(any Error)
  /// The output's path is taken by a file that is not as an earlier run made it.
  case outputExists(path: String)
  /// The recording is in the directory of the outputs.
  case isInOutputs(directory: String)
  /// The recording is gone since it was checked.
  case missing
  /// The recording was changed while it was prepared.
  case changed
  /// The worker gave no response.
  case lost(WorkerLoss)
  /// A worker reported the failure, with the message that its presentation made of one of the other cases.
  case reported(Kind, message: String)

  /// The kind of failure.
  package var kind: Kind {
    switch self {
    case .unusable(let inspection): Self.kind(of: inspection.failure?.code)
    case .failed(let error): Self.kind(of: error)
    case .outputExists, .isInOutputs, .missing, .changed: .environment
    case .lost: .audio
    case .reported(let kind, _): kind
    }
  }

  private static func kind(of error: any Error) -> Kind {
    switch error {
    case let error as FileError: error.isOutOfRoom ? .full : .environment
    case let error as AudioFileError: error.code == .diskFull ? .full : kind(of: error.code)
    case let error as PreparationError:
      switch error.code {
      // A part or a fade that does not fit in one file is a failure of that file, and not a usage error for all.
      case .badRange, .sameFile, .unusable, .tooShort, .tooLong, .noFit: .audio
      case .changed, .unmeasured: .environment
      }
    default: .environment
    }
  }

  private static func kind(of code: AudioFileError.Code?) -> Kind {
    switch code {
    case .empty, .notAudio, .unsupportedFormat, .corrupt, .truncated, nil: .audio
    case .missing, .isDirectory, .notRegular, .notPermitted, .io, .diskFull, .cancelled: .environment
    }
  }
}

extension FileError {
  /// Returns the error with another path.
  func at(_ path: String) -> FileError {
    errno == 0 ? FileError(code, path: path, doing: doing) : FileError(errno: errno, path: path, doing: doing)
  }
}
