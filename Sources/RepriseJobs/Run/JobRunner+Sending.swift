internal import RepriseService
internal import Foundation
internal import RepriseSystem
internal import Synchronization

extension JobRunner {
  /// Sends the request, once.
  ///
  /// Its last bytes are sent only after the job is saved as sealed in the ledger.
  func send(_ run: inout Run) async throws -> JobEvent {
    let request: CoverRequest
    do { request = try await self.request(of: run) } catch {
      run.cause = error
      switch error.code {
      case .cancelled: return stopped("\(error)")
      // A disk that is not available now may be available later.
      case .io where FileKind(at: run.job.audio) == .nothing: return .notNow(message: "\(error)")
      default: return .refused(message: "\(error)")
      }
    }
    run.mask = TextMask(request)
    if Task.isCancelled {
      run.cause = ServiceError(.cancelled, .detail("stopped before anything was sent"))
      return stopped("stopped before anything was sent")
    }
    // The rest of an earlier response was not sufficient to continue; it stays as evidence for a refund.
    try? FileManager.default.moveItem(
      atPath: run.directory.answer, toPath: run.directory.answer + ".\(run.job.attempts - 1)")
    let sealing = Mutex(run.job)
    do {
      let paid = try client.prepare(request, requestID: ClientRequestID(run.job.job))
      let (ledger, report, account) = (ledger, report, client.accountMark(salt: run.job.job))
      let submitted = try await client.submit(
        paid, keepingAnswerAt: run.directory.answer,
        beforeLastBytes: {
          try sealing.withLock { job in
            _ = job.take(.sealed)
            job.account = account
            try ledger.saveNow(job)
          }
        }, progress: { report(.service($0)) })
      run.job = sealing.withLock { $0 }
      return accepted(submitted, &run)
    } catch {
      run.job = sealing.withLock { $0 }
      let error = AnswerKeeper(run).keeping(error)
      run.cause = error
      if error.mayHaveBeenAccepted { return .unanswered(message: "\(error)") }
      switch error.code {
      case .cancelled:
        // The service took nothing, even if the request was sealed.
        run.job.sealed = nil
        return stopped("\(error)")
      // With another key, some credit, or free space on the disk, the request can be sent.
      case .rateLimited, .serverTrouble, .unreachable, .unauthorized, .noCredit, .io:
        return .notNow(message: "\(error)")
      default: return .refused(message: "\(error)")
      }
    }
  }

  private func stopped(_ message: String) -> JobEvent {
    options.givesUpWhenStopped() ? .givenUp(message: message) : .stopped(message: message)
  }

  func accepted(_ submitted: Submitted, _ run: inout Run) -> JobEvent {
    let generation = submitted.generation
    let hasFailed = generation.status == .error
    if hasFailed {
      run.cause = ServiceError(.generationFailed, .generation(.ended(generation.end)), generationID: generation.id)
    }
    return .accepted(
      JobEvent.Acceptance(
        id: generation.id, status: generation.status, url: generation.audioFile.map { client.resultURL($0.url) },
        isInline: submitted.inlineAnswer != nil, credits: submitted.credits, usd: submitted.usd,
        message: hasFailed ? "\(generation.end)" : nil))
  }

  /// Returns the request, made anew from the files in the job's directory.
  ///
  /// - Throws: `ServiceError` if the prompt and lyrics or the audio do not exist any more, or the audio has changed.
  func request(of run: Run) async throws(ServiceError) -> CoverRequest {
    let job = run.job
    guard let texts = run.directory.keptTexts() else {
      throw ServiceError(.io, .submission(.textsGone(job: job.job, directory: run.directory.path)))
    }
    if options.isResumed || job.attempts > 1 {
      let hash: String
      do {
        hash = try await SHA256.hexOffPool(ofFileAt: job.audio)
      } catch is CancellationError {
        throw ServiceError(.cancelled, .detail("stopped before anything was sent"))
      } catch {
        throw ServiceError(
          .io, .submission(.audioUnreadable(path: job.audio, ServiceError.Cause(error))))
      }
      guard hash == job.audioHash else {
        throw ServiceError(.io, .submission(.audioChanged(path: job.audio)))
      }
    }
    return CoverRequest(
      prompt: texts.prompt, lyrics: texts.lyrics, setting: job.settingWasAsked ? job.setting : nil,
      reference: .file(path: job.audio, format: job.audioFormat))
  }

  /// Waits until the request may be sent again, if it may be sent again at all.
  func waitToSend(_ run: inout Run) async throws -> JobEvent {
    // The program's own service has ended and a new one is running: there is nothing to wait for.
    guard let error = run.cause as? ServiceError else { return .takenUp }
    var resending =
      run.resending
      ?? Resending(
        timeout: options.timeout ?? client.service.polling.timeout, firstPause: client.service.polling.firstInterval)
    let elapsed = (client.waiting.now - run.begun).inSeconds
    let pause = resending.next(after: error, elapsed: elapsed, jitter: .random(in: 0..<1))
    run.resending = resending
    guard let pause else { return .interrupted(message: "\(error)") }
    report(.service(.retrying(error, nextIn: pause)))
    do { try await client.waiting.sleep(for: pause) } catch {
      run.cause = ServiceError(.cancelled, .detail("stopped before the service had taken anything"))
      return stopped("stopped before the service had taken anything")
    }
    run.cause = nil
    return .takenUp
  }
}
