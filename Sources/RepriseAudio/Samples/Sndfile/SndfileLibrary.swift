internal import CSndfile

/// The libsndfile library, which is loaded on first use.
enum SndfileLibrary {
  /// Ensures that the library is loaded, so that its absence is not taken for a fault of the file.
  ///
  /// - Throws: `AudioFileError` `io`, with the message of the loader, if the library is missing.
  static func require(for path: String) throws(AudioFileError) {
    guard let reason = unsafe reprise_sndfile_missing() else { return }
    throw AudioFileError(path: path, .library(.sndfileMissing(reason: unsafe String(cString: reason))))
  }
}
