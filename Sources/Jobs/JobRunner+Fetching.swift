internal import CoverService
internal import Foundation
public import Platform
public import Verification

extension JobRunner {
  /// Asks until the generation is done.
  func wait(_ run: inout Run) async throws -> JobEvent {
    guard let id = run.job.id.map(client.knownID), client.canBeAsked else {
      let words = "the service '\(run.job.service)' answers once and can't be asked again for what it has made"
      run.cause = ServiceError(.expired, words)
      return .cannotBeAsked(message: words)
    }
    // A job that is taken up again may have been done for hours: ask before the first pause. What goes wrong here goes
    // wrong again below, where it is dealt with.
    var settings = client.service.polling
    if let timeout = options.timeout { settings.timeout = timeout }
    let asked = ContinuousClock.now
    var known =
      options.isResumed ? try? await client.generation(id: id, within: .seconds(max(settings.timeout, 10))) : nil
    known?.id = id
    settings.timeout = max(settings.timeout - (ContinuousClock.now - asked).inSeconds, 0)
    let keeper = AnswerKeeper(run)
    do {
      let report = report
      let generation = try await client.waitForCompletion(
        of: known ?? Contract.Generation(id: id, status: .queued), settings: settings,
        age: -(run.job.sealed ?? run.job.created).timeIntervalSinceNow, resumeCommand: Self.resumeCommand(run.job)
      ) { report(.service(keeper.keeping($0))) }
      let usage = generation.meta?.usage
      return .completed(
        url: generation.audioFile?.url ?? "", credits: usage?.creditsUsed, usd: usage?.usdSpent)
    } catch {
      let error = keeper.keeping(error)
      run.cause = error
      // "Not found" may be a gateway, another key or a replica that lags: what has an id can be asked for again.
      return error.code == .generationFailed
        ? .generationFailed(message: error.message, credits: nil, usd: nil) : .interrupted(message: error.message)
    }
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
      announced = downloaded.announcedBytes ?? downloaded.bytes
    } catch let error as ServiceError {
      run.cause = error
      guard error.code == .expired else { return .interrupted(message: error.message) }
      let canAskAgain = client.canBeAsked && !run.hasAskedForNewURL
      run.hasAskedForNewURL = true
      return .resultGone(message: error.message, canAskAgain: canAskAgain)
    }
    let mayReplace = job.mayReplace || options.mayReplace
    let hash = try await place(part.path, at: job.output, replacing: mayReplace, ours: job.resultHash)
    return .fetched(bytes: announced, hash: hash)
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
  let part: String

  /// In words, with where the result is meanwhile.
  public var description: String {
    "\(status.description) (the result is kept in \(part): nothing needs to be bought or fetched again)"
  }
}
