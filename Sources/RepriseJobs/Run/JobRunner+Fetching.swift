internal import RepriseService
internal import Foundation
package import RepriseSystem
package import RepriseVerification

extension JobRunner {
  /// Polls the service until the generation is done.
  func wait(_ run: inout Run) async throws -> JobEvent {
    guard let id = run.job.id.map(client.knownID), client.canBeAsked else {
      let error = ServiceError(.expired, .submission(.cannotBeAsked(service: run.job.service)))
      run.cause = error
      return .cannotBeAsked(message: error.description)
    }
    // A resumed job may have been done for hours: poll before the first pause. An error here occurs again below, where
    // it is handled.
    var settings = client.service.polling
    if let timeout = options.timeout { settings.timeout = timeout }
    let asked = client.waiting.now
    var known =
      options.isResumed || run.fetchError != nil
      ? try? await client.generation(id: id, within: .seconds(max(settings.timeout, 10))) : nil
    known?.id = id
    settings.timeout = max(settings.timeout - (client.waiting.now - asked).inSeconds, 0)
    // The service had the result before: if it reports nothing of it now, the result is not waited for as a cover is.
    if run.fetchError != nil, known == nil { settings.timeout = min(settings.timeout, Self.longestNewQuestion) }
    let keeper = AnswerKeeper(run)
    do {
      let report = report
      let generation = try await client.waitForCompletion(
        of: known ?? Contract.Generation(id: id, status: .queued), settings: settings,
        age: -(run.job.sealed ?? run.job.created).timeIntervalSinceNow
      ) { report(.service(keeper.keeping($0))) }
      run.fetchError = nil
      return completed(generation, &run)
    } catch {
      var error = keeper.keeping(error)
      error.job = run.job.job
      run.cause = error
      // "Not found" may be a gateway, another key or a replica that lags: a generation with an id can be polled again.
      if error.code == .generationFailed { return .generationFailed(message: "\(error)", credits: nil, usd: nil) }
      if let failure = run.fetchError, error.code != .cancelled {
        // The failed download is what ended the run; the service's failure to help is reported beside it.
        run.cause = ServiceError(
          failure.code, .result(.notReported(failure, error)), status: failure.status, retryAfter: failure.retryAfter,
          generationID: id)
      }
      return .interrupted(message: "\(run.cause ?? error)")
    }
  }

  /// Time for which an unresponsive service is polled again for a result that it had before, in seconds.
  private static let longestNewQuestion = 60.0

  private func completed(_ generation: Contract.Generation, _ run: inout Run) -> JobEvent {
    let usage = generation.meta?.usage
    run.reportedBytes = generation.audioFile?.fileSize
    return .completed(
      url: client.resultURL(generation.audioFile?.url ?? ""), credits: usage?.creditsUsed, usd: usage?.usdSpent)
  }

  /// Asks the service once more for a result whose download was unusable.
  ///
  /// The result is nil if the service cannot be asked, was asked before, or reports nothing of use.
  func reportedAgain(_ run: inout Run) async -> JobEvent? {
    guard canAskAnew(run), let id = run.job.id else { return nil }
    run.hasAskedAnew = true
    let limit = Duration.seconds(max(options.timeout ?? 0, 10))
    guard let generation = try? await client.generation(id: id, within: limit), generation.status == .completed,
      generation.audioFile?.url.isEmpty == false
    else { return nil }
    return completed(generation, &run)
  }

  private func canAskAnew(_ run: Run) -> Bool {
    client.canBeAsked && !run.hasAskedAnew && run.job.id != nil && !run.job.isInline
  }

  /// Downloads the result to the job's output.
  ///
  /// The downloaded bytes stay in the job's directory until the ledger knows that the result is at the output.
  func fetch(_ run: inout Run) async throws -> JobEvent {
    let job = run.job
    let part = PartialDownload(in: run.directory.path)
    let announced: Int
    do {
      try run.directory.make()
      let report = report
      let downloaded =
        if job.isInline {
          try await client.unpack(answerAt: run.directory.answer, to: part.path, replacing: true) {
            report(.service($0))
          }
        } else {
          try await client.download(job.resultURL ?? "", into: part) { report(.service($0)) }
        }
      if let reported = run.reportedBytes, reported > 0, reported != downloaded.bytes, canAskAnew(run) {
        // Only once: a second result is accepted as it is, since services have reported lengths that were wrong.
        try part.remove()
        throw ServiceError(.notAudio, .result(.length(downloaded.bytes, reported: reported)))
      }
      announced = downloaded.announcedBytes ?? downloaded.bytes
    } catch let error as ServiceError {
      return notFetched(error, &run)
    }
    let mayReplace = job.mayReplace || options.mayReplace
    let hash = try await place(part.path, at: job.output, replacing: mayReplace, ours: job.resultHash)
    return .fetched(bytes: announced, hash: hash)
  }

  /// Returns the event for a failed download.
  ///
  /// A permanent error that is not the local disk's may be mended by another URL, for which the service is asked once
  /// per run. The next run asks again.
  private func notFetched(_ error: ServiceError, _ run: inout Run) -> JobEvent {
    run.cause = error
    if error.code == .cancelled || error.code == .io { return .interrupted(message: "\(error)") }
    if canAskAnew(run) {
      run.hasAskedAnew = true
      run.fetchError = error
      return .resultGone(message: "\(error)", canAskAgain: true)
    }
    let cause = ServiceError(
      error.code, run.hasAskedAnew ? .result(.stillMissing(error)) : error.problem, status: error.status,
      retryAfter: error.retryAfter, generationID: run.job.id)
    run.cause = cause
    return error.code == .expired
      ? .resultGone(message: "\(cause)", canAskAgain: false) : .interrupted(message: "\(cause)")
  }

  /// Copies the complete result to the output.
  ///
  /// The downloaded file stays until the ledger knows that the result is at the output.
  ///
  /// - Parameters:
  ///   - part: Path of the downloaded file.
  ///   - output: Path of the output.
  ///   - replacing: `true` if any file at the output may be replaced.
  ///   - ours: SHA-256 of an earlier result of this job that may be at the output, and may be replaced.
  /// - Returns: The SHA-256 of the result.
  /// - Throws: `PlacingError` if the result could not be copied, `FileError`, `DigestError`, `CancellationError`.
  private func place(_ part: String, at output: String, replacing: Bool, ours: String?) async throws -> String {
    try await offPool("reprise.place") { cancellation in
      let hash = try SHA256.hex(ofFileAt: part, cancellation: cancellation)
      // A run that was killed before the ledger was updated has copied the result already.
      let there =
        FileKind(at: output) == .file ? try SHA256.hex(ofFileAt: output, cancellation: cancellation) : nil
      if there == hash { return hash }
      do {
        // The directory was there when the job was begun. A run that was stopped removes the directories that it made
        // and left empty, and so does a user.
        try NewDirectories().make(PathText.directory(of: output))
        try FileCopy.copy(
          part, to: output, replacing: replacing || (there != nil && there == ours), cancellation: cancellation)
      } catch let error as FileError {
        throw PlacingError(status: error, part: part)
      }
      return hash
    }
  }

  /// Checks a finished job's cover once more; the ledger is unchanged.
  package func recheck(_ job: Job) async throws -> VerificationReport {
    report(.verifying)
    let expectation = Expectation(
      container: Expectation.Container(rawValue: job.setting.format.rawValue), sampleRate: job.setting.sampleRate,
      wasAsked: job.settingWasAsked, bytes: job.bytes, reference: reference(of: job),
      isOurs: job.service == ServiceDescription.localName, wishes: job.wishes ?? Wishes())
    return try await verify(job.output, against: expectation)
  }

  /// Returns the reference for the check: the audio sent, else the part of the recording it came from; nil if neither
  /// exists.
  private func reference(of job: Job) -> Expectation.Reference? {
    if job.audio != job.input, FileKind(at: job.audio) == .file { return Expectation.Reference(path: job.audio) }
    guard FileKind(at: job.input) == .file else { return nil }
    return Expectation.Reference(path: job.input, start: job.inputStart, end: job.inputEnd)
  }
}

/// The result is downloaded and could not be moved to its output.
package struct PlacingError: Error, CustomStringConvertible {
  /// The reason for the error.
  package let status: FileError
  /// Path at which the result is kept.
  package let part: String

  /// The underlying error.
  package var underlying: (any Error)? { status }

  /// The fact, with the path at which the result is kept.
  package var description: String { phrase { "\($0)" } }

  /// Returns the fact in a phrase.
  ///
  /// - Parameter spell: A function that returns the text of an underlying error.
  /// - Returns: The phrase.
  package func phrase(_ spell: (any Error) -> String) -> String {
    "\(spell(status)) (the result is kept in \(part): nothing needs to be bought or fetched again)"
  }
}
