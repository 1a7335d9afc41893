package import RepriseSystem

extension Inspection {
  /// Creates the inspection of a file that could not be looked at.
  ///
  /// - Parameters:
  ///   - error: why it could not.
  ///   - bytes: the file's size; `nil` if it is not known.
  package init(failed error: AudioFileError, bytes: Int? = nil) {
    self = VerdictRules.failed(error, bytes: bytes, content: nil)
  }

  /// Creates the inspection of a file that the system could not open.
  package init(failed error: FileError) { self.init(failed: AudioFileError(error)) }
}
