import RepriseSystem
internal import RepriseService
internal import Foundation

extension JobRunner {
  /// Looks for a submission of which nothing came back in the service's log.
  func askLog(_ run: inout Run, _ before: (any Error)?) async throws -> JobEvent {
    run.cause = before ?? ambiguity(of: run.job, "it has not told an id")
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
      case .absent: return notListed("its log does not name it (yet)", &run)
      case .notSeen:
        return notListed("its log does not name it, as far back as was read: its clock is not told, or not ours", &run)
      case .noLog: return notListed("it has no log that could be asked", &run)
      }
    } catch is CancellationError {
      return .interrupted(message: run.job.message ?? "")
    } catch let error as ServiceError {
      return notListed("its log could not be asked (\(error.message))", &run)
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

  private func notListed(_ words: String, _ run: inout Run) -> JobEvent {
    let error = ambiguity(of: run.job, words)
    // What broke the submission is news in the run that met it; later what the log says is.
    if options.isResumed { run.cause = error }
    return .notListed(message: error.message)
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
      return .interrupted(message: error.message)
    }
  }

  /// What the log says to have failed is not charged, and over.
  private func failedByLog(_ job: Job) -> ServiceError {
    ServiceError(
      .generationFailed,
      "the service '\(job.service)' took job \(job.job) and could not make the cover: its log says that it failed, and"
        + " failed requests are not charged; the job has ended, and the cover can be asked for anew")
  }

  private func ambiguity(of job: Job, _ words: String) -> ServiceError {
    ServiceError(
      .ambiguous,
      "job \(job.job) is ambiguous: all of the request may have reached the service '\(job.service)', and \(words); it may be"
        + " paid for. Look for request id \(job.job) in the service's log or bill; only if it is not there:"
        + " 'reprise resume \(job.job) --resend' sends it again, 'reprise jobs forget --force \(job.job)' drops it",
      mayHaveBeenAccepted: true)
  }
}

/// The service's log names a submission as taken, and does not tell under which id its result can be had.
public struct TakenWithoutID: Error, CustomStringConvertible {
  /// The job it is about, whose name is the request's id at the service.
  public let job: Job

  /// What is known, in words.
  public var description: String {
    "the service '\(job.service)' has taken job \(job.job), by its log, which does not tell an id; it may be paid for"
  }
}
