import RepriseSystem
internal import RepriseService
internal import Foundation

extension JobRunner {
  /// Looks for a submission of which nothing came back in the service's log.
  func askLog(_ run: inout Run, _ before: (any Error)?) async throws -> JobEvent {
    run.cause = before ?? ambiguity(of: run.job, .notAsked)
    if Task.isCancelled { return .interrupted(message: run.job.message ?? "") }
    // A service that answers once may have done so before whoever asked it was gone.
    if let submitted = try await client.submitted(
      answerKeptAt: run.folder.answer, requestID: ClientRequestID(run.job.job))
    {
      run.cause = nil
      return accepted(submitted, &run)
    }
    report(.askingLog)
    do {
      var answer = try await logAnswer(for: run.job)
      if case .absent = answer, options.isResumed, let delay = client.service.logDelay, mayProve(run.job) {
        // By then whatever the service had taken when it was first asked is in its log. No clock but this one is trusted.
        try await client.waiting.sleep(for: .seconds(delay))
        answer = try await logAnswer(for: run.job)
        if case .absent = answer {
          run.cause = nil
          return try await sendable(.surelyNotListed, &run)
        }
      }
      switch answer {
      case .found(let entry):
        let hasFailed = entry.status == .error
        run.cause = hasFailed ? failedByLog(run.job) : entry.inferenceID == nil ? TakenWithoutID(job: run.job) : nil
        return .listed(
          JobEvent.Listing(id: entry.inferenceID, hasFailed: hasFailed, credits: entry.credits, usd: entry.usd))
      case .absent: return notListed(.absent, &run)
      case .notSeen: return notListed(.notSeen, &run)
      case .noLog: return notListed(.noLog, &run)
      }
    } catch is CancellationError {
      return .interrupted(message: run.job.message ?? "")
    } catch let error as ServiceError {
      return notListed(.unread(error), &run)
    }
  }

  /// Whether a log that does not name a job proves anything: it is the same account's, and reaches back to the submission.
  private func mayProve(_ job: Job) -> Bool {
    let age = -(job.sealed ?? .distantPast).timeIntervalSinceNow
    return job.account == client.accountMark(salt: job.job) && (0...Self.logMemory).contains(age)
  }

  /// How long a log surely remembers, in seconds: a little less than the day that its shortest period spans.
  private static let logMemory = 23 * 3600.0

  private func logAnswer(for job: Job) async throws -> LogAnswer {
    try await client.logEntry(for: ClientRequestID(job.job), submittedAfter: job.sealed ?? job.created)
  }

  private func notListed(_ trace: ServiceError.SubmissionProblem.LogTrace, _ run: inout Run) -> JobEvent {
    let error = ambiguity(of: run.job, trace)
    // What broke the submission is news in the run that met it; later what the log says is.
    if options.isResumed { run.cause = error }
    return .notListed(message: "\(error)")
  }

  /// Asks the person, where there is one who can be asked.
  func askPerson(_ run: inout Run, _ before: (any Error)?) async throws -> JobEvent {
    run.cause = before
    guard let mayResend = options.mayResend, !Task.isCancelled, await mayResend(run.job), !Task.isCancelled else {
      return .interrupted(message: run.job.message ?? "")
    }
    run.cause = nil
    return try await sendable(.deniedByPerson, &run)
  }

  /// `event` if the request could be sent again; what can't be stays ambiguous, since it may be paid for.
  private func sendable(_ event: JobEvent, _ run: inout Run) async throws -> JobEvent {
    do {
      _ = try await request(of: run)
      return event
    } catch {
      run.cause = error
      return .interrupted(message: "\(error)")
    }
  }

  /// What the log says to have failed is not charged, and over.
  private func failedByLog(_ job: Job) -> ServiceError {
    about(job, .generationFailed, .failed(job: job.job, service: job.service))
  }

  private func ambiguity(of job: Job, _ trace: ServiceError.SubmissionProblem.LogTrace) -> ServiceError {
    var error = about(job, .ambiguous, .ambiguous(job: job.job, service: job.service, trace))
    error.mayHaveBeenAccepted = true
    return error
  }

  private func about(
    _ job: Job, _ code: ServiceError.Code, _ problem: ServiceError.SubmissionProblem
  ) -> ServiceError {
    var error = ServiceError(code, .submission(problem))
    error.job = job.job
    return error
  }
}

/// The service's log names a submission as taken, and does not tell under which id its result can be had.
public struct TakenWithoutID: Error, CustomStringConvertible {
  /// The job it is about, whose name is the request's id at the service.
  public let job: Job

  /// The fact.
  public var description: String {
    "the service '\(job.service)' has taken job \(job.job), by its log, which does not tell an id; it may be paid for"
  }
}
