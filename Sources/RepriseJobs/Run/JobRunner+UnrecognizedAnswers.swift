internal import RepriseService

extension JobRunner {
  /// Keeps an answer that was not understood in the job's folder, for the person to look at.
  struct AnswerKeeper: Sendable {
    let folder: JobFolder
    /// Takes the request's words out of what the service says.
    let mask: WordsMask?

    init(_ run: Run) { (folder, mask) = (run.folder, run.mask) }

    /// The error, with where the answer is that it is about; the error itself where it is about none.
    func keeping(_ error: ServiceError) -> ServiceError {
      guard let answer = error.unrecognizedAnswer, error.answerKeptAt == nil else { return error }
      let clean = mask.map { Array($0.apply(to: String(decoding: answer, as: UTF8.self)).utf8) } ?? answer
      var error = error
      error.answerKeptAt = folder.keepUnrecognized(clean)
      return error
    }

    /// The same of trouble on the way.
    func keeping(_ progress: CoverProgress) -> CoverProgress {
      guard case .troubled(let error, let pause) = progress else { return progress }
      return .troubled(keeping(error), nextIn: pause)
    }
  }
}
