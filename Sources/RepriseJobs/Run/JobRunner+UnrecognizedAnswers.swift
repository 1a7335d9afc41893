internal import RepriseService

extension JobRunner {
  /// Keeps an unrecognized response in the job's directory, for the user to read.
  struct AnswerKeeper: Sendable {
    let directory: JobDirectory
    /// Removes the prompt and lyrics from texts of the service.
    let mask: TextMask?

    init(_ run: Run) { (directory, mask) = (run.directory, run.mask) }

    /// Returns the error with the path of the response concerned; the error itself if it concerns none.
    func keeping(_ error: ServiceError) -> ServiceError {
      guard let answer = error.unrecognizedAnswer, error.answerKeptAt == nil else { return error }
      let clean = mask.map { Array($0.apply(to: String(decoding: answer, as: UTF8.self)).utf8) } ?? answer
      var error = error
      error.answerKeptAt = directory.keepUnrecognized(clean)
      return error
    }

    /// Returns the progress event with the path of the response concerned in its error, if any.
    func keeping(_ progress: CoverProgress) -> CoverProgress {
      guard case .retrying(let error, let pause) = progress else { return progress }
      return .retrying(keeping(error), nextIn: pause)
    }
  }
}
