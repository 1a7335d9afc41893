import RepriseSystem
internal import RepriseService
internal import Foundation

extension JobRunner {
  /// Searches the service's log for a submission that had no response.
  func askLog(_ run: inout Run, _ before: (any Error)?) async throws -> JobEvent {
    run.cause = before ?? ambiguity(of: run.job, .notAsked)
    if Task.isCancelled { return .interrupted(message: run.job.message ?? "") }
    // A service that responds once may have done so before the process that asked had ended.
    if let submitted = try await client.submitted(
      answerKeptAt: run.directory.answer, requestID: ClientRequestID(run.job.job))
    {
      run.cause = nil
      return accepted(submitted, &run)
    }
    report(.askingLog)
    do {
      var answer = try await logAnswer(for: run.job)
      if case .absent = answer, options.isResumed, let delay = client.service.logDelay, mayProve(run.job) {
        // By then every request that the service had taken when it was first asked is in its log. No clock but this one
        // is trusted.
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

  /// Returns `true` if a log that does not list a job proves that the request was not taken: the log is the same
  /// account's, and reaches back to the submission.
  private func mayProve(_ job: Job) -> Bool {
    let age = -(job.sealed ?? .distantPast).timeIntervalSinceNow
    return job.account == client.accountMark(salt: job.job) && (0...Self.logMemory).contains(age)
  }

  /// Time for which a log is certain to keep its entries, in seconds: a little less than the day that its shortest
  /// period spans.
  private static let logMemory = 23 * 3600.0

  private func logAnswer(for job: Job) async throws -> LogAnswer {
    try await client.logEntry(for: ClientRequestID(job.job), submittedAfter: job.sealed ?? job.created)
  }

  private func notListed(_ trace: ServiceError.SubmissionProblem.LogTrace, _ run: inout Run) -> JobEvent {
    let error = ambiguity(of: run.job, trace)
    // The error that broke the submission is reported by the run in which it occurred; later runs report the state of
    // the log.
    if options.isResumed { run.cause = error }
    return .notListed(message: "\(error)")
  }

  /// Asks the user, if there is one who can be asked.
  func askPerson(_ run: inout Run, _ before: (any Error)?) async throws -> JobEvent {
    run.cause = before
    guard let mayResend = options.mayResend, !Task.isCancelled, await mayResend(run.job), !Task.isCancelled else {
      return .interrupted(message: run.job.message ?? "")
    }
    run.cause = nil
    return try await sendable(.deniedByPerson, &run)
  }

  /// Returns `event` if the request can be sent again; otherwise the job stays ambiguous, since it may be paid for.
  private func sendable(_ event: JobEvent, _ run: inout Run) async throws -> JobEvent {
    do {
      _ = try await request(of: run)
      return event
    } catch {
      run.cause = error
      return .interrupted(message: "\(error)")
    }
  }

  /// Returns the error for a submission that failed according to the log, which is not charged, and final.
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

/// The service's log lists a submission as taken, but without the id under which its result is available.
package struct TakenWithoutID: Error, CustomStringConvertible {
  /// The job concerned, whose name is the request's id at the service.
  package let job: Job

  /// A description of the error.
  package var description: String {
    "the service '\(job.service)' has taken job \(job.job), by its log, which gives no id; it may be paid for"
  }
}
