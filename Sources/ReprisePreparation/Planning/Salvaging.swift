package import RepriseAudio
import RepriseSystem

/// A recording that is put together anew before anything else: of a damaged one what is whole, as requested, or several
/// files in one.
package struct Salvaging: Sendable, Equatable {
  /// The ways to put a recording together.
  package enum Source: Sendable, Equatable {
    /// What is whole of a damaged recording.
    case damaged(SalvageFacts)
    /// All parts of a file that is several.
    case several(JoinFacts)
  }

  /// Inspection that found the damage.
  let inspection: Inspection
  /// What is put together.
  package let source: Source
  /// Size of what is put together, in bytes.
  let bytes: Int

  /// Returns `true` if a recording was rejected only for damage, or for audio that is missing.
  ///
  /// - Parameter inspection: The inspection of the recording.
  /// - Returns: `true` if what is whole of it may be used on request.
  package static func isPossible(_ inspection: Inspection) -> Bool {
    guard inspection.verdict == .rejected, inspection.failure == nil,
      inspection.duration.map({ $0.frames > 0 }) ?? false
    else { return false }
    return inspection.reasons.contains { [.truncated, .corrupt].contains($0.code) }
      && inspection.reasons.allSatisfy(isSurmountable)
  }

  private static func isSurmountable(_ reason: Inspection.Reason) -> Bool {
    switch reason.code {
    case .truncated, .tooShort, .headerLies, .boundaryRisk, .clipped, .tooLong, .tooLarge, .unsupportedFormat: true
    // A transfer as text has changed bytes throughout.
    case .corrupt: if case .lineEnds = reason.finding { false } else { true }
    case .notPortable: if case .notPortable = reason.finding { true } else { false }
    case .notAudio, .silent, .unreadable: false
    }
  }
}

/// Plans to use what is whole of a damaged recording.
///
/// - Parameters:
///   - inspection: The inspection of the recording.
///   - limits: The limits of the service.
///   - options: The requested changes, with `salvage`; times count what is lost.
///   - purpose: The use of the plan.
///   - progress: A closure called often with the completed share of the current reading, 0…1.
/// - Returns: The plan; `nil` if salvage was not requested, or if the recording is not one that was rejected for damage.
/// - Throws: `PreparationError` if nothing can be salvaged, or if what is left does not fit; as `makePlan` and `survey` do.
package func planSalvage(
  of inspection: Inspection, limits: AudioLimits, options: PreparationOptions, for purpose: Survey.Purpose = .report,
  progress: @escaping @Sendable (Double) -> Void = { _ in }
) async throws -> Plan? {
  guard let mode = options.salvage, Salvaging.isPossible(inspection) else { return nil }
  if inspection.isSeveral { return nil }
  let found = try await offPool("reprise.salvage") { cancellation in
    do throws(AudioFileError) {
      return try Salvager.salvage(inspection, mode: mode, cancellation: cancellation)
    } catch {
      if error.code == .cancelled { throw CancellationError() }
      throw error
    }
  }
  guard let found else { throw PreparationError(.nothingSalvaged(inspection.reasons), path: inspection.path) }
  let left = await inspect(path: found.path, limits: limits, deep: true)
  try Task.checkCancellation()
  guard left.verdict != .rejected else {
    throw PreparationError(.salvageUnfit(found.facts, left.reasons), path: inspection.path)
  }
  var options = options
  options.salvage = nil
  options.start = options.start.map(found.facts.left)
  options.end = options.end.map(found.facts.left)
  do {
    let survey = try await survey(left, limits: limits, options: options, for: purpose, progress: progress)
    var plan = try makePlan(for: left, limits: limits, options: options, survey: survey)
    plan.adopt(Salvaging(inspection: inspection, source: .damaged(found.facts), bytes: found.file.byteCount))
    return plan
  } catch {
    throw Salvaging.renaming(error, found.path, to: inspection.path)
  }
}

extension Salvaging {
  /// Executes a plan with what is left of the recording.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - cancellation: Interrupts the execution.
  ///   - body: Executes the plan of what is left.
  /// - Returns: The result of `body`.
  /// - Throws: `PreparationError` if the recording has changed, `AudioFileError`, `CancellationError`, and the errors of
  ///   `body`.
  func execute<Result>(
    _ plan: Plan, cancellation: Cancellation, _ body: (Plan) throws -> Result
  ) throws -> Result {
    let changed = PreparationError(.changed(.differs), path: plan.path)
    guard try InputFile(path: plan.path).byteCount == plan.sourceBytes else { throw changed }
    var inspection = inspection
    inspection.path = plan.path
    let file: InputFile
    do {
      switch source {
      case .damaged(let facts):
        let found = try Salvager.salvage(inspection, mode: facts.mode, cancellation: cancellation)
        guard let found, found.facts == facts else { throw changed }
        file = found.file
      case .several(let facts):
        let found = try Joiner.join(plan.path, cancellation: cancellation)
        guard found.facts == facts else { throw changed }
        file = found.file
      }
    } catch let error as AudioFileError where error.code == .cancelled {
      throw CancellationError()
    }
    guard file.byteCount == bytes else { throw changed }
    do {
      return try body(plan.ofLeft(at: file.alias, bytes: bytes, self))
    } catch {
      throw Salvaging.renaming(error, file.alias, to: plan.path)
    }
  }

  /// Returns the time in what is put together of a time in the recording.
  fileprivate func left(_ time: Double) -> Double {
    if case .damaged(let facts) = source { facts.left(time) } else { time }
  }

  /// Returns an error that names the recording in place of the temporary file.
  fileprivate static func renaming(_ error: any Error, _ name: String, to path: String) -> any Error {
    switch error {
    case let error as PreparationError where error.path == name: error.at(path)
    case let error as AudioFileError where error.path == name: error.at(path)
    default: error
    }
  }
}

extension Plan {
  /// Turns a plan for what is left of a recording into one for the recording.
  fileprivate mutating func adopt(_ salvaging: Salvaging) {
    path = salvaging.inspection.path
    sourceBytes = salvaging.inspection.bytes ?? sourceBytes
    self.salvaging = salvaging
    let kept = steps.filter { $0.action != .keep }
    guard case .damaged(let facts) = salvaging.source else {
      if case .several(let facts) = salvaging.source {
        steps = [Step(action: .mend, lossless: facts.isExact, detail: .joined(facts))] + kept
      }
      return
    }
    let (first, last) = (start, end)
    start = facts.original(first, isEnd: false)
    end = facts.original(last, isEnd: true)
    let inner = lost.map {
      LostStretch(
        start: facts.original($0.start, isEnd: false), end: facts.original($0.end, isEnd: true), cause: $0.cause)
    }
    // What is lost before the first and behind the last sample that is left is lost as well, unless a part is taken.
    let losses = facts.losses.filter { isPart ? $0.end >= start && $0.start <= end : true }
    lost = (losses.map { LostStretch(start: $0.start, end: $0.end, cause: .damage(filled: $0.filled)) } + inner)
      .sorted { $0.start < $1.start }
    steps =
      [Step(action: .salvage, lossless: true, detail: .salvaged(facts))] + kept
  }

  /// Returns the plan for what is left, in a temporary file.
  fileprivate func ofLeft(at path: String, bytes: Int, _ salvaging: Salvaging) -> Plan {
    var plan = self
    plan.salvaging = nil
    plan.path = path
    plan.sourceBytes = bytes
    plan.start = salvaging.left(start)
    plan.end = salvaging.left(end)
    return plan
  }
}

/// Plans to use all parts of a file that is several, joined byte by byte.
///
/// - Parameters:
///   - inspection: The inspection of the file.
///   - limits: The limits of the service.
///   - options: The requested changes; times count all parts.
///   - purpose: The use of the plan.
///   - progress: A closure called often with the completed share of the current reading, 0…1.
/// - Returns: The plan; `nil` if the file is not several, or if a part inside the first of them is requested.
/// - Throws: `PreparationError` if the parts cannot be joined; as `makePlan` and `survey` do.
package func planJoin(
  of inspection: Inspection, limits: AudioLimits, options: PreparationOptions, for purpose: Survey.Purpose = .report,
  progress: @escaping @Sendable (Double) -> Void = { _ in }
) async throws -> Plan? {
  guard inspection.isSeveral, !WholePart.isRequested(inspection, options) else { return nil }
  let found: JoinedAudio
  do {
    found = try await offPool("reprise.join") { try Joiner.join(inspection.path, cancellation: $0) }
  } catch let refusal as Joiner.Refusal {
    throw PreparationError(.notJoined(refusal), path: inspection.path)
  } catch let error as AudioFileError where error.code == .cancelled {
    throw CancellationError()
  }
  let whole = await inspect(path: found.path, limits: limits, deep: true)
  try Task.checkCancellation()
  guard whole.verdict != .rejected else {
    throw PreparationError(.rejected(whole.reasons), path: inspection.path)
  }
  do {
    let survey = try await survey(whole, limits: limits, options: options, for: purpose, progress: progress)
    var plan = try makePlan(for: whole, limits: limits, options: options, survey: survey)
    plan.adopt(Salvaging(inspection: inspection, source: .several(found.facts), bytes: found.file.byteCount))
    return plan
  } catch {
    throw Salvaging.renaming(error, found.path, to: inspection.path)
  }
}

extension Inspection {
  /// `true` if the file is several, joined byte by byte.
  var isSeveral: Bool {
    reasons.contains { reason in
      switch reason.finding {
      case .wave(.severalWaves), .flac(.severalStreams): true
      default: false
      }
    }
  }
}
