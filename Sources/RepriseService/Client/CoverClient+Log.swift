import RepriseSystem

package import Foundation

extension CoverClient {
  /// Looks for a submission in the service's log by its client request id.
  ///
  /// The query is free of charge. Of several entries with the id (a refusal, then the accepted one) one that did not
  /// fail counts. The log is read from its newest entry back to a little before the submission.
  ///
  /// - Parameters:
  ///   - requestID: The id with which the submission was sent.
  ///   - submission: A date no later than that of the submission's last bytes, by this machine's clock.
  /// - Returns: The finding. `absent` proves nothing about a submission that was just sent.
  /// - Throws: `ServiceError`: a refusal's code; `rateLimited`, `serverTrouble`, `unreachable` if that lasts;
  ///   `badAnswer` if the response is no log, or the log is too long to be read to its end; `cancelled`.
  package func logEntry(
    for requestID: ClientRequestID, submittedAfter submission: Date
  ) async throws(ServiceError) -> LogAnswer {
    guard let path = service.paths.logs else { return .noLog }
    let period = Self.period(since: submission, now: Date())
    let end = waiting.now + logTimeout
    var failed: LogEntry?
    var offset = 0
    for number in 0..<Self.mostPages {
      if number > 0 { try await pause(min(service.polling.firstInterval / 5, Self.betweenPages)) }
      // Entries of every model, since the requested one may have another name by now.
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
        throw ServiceError(.badAnswer, .log(.emptyPage(peer: peer)))
      }
      offset += page.count
    }
    // An older page may hold the accepted one, so a failed one found on the way proves nothing.
    throw ServiceError(
      .badAnswer, .log(.tooLong(peer: peer, entries: offset, requestID: requestID.text)))
  }

  private static let pageLength = 100
  private static let mostPages = 50
  /// Pause between pages in seconds; the service allows 200 queries a minute.
  private static let betweenPages = 0.3
  /// Seconds before the submission that the date of an entry may lie.
  private static let margin = 600.0

  /// Returns the query that selects the period of the log to read.
  ///
  /// A period longer than a day is given by its bounds.
  static func period(since submission: Date, now: Date) -> String {
    guard now.timeIntervalSince(submission) > 23 * 3600 else { return "period=24h" }
    let style = Date.ISO8601FormatStyle()
    func bound(_ date: Date) -> String { PercentEncoding.of(style.format(date)) }
    // The two clocks need not agree.
    return "start=\(bound(submission.addingTimeInterval(-3600)))&end=\(bound(now.addingTimeInterval(3600)))"
  }

  /// `true` if the service reports its clock and that agrees roughly with this machine's.
  private static func hasOurClock(_ headers: HTTPHeaders) -> Bool {
    guard let theirs = headers["date"].flatMap(RetryAfter.time) else { return false }
    return abs(theirs - Date().timeIntervalSince1970) < margin
  }

  /// Returns the earliest date that the log may have for a submission, by the service's clock, as reported by its
  /// response.
  private static func earliest(_ submission: Date, _ headers: HTTPHeaders) -> Date {
    guard let theirs = headers["date"].flatMap(RetryAfter.time) else { return .distantPast }
    let ahead = theirs - Date().timeIntervalSince1970
    return submission.addingTimeInterval(ahead - margin)
  }

  /// Returns the response with a page, requested again while the service fails, or `nil` if the service has no log.
  private func logAnswer(
    _ address: WebAddress, until end: Duration
  ) async throws(ServiceError) -> HTTPAnswer? {
    var attempt = 1
    while true {
      let left = (end - waiting.now).inSeconds
      guard left > 0 else {
        throw ServiceError(
          .unreachable, .log(.tooSlow(peer: peer, seconds: Int(logTimeout.inSeconds))))
      }
      let asked = HTTPRequest(address: address, headers: headers(), timeouts: service.timeouts, within: left)
      let error: ServiceError
      switch await exchange(asked) {
      case .success(let answer):
        let isPage = AnswerText(answer.body).isPage
        if answer.status == 405 || answer.status == 501 || (answer.status == 404 && !isPage) { return nil }
        if (200...299).contains(answer.status) { return answer }
        error = AnswerMeaning(service: service, key: key, asked: .log).error(for: answer)
      case .failure(let failure): error = FailureMeaning(peer: "the log of \(peer)").error(for: failure)
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
