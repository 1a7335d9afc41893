package import RepriseAudio
import RepriseSystem

/// A damaged recording of which what is whole is used, as requested.
package struct Salvaging: Sendable, Equatable {
  /// Inspection that found the damage.
  let inspection: Inspection
  /// What is left, and what is not.
  package let facts: SalvageFacts
  /// Size of what is left, in bytes.
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
    plan.adopt(Salvaging(inspection: inspection, facts: found.facts, bytes: found.file.byteCount))
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
    let found: SalvagedAudio?
    do throws(AudioFileError) {
      found = try Salvager.salvage(inspection, mode: facts.mode, cancellation: cancellation)
    } catch {
      if error.code == .cancelled { throw CancellationError() }
      throw error
    }
    guard let found, found.facts == facts, found.file.byteCount == bytes else { throw changed }
    do {
      return try body(plan.ofLeft(at: found.path, bytes: bytes, facts))
    } catch {
      throw Salvaging.renaming(error, found.path, to: plan.path)
    }
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
    let facts = salvaging.facts
    let (first, last) = (start, end)
    path = salvaging.inspection.path
    sourceBytes = salvaging.inspection.bytes ?? sourceBytes
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
      [Step(action: .salvage, lossless: true, detail: .salvaged(facts))] + steps.filter { $0.action != .keep }
    self.salvaging = salvaging
  }

  /// Returns the plan for what is left, in a temporary file.
  fileprivate func ofLeft(at path: String, bytes: Int, _ facts: SalvageFacts) -> Plan {
    var plan = self
    plan.salvaging = nil
    plan.path = path
    plan.sourceBytes = bytes
    plan.start = facts.left(start)
    plan.end = facts.left(end)
    return plan
  }
}
