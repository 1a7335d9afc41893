package import RepriseSystem

/// The record of a file that could not be looked at, for a reason that lies outside of it.
///
/// - Parameter message: what happened and what to do next, without the path.
package func failedInspection(_ message: String, path: String, bytes: Int? = nil) -> Inspection {
  Verdict.failed(AudioFileError(.io, path: path, message: message), bytes: bytes, content: nil)
}

/// The record of a file that could not be opened.
package func failedInspection(_ error: FileError) -> Inspection {
  Verdict.failed(AudioFileError(error), bytes: nil, content: nil)
}
