internal import CSndfile

/// libsndfile itself, which is loaded when it is first needed.
enum SndfileLibrary {
  /// Makes sure that it is there, so that its absence is not taken for a fault of the file.
  ///
  /// - Throws: `AudioFileError` `io`, with the loader's words, if it is not.
  static func require(for path: String) throws(AudioFileError) {
    guard let reason = unsafe reprise_sndfile_missing() else { return }
    throw AudioFileError(path: path, .library(.sndfileMissing(reason: unsafe String(cString: reason))))
  }
}
