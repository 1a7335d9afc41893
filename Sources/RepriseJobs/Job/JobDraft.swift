public import RepriseService
internal import Foundation
internal import RepriseSystem

/// A cover that is wanted, on its way to being a job.
public struct JobDraft: Sendable {
  /// The recording, an absolute path.
  public var input: String
  /// The part of it that is sent, in seconds.
  public var excerpt: ClosedRange<Double>
  /// The file the cover goes to, an absolute path.
  public var output: String
  /// Whether a file there may be replaced.
  public var mayReplace = false
  /// What the cover should be like.
  public var brief: CoverBrief
  /// The encoding, with the service's defaults for what was not asked for.
  public var setting: Contract.AudioSetting
  /// `Job.request`.
  public var row: String?
  /// `Job.batch`.
  public var batch: String?

  /// A cover of a recording, or of a part of it.
  public init(
    input: String, excerpt: ClosedRange<Double>, output: String, brief: CoverBrief, setting: Contract.AudioSetting
  ) {
    self.input = input
    self.excerpt = excerpt
    self.output = output
    self.brief = brief
    self.setting = setting
  }

  /// Makes it a job in state `prepared`, unless the same purchase is under way or has a result. The words are on the disk
  /// before the ledger knows of the job, so that whoever finds it there can send it.
  ///
  /// - Parameters:
  ///   - name: the job's name, whose folder the caller holds.
  ///   - audio: what is to be sent, an absolute path: the recording itself or a file in the job's folder.
  ///   - format: `mp3`, `wav` or `flac`.
  ///   - again: whether it is bought even if there is the same. What costs nothing always is.
  ///   - mayBegin: whether a new job may be begun; if not, nil is returned where there is not the same already.
  /// - Throws: `FileError`, `DigestError`, `LedgerError`, `CancellationError`.
  public func begin(
    as name: String, audio: String, format: String, at service: ServiceDescription, holding claim: JobClaim,
    in ledger: Ledger, again: Bool, mayBegin: Bool = true
  ) async throws -> Ledger.Purchase? {
    let hash = try await SHA256.hexOffPool(ofFileAt: audio)
    try claim.folder.keepWords(of: brief)
    var job = Job(
      name: name, service: service.name, baseURL: service.baseURL, model: service.model, input: input,
      inputStart: excerpt.lowerBound, inputEnd: excerpt.upperBound, output: output, setting: setting,
      settingWasAsked: brief.setting != nil, audio: Job.Audio(path: audio, format: format, hash: hash),
      fingerprint: try Fingerprint.purchase(audio: hash, brief, at: service))
    job.mayReplace = mayReplace
    job.request = row
    job.batch = batch
    job.price = service.usdPerCover
    let isBoughtAgain = again || service.usdPerCover == 0
    guard mayBegin else { return isBoughtAgain ? nil : try await ledger.same(as: job).map { .had($0) } }
    let purchase = try await ledger.begin(job, again: isBoughtAgain)
    if case .begun = purchase { claim.folder.markBegun() }
    return purchase
  }
}
