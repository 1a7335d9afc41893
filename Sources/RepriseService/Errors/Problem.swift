package import RepriseSystem

extension ServiceError {
  /// The facts of an error, by their subject.
  package indirect enum Problem: Sendable, Equatable {
    /// A URL of a service, a result or a reference, or the name of a service is at fault.
    case address(AddressProblem)
    /// A service's key is at fault.
    case key(KeyProblem)
    /// The configuration file is at fault.
    case configuration(ConfigurationProblem)
    /// The data to be sent are at fault.
    case request(RequestProblem)
    /// libcurl, or the certificates that it is to trust, are at fault.
    case setup(SetupProblem)
    /// No complete response was received.
    case connection(ConnectionProblem)
    /// The response is not the wanted one.
    case answer(AnswerProblem)
    /// The service reported a failed generation, or nothing in time.
    case generation(GenerationProblem)
    /// The service's log is at fault.
    case log(LogProblem)
    /// A job whose request was sent, or was to be sent again, is at fault.
    case submission(SubmissionProblem)
    /// The bytes of a result are at fault.
    case result(ResultProblem)
    /// A response that was to hold the result itself is at fault.
    case inline(InlineProblem)
    /// A file could not be read or written.
    case file(FileError)
    /// A file could not be created, for which reason nothing was sent.
    case nothingSent(FileError)
    /// Something else failed, with the path concerned.
    case failed(path: String?, Cause)
    /// Another fact.
    case detail(String)

    /// Error that led to the problem, if there is one.
    var underlying: (any Error)? {
      switch self {
      case .file(let error), .nothingSent(let error): error
      case .failed(_, let cause): cause.error
      case .key(let problem): problem.underlying
      case .request(let problem): problem.underlying
      case .configuration(.service(_, _, let error)): error
      case .connection(let problem): problem.underlying
      case .generation(let problem): problem.underlying
      case .submission(let problem): problem.underlying
      case .result(let problem): problem.underlying
      case .address, .configuration, .setup, .answer, .log, .inline, .detail: nil
      }
    }

    /// Returns the problem in a phrase.
    ///
    /// - Parameter spell: Returns the text of a nested error.
    /// - Returns: The phrase, without advice but for that from `spell`.
    package func phrase(_ spell: (any Error) -> String) -> String {
      switch self {
      case .address(let problem): problem.description
      case .key(let problem): problem.description
      case .configuration(let problem): problem.phrase(spell)
      case .request(let problem): problem.description
      case .setup(let problem): problem.description
      case .connection(let problem): problem.phrase(spell)
      case .answer(let problem): problem.description
      case .generation(let problem): problem.phrase(spell)
      case .log(let problem): problem.description
      case .submission(let problem): problem.phrase(spell)
      case .result(let problem): problem.phrase(spell)
      case .inline(let problem): problem.description
      case .file(let error): spell(error)
      case .nothingSent(let error): "\(spell(error)); nothing was sent"
      case .failed(let path, let cause): (path.map { "\($0): " } ?? "") + spell(cause.error)
      case .detail(let text): text
      }
    }

    /// Changes the texts in which a service may repeat the request.
    ///
    /// - Parameter replace: The change.
    /// - Returns: The problem with those texts changed.
    func replacingTexts(_ replace: (String) -> String) -> Problem {
      func replaced(_ error: ServiceError) -> ServiceError { error.about(error.problem.replacingTexts(replace)) }
      switch self {
      case .connection(let problem): return .connection(problem.replacingTexts(replace, replaced))
      case .answer(var problem):
        problem.said = problem.said.map(replace)
        return .answer(problem)
      case .generation(let problem): return .generation(problem.replacingTexts(replace, replaced))
      case .submission(.ambiguous(let job, let service, .unread(let error))):
        return .submission(.ambiguous(job: job, service: service, .unread(replaced(error))))
      case .submission(.resultLost(let job, let message)):
        return .submission(.resultLost(job: job, message: replace(message)))
      case .result(.stillMissing(let error)): return .result(.stillMissing(replaced(error)))
      case .result(.notReported(let error, let answer)): return .result(.notReported(replaced(error), replaced(answer)))
      case .detail(let text): return .detail(replace(text))
      case .address, .key, .configuration, .request, .setup, .log, .submission, .result, .inline, .file, .nothingSent,
        .failed:
        return self
      }
    }
  }

  /// An error of any type, equal to another of the same type and text.
  package struct Cause: Sendable, Equatable {
    /// Wrapped error.
    package let error: any Error

    /// Wraps an error.
    package init(_ error: any Error) { self.error = error }

    /// Compares by type and text.
    package static func == (left: Cause, right: Cause) -> Bool {
      type(of: left.error) == type(of: right.error) && "\(left.error)" == "\(right.error)"
    }
  }
}
