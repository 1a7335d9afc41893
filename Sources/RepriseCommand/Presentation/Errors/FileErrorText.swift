import RepriseSystem

/// Sentences for errors of files and of the system's libraries: the fact, and what to do next.
enum FileErrorText {
  /// The sentence for an error of a file.
  static func sentence(_ error: FileError) -> String {
    switch error.code {
    case .exists: "\(error); use --force to replace it, or name another output"
    default: error.description
    }
  }

  /// The sentence for an error of the library that makes digests.
  static func sentence(_ error: DigestError) -> String {
    switch error {
    case .missing: "\(error); install it: apt install libssl3"
    case .notStarted, .failed: "\(error); is there memory left?"
    case .unsupported: "\(error); see 'openssl list -digest-algorithms'"
    }
  }
}
