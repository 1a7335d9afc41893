internal import RepriseAudio
internal import Foundation
package import ReprisePreparation
internal import RepriseSystem

/// The closures by which a worker presents the outcome of a preparation.
package struct PreparationRendering: Sendable {
  /// Returns the facts of a prepared recording, from its plan and the file that was made; if `isCopy`, that the file
  /// was copied, since it needs no change.
  package let facts: @Sendable (Plan, PreparedAudio, _ isCopy: Bool) -> PreparedFacts
  /// Returns the message for a recording that was not prepared; the message names the recording by its displayed path.
  package let failure: @Sendable (_ path: String, PreparationFailure) -> String

  /// Creates a rendering.
  ///
  /// - Parameters:
  ///   - facts: A closure that returns the facts of a prepared recording.
  ///   - failure: A closure that returns the message for a recording that was not prepared.
  package init(
    facts: @escaping @Sendable (Plan, PreparedAudio, _ isCopy: Bool) -> PreparedFacts,
    failure: @escaping @Sendable (_ path: String, PreparationFailure) -> String
  ) {
    self.facts = facts
    self.failure = failure
  }
}

/// The worker's side of a preparation: a process that prepares one recording after another.
package struct PrepareWorker: Sendable {
  /// The argument that makes the `reprise` program such a worker.
  package static let commandName = "prepare-worker"
  /// The first message from a worker.
  static let greeting = Array("reprise.prepare.1".utf8)

  private let terms: PreparationTerms
  private let rendering: PreparationRendering

  /// Responds to requests on stdin until the end of input.
  ///
  /// Ends the process once the run has gone, even in the middle of decoding.
  ///
  /// - Parameter rendering: The closures that present outcomes.
  /// - Throws: `DecodingError` if the first message is malformed.
  package static func run(rendering: PreparationRendering) async throws {
    guard let loop = WorkerLoop(greeting: greeting) else { return }
    let opening = try await offPool("prepare.next") { _ in loop.next() }
    let terms = try JSONDecoder().decode(PreparationTerms.self, from: Data(opening))
    let worker = PrepareWorker(terms: terms, rendering: rendering)
    while true {
      let bytes = try await offPool("prepare.next") { _ in loop.next() }
      guard let request = PrepareRequest(encoded: bytes[...]) else { return }
      guard loop.respond(await worker.response(to: request).encoded) else { return }
    }
  }

  private func response(to request: PrepareRequest) async -> PrepareResponse {
    let source = RawPath(request.source)
    let failure: PreparationFailure
    do {
      if source.isText { return try await prepare(request, readAs: source.text) }
      do {
        // The path is not UTF-8, so the file is read under the name of its descriptor.
        let file = try RawFile(source)
        return try await prepare(request, readAs: file.alias)
      }
    } catch let error as PreparationFailure {
      failure = error
    } catch {
      failure = .failed(error)
    }
    return .failed(failure.kind, message: rendering.failure(source.text, failure))
  }

  private func prepare(_ request: PrepareRequest, readAs path: String) async throws -> PrepareResponse {
    let shown = RawPath(request.source).text
    do {
      let plan = try await plan(path, shownAs: shown)
      let keepsAll = plan.keepsFile
      if request.taken.contains(plan.format.rawValue), request.copies || !keepsAll {
        throw PreparationFailure.outputExists(path: "\(request.shown).\(plan.format.rawValue)")
      }
      if keepsAll, !request.copies { return .kept }
      return .made(try await make(plan, at: "\(request.staged).\(plan.format.rawValue)", isCopy: keepsAll))
    } catch {
      throw Self.renaming(error) { name in
        if name == path { return shown }
        return name.hasPrefix(request.staged) ? request.shown + name.dropFirst(request.staged.count) : name
      }
    }
  }

  /// Inspects a recording and plans the least change that makes it fit.
  private func plan(_ path: String, shownAs shown: String) async throws -> Plan {
    let limits = terms.limits
    var inspection = try await offPool("prepare.inspect") { cancellation in
      let found = inspectBlocking(path: path, limits: limits, deep: false, cancellation: cancellation)
      // A flac is decoded before any use; what its frames hold, the plan depends on.
      guard found.format == .flac, found.verdict != .rejected else { return found }
      return inspectBlocking(path: path, limits: limits, deep: true, cancellation: cancellation)
    }
    if terms.salvages, inspection.ofStream.format == .mp3, inspection.verdict != .rejected {
      inspection = await inspect(path: path, limits: limits, deep: true)
    }
    if let plan = try await planJoin(of: inspection, limits: limits, options: terms.options, for: .execution) {
      return plan
    }
    if let plan = try await planSalvage(of: inspection, limits: limits, options: terms.options, for: .execution) {
      return plan
    }
    guard inspection.verdict != .rejected else {
      inspection.path = shown
      throw PreparationFailure.unusable(inspection)
    }
    let survey = try await survey(inspection, limits: limits, options: terms.options, for: .execution)
    return try makePlan(for: inspection, limits: limits, options: terms.options, survey: survey)
  }

  private func make(_ plan: Plan, at output: String, isCopy: Bool) async throws -> PrepareResponse.Made {
    let prepared: PreparedAudio
    if isCopy {
      let bytes = try await offPool("prepare.copy") {
        try FileCopy.copy(plan.path, to: output, replacing: true, cancellation: $0)
      }
      prepared = PreparedAudio(path: output, bytes: bytes, format: plan.format, seconds: plan.end - plan.start)
    } else {
      prepared = try await ReprisePreparation.prepare(plan, to: output, replacing: true)
    }
    let digest = try await offPool("prepare.digest") { _ in try RawFile(RawPath(prepared.path)).digest(of: nil) }
    let facts = rendering.facts(plan, prepared, isCopy)
    return PrepareResponse.Made(
      path: prepared.path, digest: digest, format: prepared.format.rawValue,
      facts: [UInt8](try JSONEncoder().encode(facts)))
  }

  /// Returns the error with the path that people know, if its path is one that only the worker knows.
  private static func renaming(_ error: any Error, _ name: (String) -> String) -> any Error {
    switch error {
    case let error as FileError: error.at(name(error.path))
    case let error as AudioFileError: error.at(name(error.path))
    case let error as PreparationError: error.at(name(error.path))
    default: error
    }
  }
}
