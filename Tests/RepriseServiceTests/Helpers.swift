import RepriseService
import Foundation
import TestSupport
import Testing

let prompt = "a slow waltz / with \"strings\""
let secret = "sk-live-0123456789abcdef"

func key() throws -> APIKey { try APIKey(secret, origin: "AIML_API_KEY") }

/// The contract served at `url`, asked and given up on quickly.
func quickService(_ url: String) throws -> ServiceDescription {
  var service = try ServiceDescription.custom(baseURL: url)
  service.polling = Polling.Settings(firstInterval: 0.02, longestInterval: 0.05, timeout: 120)
  service.timeouts.connect = 3
  service.timeouts.answer = 3
  service.timeouts.stall = 3
  return service
}

func request(_ path: String, format: String = "wav") -> CoverRequest {
  CoverRequest(prompt: prompt, reference: .file(path: path, format: format))
}

/// The error `body` ends with.
func error(from body: () async throws -> Void) async throws -> ServiceError {
  do {
    try await body()
  } catch let error as ServiceError {
    #expect(!error.description.contains(secret) && !"\(error.problem)".contains(secret), "no error may hold the key")
    return error
  }
  throw NoError()
}

/// The error a submission of the file at `path` ends with.
func submissionError(
  _ client: CoverClient, _ path: String, requestID: ClientRequestID = .random(),
  progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
) async throws -> ServiceError {
  try await error {
    let paid = try client.prepare(request(path), requestID: requestID)
    _ = try await client.submit(paid, progress: progress)
  }
}

struct NoError: Error {}

extension ServiceError {
  /// The answer that the error is about, if it is about one.
  var answer: AnswerProblem? { problem.answer }

  /// The deadline that the error is about, if it is about one.
  var timeOut: GenerationProblem.TimeOut? {
    if case .generation(.timedOut(let timeOut)) = problem { timeOut } else { nil }
  }

  /// `true` if nothing was accepted, since the request was not whole.
  var isNotWhole: Bool {
    switch problem {
    case .connection(.notWhole), .connection(.stoppedWhileSending), .connection(.refusedWhileSending): true
    default: false
    }
  }

  /// The identification of a submission that may have been accepted.
  var trace: SubmissionTrace? {
    switch problem {
    case .connection(.ambiguous(let ambiguity)): ambiguity.trace
    case .answer(let answer): if case .ambiguous(_, let trace, _) = answer.meaning { trace } else { nil }
    default: nil
    }
  }

  /// The mistake of the configuration that the error is about, with its line and key.
  var mistake: (line: Int?, key: String, fault: ConfigurationProblem.Mistake)? {
    guard case .configuration(.mistake(_, let line, let key, let fault)) = problem else { return nil }
    return (line, key, fault)
  }
}

extension ServiceError.Problem {
  /// The answer that the problem is, if it is one.
  var answer: ServiceError.AnswerProblem? { if case .answer(let answer) = self { answer } else { nil } }
}

extension CoverClient {
  /// Sends a request, once, with nothing to note before its last bytes leave.
  func submit(
    _ request: consuming PaidRequest, keepingAnswerAt path: String? = nil,
    progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
  ) async throws(ServiceError) -> Submitted {
    try await submit(request, keepingAnswerAt: path, beforeLastBytes: {}, progress: progress)
  }
}
