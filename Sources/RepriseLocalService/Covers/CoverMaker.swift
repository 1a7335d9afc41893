package import RepriseService

/// Makes covers of recordings on behalf of the local service.
package protocol CoverMaker: Sendable {
  /// Makes a cover and writes it, encoded, to `output`.
  ///
  /// - Parameters:
  ///   - reference: Path of the recording, which has passed the service's checks.
  ///   - prompt: The style, 10–2000 characters.
  ///   - lyrics: Lyrics, 10–3000 characters, or nil.
  ///   - setting: The encoding of the cover.
  ///   - output: Path of the file to write, which does not exist yet. The caller removes the remains of a failed
  ///     attempt.
  ///   - progress: A function called with the fraction done, 0…1.
  /// - Throws: Any error; its description becomes the error message of the generation. `CoverFailure` also names the
  ///   class of the error.
  func makeCover(
    reference: String, prompt: String, lyrics: String?, setting: Contract.AudioSetting, output: String,
    progress: @escaping @Sendable (Double) -> Void
  ) async throws
}

/// The reason for which a generation failed, as reported in the `error` of a poll.
package struct CoverFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// Class of the error, such as `ReferenceError`.
  package let name: String
  /// A message of one sentence.
  package let message: String

  /// Creates a failure.
  package init(name: String, message: String) {
    self.name = name
    self.message = message
  }

  /// The message.
  package var description: String { message }
}
