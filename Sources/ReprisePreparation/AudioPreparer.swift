public import RepriseAudio
public import RepriseSystem

/// Makes recordings fit a service by the least change that does it.
///
/// A preparer is a value: its limits and options hold for every recording that it plans.
public struct AudioPreparer: Sendable {
  /// Limits of the service.
  package var limits: AudioLimits
  /// Options of the preparation, beyond making the recording fit.
  package var options: PreparationOptions

  /// Creates a preparer.
  ///
  /// - Parameters:
  ///   - limits: Limits of the service; by default 6–360 s and 50,000,000 bytes.
  ///   - options: Changes wanted beyond making the recording fit; by default none.
  public init(limits: AudioLimits = AudioLimits(), options: PreparationOptions = PreparationOptions()) {
    self.limits = limits
    self.options = options
  }

  /// Plans the least change that makes a recording fit, without writing anything.
  ///
  /// The recording is inspected, the samples on which the change depends are read, and the first step that suffices is
  /// chosen.
  ///
  /// - Parameters:
  ///   - recording: The recording; its content determines its format, not its name.
  ///   - depth: Depth of the inspection that precedes planning.
  ///   - progress: A closure called often, on any thread, with the completed share of the current reading, 0…1.
  /// - Returns: The plan, to be shown or passed to `prepare`.
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

  /// Executes a plan.
  ///
  /// The recording is never changed, and nothing appears at the output until the result is complete and checked.
  ///
  /// - Parameters:
  ///   - plan: The plan of a recording.
  ///   - output: The path of the file to be made. Its extension should be the plan's format; where a FLAC file turns
  ///     out larger than the service accepts, an MP3 file is made next to it under the same name.
  ///   - replacing: `true` if an existing file at the output may be replaced.
  ///   - progress: A closure called often, on any thread, with the completed share, 0…1.
  /// - Returns: The result.
  /// - Throws: `AudioPreparerError`; no partial output is left.
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
  ///   - path: The path of the recording.
  ///   - deep: `true` if all of the recording is decoded first; only decoding reveals damage inside a file that is kept
  ///     unchanged.
  ///   - purpose: The use of the plan.
  ///   - progress: A closure called with the completed share of the current reading, 0…1.
  /// - Returns: The inspection and the plan.
  /// - Throws: `UnusableRecording` if no change would help, `PreparationError` if no change makes the recording fit,
  ///   `AudioFileError` if the recording cannot be read, or `CancellationError`.
  package func plan(
    for path: String, deep: Bool = false, purpose: Survey.Purpose = .report,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> (inspection: Inspection, plan: Plan) {
    var inspection = await inspect(path: path, limits: limits, deep: deep)
    try Task.checkCancellation()
    // What is wrong inside the frames of a flac, and how to go around it, is known only when all of them are decoded;
    // they are before any use, so it is done first.
    if inspection.format == .flac, inspection.verdict != .rejected, inspection.integrity.checked != .full {
      inspection = await inspect(path: path, limits: limits, deep: true)
      try Task.checkCancellation()
    }
    // Damage inside the frames of an mp3 is found only when all of them are examined.
    if options.salvage != nil, inspection.ofStream.format == .mp3, inspection.verdict != .rejected,
      inspection.integrity.checked != .full
    {
      inspection = await inspect(path: path, limits: limits, deep: true)
      try Task.checkCancellation()
    }
    if let plan = try await planJoin(of: inspection, limits: limits, options: options, for: purpose, progress: progress)
    {
      return (inspection, plan)
    }
    if !WholePart.isRequested(inspection, options),
      let plan = try await planSalvage(
        of: inspection, limits: limits, options: options, for: purpose, progress: progress)
    {
      return (inspection, plan)
    }
    if !WholePart.isRequested(inspection, options) { try UnusableRecording.check(inspection) }
    let survey = try await survey(inspection, limits: limits, options: options, for: purpose, progress: progress)
    return (inspection, try makePlan(for: inspection, limits: limits, options: options, survey: survey))
  }

  /// Executes a plan; audio that is kept unchanged stays at its path.
  ///
  /// - Parameters:
  ///   - plan: The plan of a recording.
  ///   - destination: A closure that returns the output path for a format, for audio that is not kept.
  ///   - progress: A closure called with the completed share, 0…1.
  /// - Returns: The result, or the recording itself if kept.
  /// - Throws: `PreparationError`, `FileError`, `AudioFileError` or `CancellationError`.
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
  /// `true` if the recording is sent unchanged, so that nothing has to be written.
  package var keepsFile: Bool { steps.allSatisfy { $0.action == .keep } }

  /// Path of the recording.
  package var recording: FilePath { FilePath(path) }
}

extension PreparedAudio {
  /// Path of the file that was made.
  public var file: FilePath { FilePath(path) }
}
