import RepriseAudio
import RepriseJobs
import ReprisePreparation
import RepriseService
import RepriseSystem

extension ErrorPresentation {
  /// The sentence for an error that one of several files met, behind the file's name unless it begins with it.
  ///
  /// - Parameters:
  ///   - error: what was thrown.
  ///   - path: the file as it was named.
  static func sentence(_ error: any Error, about path: String) -> String {
    let words = sentence(error)
    return ErrorSubject.isTold(path, by: error) ? words : "\(Console.printable(path)): \(words)"
  }
}

/// The file that an error is about.
package enum ErrorSubject {
  /// Whether an error's own sentence tells a file: it is about that file, or about an output that is named as it is.
  package static func isTold(_ path: String, by error: any Error) -> Bool {
    guard let named = self.path(namedBy: error) else { return false }
    return named == path || named.hasSuffix("/" + path)
  }

  /// The file that an error's sentence begins with; `nil` where it begins with none.
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
    // What names the output tells the recording as well.
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
