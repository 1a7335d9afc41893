package import RepriseSystem

extension Inspection {
  /// Creates the inspection of a file that could not be examined.
  ///
  /// - Parameters:
  ///   - error: The error that prevented it.
  ///   - bytes: The size of the file; `nil` if it is not known.
  package init(failed error: AudioFileError, bytes: Int? = nil) {
    self = VerdictRules.failed(error, bytes: bytes, content: nil)
  }

  /// Creates the inspection of a file that the system could not open.
  package init(failed error: FileError) { self.init(failed: AudioFileError(error)) }
}
