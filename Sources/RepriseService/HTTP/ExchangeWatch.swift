import RepriseSystem

/// The time limits of one exchange: a stalled upload, a missing or trickling response, a stalled download.
struct ExchangeWatch {
  /// Seconds for which a cancelled submission's response is awaited.
  private static let settling = 5.0

  private let timeouts: ServiceDescription.Timeouts
  private let total: Int
  private let within: Double?
  private let waiting: Waiting
  private let start: Duration
  private var stall: StallWatch
  private var answerFrom: Double?
  private var settlingFrom: Double?
  private var downloading = false
  private var reportedAt = -1.0
  /// Message about the limit that was exceeded.
  private(set) var message = "stopped"

  init(_ request: HTTPRequest) {
    timeouts = request.timeouts
    total = request.body?.byteCount ?? 0
    within = request.within
    waiting = request.waiting
    start = request.waiting.now
    stall = StallWatch(window: request.timeouts.stall + request.timeouts.connect, now: 0, moved: 0)
  }

  private var now: Double { (waiting.now - start).inSeconds }

  /// `true` if progress is due to be reported, at most ten times a second.
  mutating func mayReport() -> Bool {
    let now = now
    guard now - reportedAt >= 0.1 else { return false }
    reportedAt = now
    return true
  }

  /// `true` if a cancelled exchange may continue for a moment, since the whole body was sent.
  ///
  /// Only the response can show if the submission was accepted. The time runs from the first call.
  mutating func maySettle(_ exchange: Exchange) -> Bool {
    guard total > 0, exchange.bodySent >= total else { return false }
    let from = settlingFrom ?? now
    settlingFrom = from
    return now - from < Self.settling
  }

  /// `true` if the exchange has exceeded one of its limits.
  mutating func isTooSlow(_ exchange: Exchange) -> Bool {
    let now = now
    if let within, now > within {
      message = "no whole answer came within \(Int(within.rounded())) s"
      return true
    }
    if exchange.bodySent < total, exchange.status == 0 {
      guard stall.hasStalled(now: now, moved: exchange.bodySent) else { return false }
      message = "the upload stalled at \(exchange.bodySent) of \(total) bytes"
      return true
    }
    if exchange.goesToFile {
      if !downloading {
        downloading = true
        stall = StallWatch(window: timeouts.stall, now: now, moved: exchange.received)
      }
      guard stall.hasStalled(now: now, moved: exchange.received) else { return false }
      message = "the download stalled at \(exchange.received) bytes"
      return true
    }
    let from = answerFrom ?? now
    answerFrom = from
    // Connecting has its own limit, which libcurl enforces.
    let limit = timeouts.answer + (total == 0 ? timeouts.connect : 0)
    guard now - from > limit else { return false }
    message = "no whole answer came within \(Int(limit.rounded())) s"
    return true
  }
}
