public import RepriseAudio
public import RepriseSystem

/// Makes recordings fit a service by the least change that does it.
///
/// A preparer is a value: its limits and options hold for every recording that it plans.
public struct AudioPreparer: Sendable {
  /// What the service accepts.
  public var limits: AudioLimits
  /// What is wanted done to a recording beside making it fit.
  public var options: PreparationOptions

  /// Creates a preparer.
  ///
  /// - Parameters:
  ///   - limits: What the service accepts; 6–360 s and 50,000,000 bytes unless said otherwise.
  ///   - options: What is wanted beside that; nothing unless said otherwise.
  public init(limits: AudioLimits = AudioLimits(), options: PreparationOptions = PreparationOptions()) {
    self.limits = limits
    self.options = options
  }

  /// Plans the least change that makes a recording fit: inspects it, reads of its samples what the change depends on, and
  /// takes the first step that is enough. Nothing is written.
  ///
  /// - Parameters:
  ///   - recording: The recording; its content decides what it is, not its name.
  ///   - depth: How much of the recording is looked at first.
  ///   - progress: Called often, on any thread, with the share of the current reading that is done, 0…1.
  /// - Returns: The plan, to be shown or to be passed to `prepare`.
  /// - Throws: `AudioPreparerError`.
  public func plan(
    _ recording: FilePath, depth: Inspection.Depth = .structure,
    progress: @escaping @Sendable (_ share: Double) -> Void = { _ in }
  ) async throws(AudioPreparerError) -> Plan {
    do {
      return try await plan(for: recording.text, deep: depth != .structure, progress: progress).plan
    } catch {
      throw AudioPreparerError(error)
    }
  }

  /// Carries a plan out. The recording is never changed, and nothing appears at the output before it is whole and checked.
  ///
  /// - Parameters:
  ///   - plan: The plan of a recording.
  ///   - output: The file that is made. Its extension should be the plan's format; where a flac turns out larger than the
  ///     service takes, an mp3 is made beside that name.
  ///   - replacing: Whether a file at the output may be replaced.
  ///   - progress: Called often, on any thread, with the share that is done, 0…1.
  /// - Returns: What was made.
  /// - Throws: `AudioPreparerError`; nothing is left behind.
  public func prepare(
    _ plan: Plan, to output: FilePath, replacing: Bool = false,
    progress: @escaping @Sendable (_ share: Double) -> Void = { _ in }
  ) async throws(AudioPreparerError) -> PreparedAudio {
    do {
      return try await ReprisePreparation.prepare(plan, to: output.text, replacing: replacing, progress: progress)
    } catch {
      throw AudioPreparerError(error)
    }
  }

  /// Inspects a recording and plans the least change that makes it fit.
  ///
  /// - Parameters:
  ///   - path: The recording.
  ///   - deep: Whether all of it is decoded first; damage inside a file that is kept as it is shows only so.
  ///   - progress: Called with the share of the current reading that is done, 0…1.
  /// - Throws: `UnusableRecording` where no change would help, `PreparationError` where none makes it fit,
  ///   `AudioFileError` where it can't be read, `CancellationError`.
  package func plan(
    for path: String, deep: Bool = false, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> (inspection: Inspection, plan: Plan) {
    let inspection = await inspect(path: path, limits: limits, deep: deep)
    try Task.checkCancellation()
    try UnusableRecording.check(inspection)
    let survey = try await survey(inspection, limits: limits, options: options, progress: progress)
    return (inspection, try makePlan(for: inspection, limits: limits, options: options, survey: survey))
  }

  /// Carries a plan out; audio that is kept as it is stays where it is.
  ///
  /// - Parameters:
  ///   - plan: The plan of a recording.
  ///   - destination: The path of audio that is not kept, by its format.
  ///   - progress: Called with the share that is done, 0…1.
  package func prepare(
    _ plan: Plan, to destination: (FileFormat) -> String, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> PreparedAudio {
    if plan.keepsFile {
      return PreparedAudio(
        path: plan.path, bytes: plan.predictedBytes, format: plan.format, seconds: plan.end - plan.start)
    }
    return try await ReprisePreparation.prepare(
      plan, to: destination(plan.format), replacing: false, progress: progress)
  }
}

extension Plan {
  /// Whether the recording is sent as it is, so that nothing has to be written.
  public var keepsFile: Bool { steps.allSatisfy { $0.action == .keep } }

  /// The recording.
  public var recording: FilePath { FilePath(path) }
}

extension PreparedAudio {
  /// The file that was made.
  public var file: FilePath { FilePath(path) }
}
