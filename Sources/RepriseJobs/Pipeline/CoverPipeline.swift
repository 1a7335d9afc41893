internal import Foundation
public import ReprisePreparation
public import RepriseService
public import RepriseSystem
internal import RepriseLocalService

/// Makes covers: prepares a recording, has a service make the cover, downloads it and checks it.
///
/// Everything that a service may have been paid for is in the ledger before the request is sent, so that nothing is
/// lost or bought twice however the process ends: `openJobs` returns the unfinished jobs, and `resume` continues them.
public struct CoverPipeline: Sendable {
  /// The service; `nil` for the one named by the configuration, else the remote one if a key for it is set, else the
  /// local one, which is started for each cover and costs nothing.
  package var service: ServiceChoice?
  /// Path of the ledger's database; `nil` for the command's: `$XDG_STATE_HOME/reprise/jobs.sqlite`.
  package var ledger: FilePath?
  /// The changes requested to recordings beside those that the service requires.
  package var preparation: PreparationOptions
  /// Maximum cost of one cover, in US dollars; `nil` for no limit.
  public var maximumSpend: Double?
  /// Maximum time to wait for the service; `nil` for the service's own.
  public var timeout: Duration?

  /// Creates a pipeline.
  ///
  /// - Parameters:
  ///   - service: The service; `nil` for the default one.
  ///   - ledger: Path of the ledger's database; `nil` for the command's.
  ///   - preparation: The changes requested to recordings beside those that the service requires.
  public init(
    service: ServiceChoice? = nil, ledger: FilePath? = nil, preparation: PreparationOptions = PreparationOptions()
  ) {
    self.service = service
    self.ledger = ledger
    self.preparation = preparation
  }

  /// Makes a cover.
  ///
  /// The same audio, brief and service are bought once: an existing job for them is resumed, or its cover is copied.
  ///
  /// - Parameters:
  ///   - recording: Path of the recording, which is never changed.
  ///   - prompt: The style.
  ///   - output: Path of the cover's file; its extension determines the format: `mp3`, `wav` or `pcm`.
  ///   - replacing: `true` if a file at the output may be replaced.
  ///   - report: A function called with each event, on any thread.
  /// - Returns: The cover with the report of its check.
  /// - Throws: `CoverPipelineError`.
  public func makeCover(
    of recording: FilePath, prompt: String, to output: FilePath, replacing: Bool = false,
    report: @escaping @Sendable (CoverEvent) -> Void = { _ in }
  ) async throws(CoverPipelineError) -> FinishedCover {
    try await makeCover(
      of: recording, brief: CoverBrief(prompt: prompt), to: output, replacing: replacing, report: report)
  }

  /// Makes a cover.
  ///
  /// - Parameters:
  ///   - recording: Path of the recording, which is never changed.
  ///   - brief: The style, the lyrics and the encoding.
  ///   - output: Path of the cover's file; its extension determines the format if the brief leaves that open.
  ///   - replacing: `true` if a file at the output may be replaced.
  ///   - report: A function called with each event, on any thread.
  /// - Returns: The cover with the report of its check.
  /// - Throws: `CoverPipelineError`.
  public func makeCover(
    of recording: FilePath, brief: CoverBrief, to output: FilePath, replacing: Bool = false,
    report: @escaping @Sendable (CoverEvent) -> Void = { _ in }
  ) async throws(CoverPipelineError) -> FinishedCover {
    do {
      var brief = brief
      if brief.setting == nil, let format = output.extension.flatMap({ Format(rawValue: $0.lowercased()) }) {
        brief.setting = Contract.AudioSetting(format: format)
      }
      let order = CoverOrder(input: recording.text, output: output.text, brief: brief, replacing: replacing)
      let catalogue = try ServiceCatalogue.load()
      switch try service ?? Self.usualService(in: catalogue) {
      case .described(let service):
        let key = try Self.key(for: service, in: catalogue)
        return try await make(order, at: service, key: key, report)
      case .startLocal:
        return try await TransientLocalService.run(
          catalogue.local, concurrency: 1, onNotes: { report(.noted($0.texts)) }
        ) { try await make(order, at: $0, key: nil, report) }
      }
    } catch {
      throw CoverPipelineError(error)
    }
  }

  /// Returns the unfinished jobs, oldest first.
  ///
  /// - Throws: `CoverPipelineError`.
  public func openJobs() async throws(CoverPipelineError) -> [Job] {
    do {
      return Ledger.exists(at: ledgerPath) ? try await Ledger(path: ledgerPath).openJobs() : []
    } catch {
      throw CoverPipelineError(error)
    }
  }

  /// Resumes a job: sends, waits, downloads and checks, as far as these steps are left.
  ///
  /// Nothing is bought twice.
  ///
  /// - Parameters:
  ///   - job: A job of the ledger.
  ///   - report: A function called with each event, on any thread.
  /// - Returns: The cover with the report of its check.
  /// - Throws: `CoverPipelineError`.
  public func resume(
    _ job: Job, report: @escaping @Sendable (CoverEvent) -> Void = { _ in }
  ) async throws(CoverPipelineError) -> FinishedCover {
    do {
      try Resumption.check(job)
      let ledger = try Ledger(path: ledgerPath)
      let catalogue = try ServiceCatalogue.load()
      let services = JobServices(catalogue: catalogue) { try Self.key(for: $0, in: catalogue) }
      var options = options
      options.isResumed = true
      return try await services.withClient(for: [job], report: report) { [options] client in
        try await Resumption(ledger: ledger, client: client, options: options).run(job, report: report)
      }
    } catch {
      throw CoverPipelineError(error)
    }
  }

  private typealias Format = Contract.AudioSetting.Format

  private var ledgerPath: String { ledger?.text ?? Ledger.usualPath }

  private var options: JobRunner.Options {
    var options = JobRunner.Options()
    options.timeout = timeout?.inSeconds
    return options
  }

  private func make(
    _ order: CoverOrder, at service: ServiceDescription, key: APIKey?,
    _ report: @escaping @Sendable (CoverEvent) -> Void
  ) async throws -> FinishedCover {
    try order.brief.validate(for: service)
    let ledger = try Ledger(path: ledgerPath)
    try await JobDirectory.sweep(ledger)
    let session = CoverSession(
      ledger: ledger, client: try CoverClient(service: service, key: key),
      preparer: AudioPreparer(limits: service.audioLimits, options: preparation), options: options)
    return try await session.make(order, maxSpend: maximumSpend, report: report)
  }

  /// Returns the service to use if the caller names none.
  private static func usualService(in catalogue: ServiceCatalogue) throws -> ServiceChoice {
    if let preferred = catalogue.preferred { return try ServiceChoice(preferred, in: catalogue) }
    return try APIKey.find(for: catalogue.aimlapi) == nil ? .startLocal : .described(catalogue.aimlapi)
  }

  private static func key(for service: ServiceDescription, in catalogue: ServiceCatalogue) throws -> APIKey? {
    let key = try catalogue.key(for: service)
    guard key != nil || service.keyUse != .required else { throw APIKey.missing(for: service) }
    return key
  }
}

extension Ledger {
  /// Path of the command's ledger.
  package static var usualPath: String { Directories.state() + "/jobs.sqlite" }

  /// Opens a ledger, creating it if there is none.
  ///
  /// - Parameter database: Path of the ledger's file; `nil` for the command's.
  /// - Throws: `LedgerError` if the ledger cannot be created or read.
  public init(_ database: FilePath? = nil) throws(LedgerError) {
    try self.init(path: database?.text ?? Self.usualPath)
  }
}

extension Job {
  /// Path of the recording.
  public var recording: FilePath { FilePath(input) }

  /// Path of the cover's file.
  public var cover: FilePath { FilePath(output) }
}
