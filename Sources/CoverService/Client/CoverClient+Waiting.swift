extension CoverClient {
  /// How long a question may take that is asked at the deadline or shortly before it.
  private static let shortestQuestion = Duration.seconds(10)

  /// Asks how far a generation is until it is completed.
  ///
  /// Unknown statuses count as pending; 429, 5xx, network errors and answers about another generation back off; every other refusal ends it at once.
  ///
  /// - Parameters:
  ///   - generation: as the submission, or an earlier question, answered it.
  ///   - settings: how often to ask and for how long; the service's own unless given.
  ///   - resumeCommand: what to type to go on after a time-out, for messages; `reprise resume ID` unless given.
  ///   - progress: called after every answer.
  /// - Returns: the completed generation, its result's URL in `audioFile`.
  /// - Throws: `ServiceError` with the generation's id: `timedOut` after the deadline, `generationFailed`, `cancelled`, a
  ///   permanent refusal's code, or `badAnswer` if it is completed without a URL.
  public func waitForCompletion(
    of generation: Contract.Generation, settings: Polling.Settings? = nil, resumeCommand: String? = nil,
    progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
  ) async throws(ServiceError) -> Contract.Generation {
    let id = generation.id
    let settings = settings ?? service.polling
    let command = resumeCommand ?? "reprise resume \(printable(id, limit: 200))"
    let start = ContinuousClock.now
    var policy = Polling(settings)
    var current = generation
    var trouble: ServiceError?
    var event = Polling.Event.answered(generation.status)
    while true {
      let elapsed = ContinuousClock.now - start
      switch policy.next(event, elapsed: elapsed, jitter: .random(in: 0..<1)) {
      case .finish: return try finished(current, id: id)
      case .giveUp: throw timedOut(id, after: elapsed, status: current.status, trouble, command)
      case .wait(let pause):
        if let trouble {
          progress(.troubled(trouble, nextIn: pause))
        } else {
          progress(.pending(current.status, share: current.progress))
        }
        do { try await Task.sleep(for: pause, clock: .continuous) } catch { throw stopped(id, command) }
      }
      do {
        // A question that is never answered must not outlive the deadline; asked at it, it still gets a fair chance.
        let left = Duration.seconds(policy.timeout) - (ContinuousClock.now - start)
        current = try await self.generation(id: id, within: max(left, Self.shortestQuestion))
        current.id = id
        trouble = nil
        event = .answered(current.status)
      } catch {
        if error.code == .cancelled { throw stopped(id, command) }
        guard error.isPassing || [.rateLimited, .serverTrouble, .unreachable].contains(error.code) else { throw error }
        trouble = error
        event = .troubled(retryAfter: error.retryAfter)
      }
    }
  }

  private func finished(_ generation: Contract.Generation, id: String) throws(ServiceError) -> Contract.Generation {
    guard generation.status == .completed else {
      let words = [generation.error?.name, generation.error?.message].compactMap(\.self).filter { !$0.isEmpty }
      let said = words.isEmpty ? "without saying why" : words.joined(separator: ": ")
      throw ServiceError(
        .generationFailed,
        "the service could not make the cover: \(said); failed generations are not charged: change the prompt, the lyrics or "
          + "the audio and try again", generationID: id)
    }
    guard let url = generation.audioFile?.url, !url.isEmpty else {
      throw ServiceError(
        .badAnswer,
        "the service says '\(printable(id, limit: 200))' is completed and gives no URL; resume the job later",
        generationID: id)
    }
    return generation
  }

  private func timedOut(
    _ id: String, after elapsed: Duration, status: Contract.Status, _ trouble: ServiceError?, _ command: String
  ) -> ServiceError {
    let last = trouble.map { "last: \($0.message)" } ?? "its status was '\(printable(status.word, limit: 40))'"
    return ServiceError(
      .timedOut,
      "generation '\(printable(id, limit: 200))' was not done after \(Int(elapsed.inSeconds.rounded())) s (\(last)); it goes on at the "
        + "service and is paid for: don't send it again, go on with '\(command)'",
      status: trouble?.status, retryAfter: trouble?.retryAfter, generationID: id)
  }

  private func stopped(_ id: String, _ command: String) -> ServiceError {
    ServiceError(
      .cancelled,
      "stopped waiting; generation '\(printable(id, limit: 200))' goes on at the service: go on with '\(command)'",
      generationID: id)
  }
}
