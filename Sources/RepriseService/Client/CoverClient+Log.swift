import RepriseSystem

public import Foundation

extension CoverClient {
  /// Looks for a submission in the service's log, by the id it was sent with.
  ///
  /// Asking costs nothing. Of several entries with the id (a refusal, then the one that was taken) one that did not fail
  /// counts. The log is read from its newest entry back to a little before the submission.
  ///
  /// - Parameters:
  ///   - requestID: what the submission was sent with.
  ///   - submission: no later than its last bytes left, by this machine's clock.
  /// - Returns: what the log says. `absent` proves nothing of a submission that was just sent.
  /// - Throws: `ServiceError`: a refusal's code; `rateLimited`, `serverTrouble`, `unreachable` if that lasts; `badAnswer`
  ///   if what came is no log, or it is too long to be read to its end; `cancelled`.
  public func logEntry(
    for requestID: ClientRequestID, submittedAfter submission: Date
  ) async throws(ServiceError) -> LogAnswer {
    guard let path = service.paths.logs else { return .noLog }
    let period = Self.period(since: submission, now: Date())
    let end = waiting.now + logTimeout
    var failed: LogEntry?
    var offset = 0
    for number in 0..<Self.mostPages {
      if number > 0 { try await pause(min(service.polling.firstInterval / 5, Self.betweenPages)) }
      // Of every model: the one that was asked for may have another name by now.
      let query = "?\(period)&limit=\(Self.pageLength)&offset=\(offset)"
      let address = try WebAddress(adapter.address.text + path + query, what: "the service")
      guard let answer = try await logAnswer(address, until: end) else { return .noLog }
      guard (200...299).contains(answer.status), let page = LogPage(answer.body) else {
        throw AnswerMeaning(service: service, key: key, asked: .log).error(for: answer)
      }
      for line in page.lines where line.client == requestID.text {
        if line.entry.status != .error { return .found(line.entry) }
        failed = failed ?? line.entry
      }
      let isEnd = !(page.hasMore ?? (page.count > 0))
      if isEnd || page.isBefore(Self.earliest(submission, answer.headers)) {
        return failed.map(LogAnswer.found) ?? (Self.hasOurClock(answer.headers) ? .absent : .notSeen)
      }
      guard page.count > 0 else {
        throw ServiceError(.badAnswer, .log(.emptyPage(place: place)))
      }
      offset += page.count
    }
    // An older page may hold the one that was taken, so a failed one found on the way says nothing.
    throw ServiceError(
      .badAnswer, .log(.tooLong(place: place, entries: offset, requestID: requestID.text)))
  }

  private static let pageLength = 100
  private static let mostPages = 50
  /// The service takes 200 questions a minute.
  private static let betweenPages = 0.3
  /// How much earlier than the submission an entry may be dated, in seconds.
  private static let margin = 600.0

  /// The part of the log that is asked for. Beyond a day it is named by its bounds.
  static func period(since submission: Date, now: Date) -> String {
    guard now.timeIntervalSince(submission) > 23 * 3600 else { return "period=24h" }
    let style = Date.ISO8601FormatStyle()
    func bound(_ date: Date) -> String { PercentEncoding.of(style.format(date)) }
    // The two clocks need not agree.
    return "start=\(bound(submission.addingTimeInterval(-3600)))&end=\(bound(now.addingTimeInterval(3600)))"
  }

  /// Whether the service's clock is told and shows about what ours does.
  private static func hasOurClock(_ headers: HTTPHeaders) -> Bool {
    guard let theirs = headers["date"].flatMap(RetryAfter.time) else { return false }
    return abs(theirs - Date().timeIntervalSince1970) < margin
  }

  /// The earliest date the log may have for a submission, by the service's clock, which its answer tells.
  private static func earliest(_ submission: Date, _ headers: HTTPHeaders) -> Date {
    guard let theirs = headers["date"].flatMap(RetryAfter.time) else { return .distantPast }
    let ahead = theirs - Date().timeIntervalSince1970
    return submission.addingTimeInterval(ahead - margin)
  }

  /// A page's answer, asked for again while the service is in trouble; nil if it has no log.
  private func logAnswer(
    _ address: WebAddress, until end: Duration
  ) async throws(ServiceError) -> HTTPAnswer? {
    var attempt = 1
    while true {
      let left = (end - waiting.now).inSeconds
      guard left > 0 else {
        throw ServiceError(
          .unreachable, .log(.tooSlow(place: place, seconds: Int(logTimeout.inSeconds))))
      }
      let asked = HTTPRequest(address: address, headers: headers(), timeouts: service.timeouts, within: left)
      let error: ServiceError
      switch await exchange(asked) {
      case .success(let answer):
        let isPage = AnswerWords(answer.body).isPage
        if answer.status == 405 || answer.status == 501 || (answer.status == 404 && !isPage) { return nil }
        if (200...299).contains(answer.status) { return answer }
        error = AnswerMeaning(service: service, key: key, asked: .log).error(for: answer)
      case .failure(let failure): error = FailureMeaning(place: "the log of \(place)").error(for: failure)
      }
      guard attempt < 3, [.rateLimited, .serverTrouble, .unreachable].contains(error.code) else { throw error }
      let asksFor = error.retryAfter?.inSeconds ?? 0
      guard asksFor <= 60, asksFor < left else { throw error }
      try await pause(max(asksFor, min(service.polling.firstInterval / 5, 1) * Double(1 << attempt)))
      attempt += 1
    }
  }

  private func pause(_ seconds: Double) async throws(ServiceError) {
    let sane = seconds.isFinite ? min(max(seconds, 0), 60) : 0
    do { try await waiting.sleep(for: .seconds(sane)) } catch {
      throw ServiceError(.cancelled, .detail("stopped before the log was read"))
    }
  }
}
