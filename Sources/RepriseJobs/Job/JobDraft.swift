package import RepriseService
internal import Foundation
internal import RepriseSystem
internal import RepriseVerification

/// A requested cover for which there is no job yet.
package struct JobDraft: Sendable {
  /// Absolute path of the recording.
  package var input: String
  /// The part of the recording to send, in seconds.
  package var excerpt: ClosedRange<Double>
  /// Absolute path of the cover's file.
  package var output: String
  /// `true` if a file at the output may be replaced.
  package var mayReplace = false
  /// The brief of the cover.
  package var brief: CoverBrief
  /// The encoding, with the service's defaults for options that were not requested.
  package var setting: Contract.AudioSetting
  /// `Job.request`.
  package var row: String?
  /// `Job.batch`.
  package var batch: String?

  /// Creates a draft for a cover of a recording, or of a part of it.
  package init(
    input: String, excerpt: ClosedRange<Double>, output: String, brief: CoverBrief, setting: Contract.AudioSetting
  ) {
    self.input = input
    self.excerpt = excerpt
    self.output = output
    self.brief = brief
    self.setting = setting
  }

  /// Creates a job in state `prepared`, unless the same purchase is under way or has a result.
  ///
  /// The prompt and lyrics are on the disk before the job is in the ledger, so that any process that finds the job can
  /// send it.
  ///
  /// - Parameters:
  ///   - name: Name of the job, whose directory the caller holds.
  ///   - audio: Absolute path of the audio to send: the recording itself or a file in the job's directory.
  ///   - format: Format of the audio: `mp3`, `wav` or `flac`.
  ///   - service: The service.
  ///   - claim: The caller's claim on the job.
  ///   - ledger: The ledger.
  ///   - again: `true` to buy the cover even if the same purchase exists. A cover at no cost is always made.
  ///   - mayBegin: `true` if a new job may be begun.
  /// - Returns: The new or existing job; nil if a new job is needed and may not be begun.
  /// - Throws: `FileError`, `DigestError`, `LedgerError`, `CancellationError`.
  package func begin(
    as name: String, audio: String, format: String, at service: ServiceDescription, holding claim: JobClaim,
    in ledger: Ledger, again: Bool, mayBegin: Bool = true
  ) async throws -> Ledger.Purchase? {
    let hash = try await SHA256.hexOffPool(ofFileAt: audio)
    try claim.directory.keepTexts(of: brief)
    var job = Job(
      name: name, service: service.name, baseURL: service.baseURL, model: service.model, input: input,
      inputStart: excerpt.lowerBound, inputEnd: excerpt.upperBound, output: output, setting: setting,
      settingWasAsked: brief.setting != nil, audio: Job.Audio(path: audio, format: format, hash: hash),
      fingerprint: try Fingerprint.purchase(audio: hash, brief, at: service))
    job.mayReplace = mayReplace
    job.request = row
    job.batch = batch
    job.price = service.usdPerCover
    let wishes = Wishes(prompt: brief.prompt)
    job.wishes = wishes.isEmpty ? nil : wishes
    let isBoughtAgain = again || service.usdPerCover == 0
    guard mayBegin else { return isBoughtAgain ? nil : try await ledger.same(as: job).map { .had($0) } }
    let purchase = try await ledger.begin(job, again: isBoughtAgain)
    if case .begun = purchase { claim.directory.markBegun() }
    return purchase
  }
}
