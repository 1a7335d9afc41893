package import RepriseSystem

/// The text for errors of files and of system libraries: the fact and advice.
package enum FileErrorText {
  /// Returns the sentence for an error of a file.
  package static func sentence(_ error: FileError) -> String {
    // The system takes an empty path for a file that is missing.
    guard !error.path.isEmpty else { return "'': the path is empty; name a file" }
    return "\(error)" + (advice(error).map { "; \($0)" } ?? "")
  }

  /// Returns the fact of an error of a file, without the path.
  static func fact(_ error: FileError) -> Phrase {
    switch error.code {
    case .isDirectory, .special, .exists: .predicate(error.message)
    case .missing, .notPermitted, .diskFull, .quotaUsedUp, .notDirectory, .directoryMissing, .readOnly, .linkLoop,
      .nameTooLong, .tooManyOpen, .fileTooLarge, .system:
      .clause(error.message)
    }
  }

  /// Returns advice on an error of a file; `nil` if there is none.
  static func advice(_ error: FileError) -> String? {
    switch error.code {
    case .missing, .system: nil
    case .special, .isDirectory: "name a file"
    case .directoryMissing:
      FileKind(at: PathText.directory(of: error.path)) == .nothing ? "create it first" : "name another directory"
    case .exists: "use --force to replace it, or name another output"
    case .notPermitted: "check the owner and mode of the file and of its directory"
    case .diskFull, .quotaUsedUp: "free some space or name another output"
    case .readOnly: "name a path on another"
    case .notDirectory: "name another path"
    case .linkLoop: "remove one of them"
    case .nameTooLong: "give it a shorter one"
    case .tooManyOpen: "raise the limit ('ulimit -n') or do less at once"
    case .fileTooLarge: "see 'ulimit -f' for your limit, or name a path on another file system"
    }
  }

  /// Returns the sentence for an error of the library that compresses.
  static func sentence(_ error: CompressionError) -> String {
    switch error {
    case .missing(let reason):
      "zlib could not be loaded (\(reason)), so no PNG can be made; install it (apt install zlib1g), or make an SVG"
    case .failed(let code): "zlib could not compress the picture (code \(code)); is there memory left?"
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
