internal import RepriseService
package import Foundation

/// The state machine of a job: an event comes in, the job changes, the next action comes out.
///
/// The state machine is pure; the runner does all I/O. The following invariants hold for every state and event, and are
/// tested for all of them. A known id is never lost or changed, except for the program's own service that ended with
/// its command. A request is sent from `prepared`, or again only if no earlier request can have been taken (never
/// sealed, refused, certainly not in the log) or the user says so. A verified job stays verified while its file exists.
/// An event that makes no sense in a state changes nothing.
extension Job {
  /// Validity period of a result's URL, in seconds; from the service's documentation.
  package static let resultLifetime = 86_400.0

  /// Processes an event.
  ///
  /// - Parameters:
  ///   - event: The event.
  ///   - now: The current time.
  /// - Returns: The next action, to be taken after the changed job has been saved.
  package mutating func take(_ event: JobEvent, at now: Date = Date()) -> JobAct {
    switch event {
    case .takenUp: takeUp(at: now)
    case .serviceEnded: takeServiceEnd()
    case .sealed, .accepted, .notNow, .refused, .stopped, .givenUp, .unanswered: takeSubmission(event, at: now)
    case .listed, .surelyNotListed, .notListed, .deniedByPerson: takeReconciliation(event, at: now)
    case .waiting, .completed, .generationFailed, .interrupted, .cannotBeAsked: takeWaiting(event, at: now)
    case .resultGone, .fetched, .outputMissing, .checked: takeResult(event)
    }
  }

  private mutating func takeUp(at now: Date) -> JobAct {
    switch state {
    case .prepared: return beginSubmission()
    // The process that held the job has ended. A request without its last bytes is incomplete and may be sent.
    case .submitting where sealed == nil: return beginSubmission()
    case .submitting:
      state = .ambiguous
      message = "the process that sent it ended before the service had answered"
      return .askLog
    case .ambiguous: return .askLog
    case .submitted: return .beginWaiting
    case .generating: return .wait
    case .completed:
      guard isInline || resultURL != nil, isInline || !isResultOld(at: now) else {
        state = .generating
        return .wait
      }
      return .fetch
    // A cover that failed its check may be complete at its URL: a connection that closes early is not the end of a
    // file.
    case .verified where verdict == "fail" && resultURL != nil && !isResultOld(at: now):
      state = .completed
      verdict = nil
      return .fetch
    case .downloaded, .verified: return .check
    // A generation with an id can be polled again: a key, a gateway or a replica may have been at fault.
    case .failed where id != nil && !isInline, .expired where id != nil && !isInline:
      state = .generating
      return .wait
    case .failed, .cancelled, .expired, .unknown: return .rest
    }
  }

  /// Resets the job: the results of the program's own service ended with it, and were free, so that all of them can be
  /// made again.
  private mutating func takeServiceEnd() -> JobAct {
    guard service == ServiceDescription.localName, state.isOpen, state != .downloaded else { return .rest }
    state = .prepared
    id = nil
    sealed = nil
    resultURL = nil
    completedAt = nil
    return .sendLater
  }

  private mutating func beginSubmission() -> JobAct {
    state = .submitting
    sealed = nil
    attempts += 1
    message = nil
    return .send
  }

  /// Returns `true` if the service may still have the result of a job whose URL failed.
  func isWorthAsking(at now: Date) -> Bool { id != nil && !isInline && !isResultOld(at: now) }

  private func isResultOld(at now: Date) -> Bool {
    completedAt.map { now.timeIntervalSince($0) >= Self.resultLifetime } ?? false
  }

  private mutating func takeSubmission(_ event: JobEvent, at now: Date) -> JobAct {
    if case .accepted(let acceptance) = event { return accept(acceptance, at: now) }
    guard state == .submitting || state == .prepared else { return .rest }
    switch event {
    case .stopped(let reason) where sealed == nil:
      state = .prepared
      message = reason
      return .rest
    case .givenUp(let reason) where sealed == nil:
      state = .cancelled
      message = reason
      return .rest
    default: break
    }
    guard state == .submitting else { return .rest }
    switch event {
    case .sealed:
      sealed = now
      return .goOn
    case .notNow(let reason):
      state = .prepared
      sealed = nil
      message = reason
      return .sendLater
    case .refused(let reason):
      state = .failed
      sealed = nil
      message = reason
    // The whole request may have been sent by then.
    case .stopped(let reason), .givenUp(let reason), .unanswered(let reason):
      state = .ambiguous
      sealed = sealed ?? now
      message = reason
      return .askLog
    default: break
    }
    return .rest
  }

  /// Processes an acceptance in every state without an id: the accepted generation is the one that was paid for.
  private mutating func accept(_ acceptance: JobEvent.Acceptance, at now: Date) -> JobAct {
    guard id == nil, !isFinished else { return .rest }
    id = acceptance.id
    pay(acceptance.credits, acceptance.usd)
    message = acceptance.message
    if acceptance.status == .error {
      state = .failed
      return .rest
    }
    guard acceptance.isInline || acceptance.url != nil else {
      state = .submitted
      return .beginWaiting
    }
    state = .completed
    isInline = acceptance.isInline
    resultURL = acceptance.url
    completedAt = now
    return .fetch
  }

  private var isFinished: Bool { state == .verified || state == .downloaded }

  private mutating func takeReconciliation(_ event: JobEvent, at now: Date) -> JobAct {
    guard state == .ambiguous else { return .rest }
    switch event {
    case .listed(let listing):
      pay(listing.credits, listing.usd)
      if listing.hasFailed {
        state = .failed
        message = "the service's log says that it failed; failed requests are not charged"
        return .rest
      }
      guard let found = id ?? listing.id else {
        message = "the service's log says that it was accepted, and not under which id"
        return .rest
      }
      id = found
      state = .submitted
      message = nil
      return .beginWaiting
    case .surelyNotListed where id == nil, .deniedByPerson where id == nil: return beginSubmission()
    case .notListed(let reason):
      message = reason
      return .askPerson
    default: return .rest
    }
  }

  private mutating func takeWaiting(_ event: JobEvent, at now: Date) -> JobAct {
    switch (event, state) {
    case (.waiting, .submitted):
      state = .generating
      return .wait
    // In `completed` the service was asked again, since the URL that it reported before gave nothing.
    case (.completed(let url, let credits, let usd), .submitted),
      (.completed(let url, let credits, let usd), .generating),
      (.completed(let url, let credits, let usd), .completed) where !isInline:
      state = .completed
      if resultURL != url || completedAt == nil { completedAt = now }
      resultURL = url
      pay(credits, usd)
      message = nil
      return .fetch
    case (.generationFailed(let reason, let credits, let usd), .submitted),
      (.generationFailed(let reason, let credits, let usd), .generating):
      state = .failed
      message = reason
      pay(credits, usd)
      return .rest
    case (.cannotBeAsked(let reason), .generating):
      state = .expired
      message = reason
      return .rest
    case (.interrupted(let reason), let state) where state.isOpen && state != .submitting:
      message = reason
      return .rest
    default: return .rest
    }
  }

  private mutating func takeResult(_ event: JobEvent) -> JobAct {
    switch (event, state) {
    case (.resultGone(let reason, let canAskAgain), .completed):
      // The URL stays until there is another: the user may need it.
      state = .expired
      message = reason
      guard canAskAgain, id != nil, !isInline else { return .rest }
      state = .generating
      return .wait
    case (.fetched(let count, let hash), .completed):
      state = .downloaded
      bytes = count
      resultHash = hash
      message = nil
      return .check
    case (.outputMissing, .downloaded), (.outputMissing, .verified):
      guard id != nil, !isInline, service != ServiceDescription.localName else {
        state = .expired
        message = "the cover is gone from \(output), and the service can't be asked for it"
        return .rest
      }
      state = .generating
      verdict = nil
      return .wait
    case (.checked(let verdict), .downloaded), (.checked(let verdict), .verified):
      state = .verified
      self.verdict = verdict
      // Only a cover that failed is fetched again.
      if verdict != "fail" { resultURL = nil }
      message = nil
      return .rest
    default: return .rest
    }
  }
}
