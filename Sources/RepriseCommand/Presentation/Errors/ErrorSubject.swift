import RepriseAudio
import RepriseJobs
import ReprisePreparation
import RepriseService
import RepriseSystem

extension ErrorPresentation {
  /// Returns the sentence for an error of one of several files, with the name of the file in front, unless already
  /// named.
  ///
  /// - Parameters:
  ///   - error: The error.
  ///   - path: The path of the file, as named by the user.
  /// - Returns: The sentence.
  static func sentence(_ error: any Error, about path: String) -> String {
    let message = sentence(error)
    return ErrorSubject.isNamed(path, by: error) ? message : "\(Console.printable(path)): \(message)"
  }
}

/// The file to which an error refers.
package enum ErrorSubject {
  /// Returns `true` if an error's own sentence names a file, as its subject or as an output of the same name.
  package static func isNamed(_ path: String, by error: any Error) -> Bool {
    guard let named = self.path(namedBy: error) else { return false }
    return named == path || named.hasSuffix("/" + path)
  }

  /// Returns the path at the beginning of an error's sentence; `nil` if there is none.
  private static func path(namedBy error: any Error) -> String? {
    switch error {
    case let error as FileError: error.path
    case let error as AudioFileError: error.path
    case let error as PreparationError: error.path
    case let error as UnusableRecording: error.inspection.path
    case let error as CoverPipelineError: path(namedBy: error)
    case let interrupted as JobRunner.Interrupted: path(namedBy: interrupted.cause)
    case let error as PlacingError: error.status.path
    case let error as ServiceError: path(namedBy: error.problem)
    case let error as CommandError: error.path
    default: nil
    }
  }

  private static func path(namedBy error: CoverPipelineError) -> String? {
    switch error {
    case .unusable(let unusable): unusable.inspection.path
    // A sentence that names the output names the recording as well.
    case .outputIsInput(_, let input): input
    case .outputUnusable(_, let cause), .localResultUnplaced(_, let cause): cause.path
    default: nil
    }
  }

  private static func path(namedBy problem: ServiceError.Problem) -> String? {
    switch problem {
    case .file(let error), .nothingSent(let error): error.path
    case .request(.format(let path, _, _)), .request(.empty(let path)), .request(.tooLarge(let path, _, _)),
      .request(.notRegular(let path)), .request(.unreadable(let path, _, _)), .request(.changed(let path)):
      path
    case .submission(.audioUnreadable(let path, _)), .submission(.audioChanged(let path)): path
    default: nil
    }
  }
}
