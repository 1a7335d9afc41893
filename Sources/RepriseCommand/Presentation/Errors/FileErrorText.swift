import RepriseSystem

/// The text for errors of files and of system libraries: the fact and advice.
enum FileErrorText {
  /// Returns the sentence for an error of a file.
  static func sentence(_ error: FileError) -> String {
    switch error.code {
    case .exists: "\(error); use --force to replace it, or name another output"
    default: error.description
    }
  }

  /// Returns the sentence for an error of the library that computes digests.
  static func sentence(_ error: DigestError) -> String {
    switch error {
    case .missing: "\(error); install it: apt install libssl3"
    case .notStarted, .failed: "\(error); is there memory left?"
    case .unsupported: "\(error); see 'openssl list -digest-algorithms'"
    }
  }
}
