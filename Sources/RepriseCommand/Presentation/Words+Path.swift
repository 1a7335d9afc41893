import RepriseAudio
import RepriseSystem
import ReprisePreparation

extension Words {
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
    case let trouble as Trouble: trouble.path
    default: nil
    }
  }
}
