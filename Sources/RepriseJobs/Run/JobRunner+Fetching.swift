internal import RepriseService
internal import Foundation
public import RepriseSystem
public import RepriseVerification

extension JobRunner {
  /// Asks until the generation is done.
  func wait(_ run: inout Run) async throws -> JobEvent {
    guard let id = run.job.id.map(client.knownID), client.canBeAsked else {
      let error = ServiceError(.expired, .submission(.cannotBeAsked(service: run.job.service)))
      run.cause = error
      return .cannotBeAsked(message: error.description)
    }
    // A job that is taken up again may have been done for hours: ask before the first pause. What goes wrong here goes
    // wrong again below, where it is dealt with.
    var settings = client.service.polling
    if let timeout = options.timeout { settings.timeout = timeout }
    let asked = client.waiting.now
    var known =
      options.isResumed || run.fetchTrouble != nil
      ? try? await client.generation(id: id, within: .seconds(max(settings.timeout, 10))) : nil
    known?.id = id
    settings.timeout = max(settings.timeout - (client.waiting.now - asked).inSeconds, 0)
    // It had the result before: where it says nothing of it now, that is not waited for as a cover is.
    if run.fetchTrouble != nil, known == nil { settings.timeout = min(settings.timeout, Self.longestNewQuestion) }
    let keeper = AnswerKeeper(run)
    do {
      let report = report
      let generation = try await client.waitForCompletion(
        of: known ?? Contract.Generation(id: id, status: .queued), settings: settings,
        age: -(run.job.sealed ?? run.job.created).timeIntervalSinceNow
      ) { report(.service(keeper.keeping($0))) }
      run.fetchTrouble = nil
      return completed(generation, &run)
    } catch {
      var error = keeper.keeping(error)
      error.job = run.job.job
      run.cause = error
      // "Not found" may be a gateway, another key or a replica that lags: what has an id can be asked for again.
      if error.code == .generationFailed { return .generationFailed(message: "\(error)", credits: nil, usd: nil) }
      if let trouble = run.fetchTrouble, error.code != .cancelled {
        // Why the result did not come is what ended the run; that the service did not help is said beside it.
        run.cause = ServiceError(
          trouble.code, .result(.notTold(trouble, error)), status: trouble.status, retryAfter: trouble.retryAfter,
          generationID: id)
      }
      return .interrupted(message: "\(run.cause ?? error)")
    }
  }

  /// How long a service that did not answer is asked again for a result that it had before, in seconds.
  private static let longestNewQuestion = 60.0

  private func completed(_ generation: Contract.Generation, _ run: inout Run) -> JobEvent {
    let usage = generation.meta?.usage
    run.toldBytes = generation.audioFile?.fileSize
    return .completed(
      url: client.resultURL(generation.audioFile?.url ?? ""), credits: usage?.creditsUsed, usd: usage?.usdSpent)
  }

  /// What the service says when it is asked once more for a result that came and was no good; nil if it can't be asked, was
  /// asked before, or says nothing of use.
  func toldAnew(_ run: inout Run) async -> JobEvent? {
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

  /// Brings the result to the job's output. What has come of it stays in the job's folder until the ledger knows it is there.
  func fetch(_ run: inout Run) async throws -> JobEvent {
    let job = run.job
    let part = PartialDownload(in: run.folder.path)
    let announced: Int
    do {
      try run.folder.make()
      let report = report
      let downloaded =
        if job.isInline {
          try await client.unpack(answerAt: run.folder.answer, to: part.path, replacing: true) { report(.service($0)) }
        } else {
          try await client.download(job.resultURL ?? "", into: part) { report(.service($0)) }
        }
      if let told = run.toldBytes, told > 0, told != downloaded.bytes, canAskAnew(run) {
        // Once: what comes a second time is taken as it is, since services have told lengths that were wrong.
        try part.remove()
        throw ServiceError(.notAudio, .result(.length(downloaded.bytes, told: told)))
      }
      announced = downloaded.announcedBytes ?? downloaded.bytes
    } catch let error as ServiceError {
      return notFetched(error, &run)
    }
    let mayReplace = job.mayReplace || options.mayReplace
    let hash = try await place(part.path, at: job.output, replacing: mayReplace, ours: job.resultHash)
    return .fetched(bytes: announced, hash: hash)
  }

  /// What it means that a result did not come: whatever lasts and is not our own disk's may be mended by another URL, for
  /// which the service is asked once a run. The next run asks again.
  private func notFetched(_ error: ServiceError, _ run: inout Run) -> JobEvent {
    run.cause = error
    if error.code == .cancelled || error.code == .io { return .interrupted(message: "\(error)") }
    if canAskAnew(run) {
      run.hasAskedAnew = true
      run.fetchTrouble = error
      return .resultGone(message: "\(error)", canAskAgain: true)
    }
    let cause = ServiceError(
      error.code, run.hasAskedAnew ? .result(.stillMissing(error)) : error.problem, status: error.status,
      retryAfter: error.retryAfter, generationID: run.job.id)
    run.cause = cause
    return error.code == .expired
      ? .resultGone(message: "\(cause)", canAskAgain: false) : .interrupted(message: "\(cause)")
  }

  /// Copies the whole result to its place. What was fetched stays until the ledger knows that it is there.
  ///
  /// - Parameter ours: the SHA-256 of a file of ours that may be there, and may be replaced.
  /// - Returns: its SHA-256.
  private func place(_ part: String, at output: String, replacing: Bool, ours: String?) async throws -> String {
    try await offPool("reprise.place") { cancellation in
      let hash = try SHA256.hex(ofFileAt: part, cancellation: cancellation)
      // A run that was killed before the ledger knew has put it there already.
      let there =
        FileKind(at: output) == .file ? try SHA256.hex(ofFileAt: output, cancellation: cancellation) : nil
      if there == hash { return hash }
      do {
        try FileCopy.copy(
          part, to: output, replacing: replacing || (there != nil && there == ours), cancellation: cancellation)
      } catch let error as FileError {
        throw PlacingError(status: error, part: part)
      }
      return hash
    }
  }

  /// Checks a finished job's cover once more; the ledger stays as it is.
  public func recheck(_ job: Job) async throws -> VerificationReport {
    report(.verifying)
    let expectation = Expectation(
      container: Expectation.Container(rawValue: job.setting.format.rawValue), sampleRate: job.setting.sampleRate,
      wasAsked: job.settingWasAsked, bytes: job.bytes, reference: reference(of: job))
    return try await verify(job.output, against: expectation)
  }

  /// What the cover is compared with: what was sent, else the part of the recording it came from; nil if both are gone.
  private func reference(of job: Job) -> Expectation.Reference? {
    if job.audio != job.input, FileKind(at: job.audio) == .file { return Expectation.Reference(path: job.audio) }
    guard FileKind(at: job.input) == .file else { return nil }
    return Expectation.Reference(path: job.input, start: job.inputStart, end: job.inputEnd)
  }
}

/// The result is here and could not be put in its place.
public struct PlacingError: Error, CustomStringConvertible {
  /// What stood in the way.
  public let status: FileError
  /// The path at which the result is kept.
  package let part: String

  /// What stood in the way.
  public var underlying: (any Error)? { status }

  /// The fact, with where the result is meanwhile.
  public var description: String { phrase { "\($0)" } }

  /// The fact in a phrase.
  ///
  /// - Parameter spell: gives the text of an error within.
  package func phrase(_ spell: (any Error) -> String) -> String {
    "\(spell(status)) (the result is kept in \(part): nothing needs to be bought or fetched again)"
  }
}
