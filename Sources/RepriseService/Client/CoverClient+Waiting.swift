import RepriseSystem

extension CoverClient {
  /// Time limit of a status query sent at the deadline or shortly before.
  private static let shortestQuestion = Duration.seconds(10)

  /// Queries the status of a generation until it is completed.
  ///
  /// Unknown statuses count as pending; 429, 5xx and network errors back off. So does a response that is no generation
  /// (a web page, nothing, half a text, another generation) or that says that the generation is not known: only several
  /// in a row (`Polling.mostUnusable`) end the waiting. Every other refusal ends the waiting at once. An unknown status
  /// word beside a result's URL counts as completion once three responses in a row have reported the same, unless the
  /// word describes work under way (`…ing`).
  ///
  /// - Parameters:
  ///   - generation: The generation as the submission's response, or that to an earlier query, reported it.
  ///   - settings: The intervals and the time limit; the service's own unless given.
  ///   - age: The time since the service accepted the submission, in seconds.
  ///   - progress: Called before every pause.
  /// - Returns: The completed generation, its result's URL in `audioFile`.
  /// - Throws: `ServiceError` with the generation's id: `timedOut` after the deadline, `generationFailed`, `cancelled`,
  ///   a permanent refusal's code, or `badAnswer` if the generation is completed without a URL.
  package func waitForCompletion(
    of generation: Contract.Generation, settings: Polling.Settings? = nil, age: Double = 0,
    progress: @escaping @Sendable (CoverProgress) -> Void = { _ in }
  ) async throws(ServiceError) -> Contract.Generation {
    let id = generation.id
    let settings = settings ?? service.polling
    let start = waiting.now
    var policy = Polling(settings, age: age)
    var current = generation
    var failure: ServiceError?
    var remarks = Remarks()
    var settled = SettledResult()
    var event = Polling.Event.answered(generation.status)
    while true {
      let elapsed = waiting.now - start
      switch policy.next(event, elapsed: elapsed, jitter: .random(in: 0..<1)) {
      case .finish: return try finished(current, id: id)
      case .giveUp: throw timedOut(current, id, after: elapsed, of: policy.timeout, failure)
      case .abandon: throw abandoned(failure, id)
      case .wait(let pause):
        if let failure {
          progress(.retrying(failure, nextIn: pause))
        } else {
          progress(.pending(current.status, share: current.progress))
          if let said = remarks.new(of: current) { progress(said) }
        }
        do { try await waiting.sleep(for: pause) } catch { throw stopped(id) }
      }
      do {
        // A query without a response must not outlive the deadline; one sent at the deadline still gets a fair chance.
        let left = Duration.seconds(policy.timeout) - (waiting.now - start)
        current = try await self.generation(id: id, within: max(left, Self.shortestQuestion))
        current.id = id
        failure = nil
        if settled.take(current) { current.statusWord = Contract.Status.completed.word }
        event = .answered(current.status)
        if current.status == .completed, current.audioFile == nil {
          // The URL may come later than the status word.
          failure = withoutURL(current, id)
          event = .unrecognized(retryAfter: nil)
        }
      } catch {
        if error.code == .cancelled { throw stopped(id) }
        switch error.unusable {
        case .unrecognized: event = .unrecognized(retryAfter: error.retryAfter)
        case .notFound: event = .notFound(retryAfter: error.retryAfter)
        case nil:
          guard [.rateLimited, .serverTrouble, .unreachable].contains(error.code) else { throw error }
          event = .retrying(retryAfter: error.retryAfter)
        }
        failure = error
      }
    }
  }

  private func finished(_ generation: Contract.Generation, id: String) throws(ServiceError) -> Contract.Generation {
    guard generation.status == .completed else {
      var error = ServiceError(
        .generationFailed, .generation(.ended(generation.end)), generationID: id)
      if generation.error?.summary == nil { error.unrecognizedAnswer = generation.answer }
      throw error
    }
    guard let url = generation.audioFile?.url, !url.isEmpty else { throw withoutURL(generation, id) }
    return generation
  }

  private func withoutURL(_ generation: Contract.Generation, _ id: String) -> ServiceError {
    var error = ServiceError(
      .badAnswer, .generation(.noURL(id: printable(id, limit: 200))), generationID: id)
    error.unusable = .unrecognized
    error.unrecognizedAnswer = generation.answer
    return error
  }

  /// Returns the error for consecutive unusable responses.
  private func abandoned(_ last: ServiceError?, _ id: String) -> ServiceError {
    guard let last else {
      return ServiceError(.badAnswer, .detail("\(peer) gave no answer that could be used"), generationID: id)
    }
    return last.about(.generation(.abandoned(last)))
  }

  private func timedOut(
    _ generation: Contract.Generation, _ id: String, after elapsed: Duration, of limit: Double,
    _ failure: ServiceError?
  ) -> ServiceError {
    var timeOut = ServiceError.GenerationProblem.TimeOut(
      id: printable(id, limit: 200), seconds: Int(elapsed.inSeconds.rounded()),
      statusWord: printable(generation.statusWord, limit: 40), said: generation.error?.summary,
      isKnownStatus: StatusWord(generation.statusWord).meaning != .unknown, failure: failure, delay: nil,
      limit: Int(limit))
    if let delay = failure?.retryAfter?.inSeconds, elapsed.inSeconds + delay > limit {
      timeOut.delay = Int(delay.rounded(.up))
    }
    var error = ServiceError(
      .timedOut, .generation(.timedOut(timeOut)), status: failure?.status, retryAfter: failure?.retryAfter,
      generationID: id)
    error.unrecognizedAnswer = failure?.unrecognizedAnswer
    return error
  }

  private func stopped(_ id: String) -> ServiceError {
    ServiceError(.cancelled, .generation(.stopped(id: printable(id, limit: 200))), generationID: id)
  }
}
