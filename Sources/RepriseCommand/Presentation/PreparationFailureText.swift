import RepriseAudio
import Foundation
package import RepriseLibrary
import RepriseSystem
import ReprisePreparation

/// The text of failures to prepare files of a library.
package enum PreparationFailureText {
  /// Returns the sentence, which names the file only if the failure itself does: see ``line(_:of:)``.
  package static func sentence(_ failure: PreparationFailure) -> String {
    switch failure {
    case .unusable(let inspection):
      return RecordingAdvice.of(inspection).message
    case .failed(let error as FileError) where error.code == .exists: return exists(error.path)
    case .failed(let error): return ErrorPresentation.sentence(error)
    case .outputExists(let path): return exists(path)
    case .isInOutputs(let directory):
      return "is in \(directory) itself, where outputs go; leave it out, or name another directory"
    case .missing: return "is gone since it was checked; run it again"
    case .changed: return "was changed while it was prepared; run it again"
    case .lost(.timedOut(let duration)):
      return "was not prepared within \(duration.secondsText) s, so that was stopped; give it more with --timeout"
    case .lost(.crashed(let exit)):
      return "preparing it crashed (\(exit)), twice; it may be malformed, or show a fault of a decoder"
    case .reported(_, let message): return message
    }
  }

  /// Returns the sentence with the name of the file in front, unless the sentence already names it.
  ///
  /// - Parameters:
  ///   - failure: The failure.
  ///   - path: The path of the file as text.
  /// - Returns: The sentence.
  package static func line(_ failure: PreparationFailure, of path: String) -> String {
    let sentence = sentence(failure)
    // A full disk does not depend on the file.
    return names(failure, path) || failure.kind == .full ? sentence : "\(Console.printable(path)): \(sentence)"
  }

  /// Returns `true` if a failure's sentence names the recording.
  private static func names(_ failure: PreparationFailure, _ path: String) -> Bool {
    switch failure {
    case .reported: true
    case .unusable(let inspection): inspection.path == path
    case .failed(let error): ErrorSubject.isNamed(path, by: error)
    case .outputExists(let output): ErrorSubject.isNamed(path, by: FileError(.exists, path: output))
    case .isInOutputs, .missing, .changed, .lost: false
    }
  }

  private static func exists(_ path: String) -> String {
    "\(path) exists and differs from what an earlier run made; move it away, or replace it with --force"
  }
}
