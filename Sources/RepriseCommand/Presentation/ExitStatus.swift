/// The exit codes of the command line contract (README.md); the numbers follow BSD's sysexits(3).
package enum ExitStatus: Int32, Error {
  case fine = 0
  /// Some files were rejected, or the result failed verification.
  case rejected = 1
  case usage = 64
  case badAudio = 65
  case noInput = 66
  case serviceRefused = 69
  case inputOutput = 74
  /// The job continues at the service; `reprise resume` resumes it.
  case pending = 75
  case keyOrCredit = 77
  case interrupted = 130
}

/// An error with its exit code and the sentence shown to users.
struct CommandError: Error, CustomStringConvertible {
  let status: ExitStatus
  let description: String
  /// Path of the file named by the sentence; `nil` if there is none.
  let path: String?

  init(_ status: ExitStatus, _ description: String, path: String? = nil) {
    self.status = status
    self.description = description
    self.path = path
  }
}
