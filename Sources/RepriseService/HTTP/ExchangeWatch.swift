import RepriseSystem

/// The time limits of one exchange: a stalled upload, a response that doesn't come or drips, a stalled download.
struct ExchangeWatch {
  /// Seconds a submission's response is waited for once it was cancelled.
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
  /// Which limit was passed.
  private(set) var words = "stopped"

  init(_ request: HTTPRequest) {
    timeouts = request.timeouts
    total = request.body?.byteCount ?? 0
    within = request.within
    waiting = request.waiting
    start = request.waiting.now
    stall = StallWatch(window: request.timeouts.stall + request.timeouts.connect, now: 0, moved: 0)
  }

  private var now: Double { (waiting.now - start).inSeconds }

  /// Whether it is time to tell how far the transfer is: ten times a second is enough.
  mutating func mayReport() -> Bool {
    let now = now
    guard now - reportedAt >= 0.1 else { return false }
    reportedAt = now
    return true
  }

  /// Whether a cancelled exchange may go on for a moment: the whole body is out, so only the response can tell whether
  /// it was accepted. Counted from the first time this is asked.
  mutating func maySettle(_ exchange: Exchange) -> Bool {
    guard total > 0, exchange.bodySent >= total else { return false }
    let from = settlingFrom ?? now
    settlingFrom = from
    return now - from < Self.settling
  }

  /// Whether the exchange has passed one of its limits.
  mutating func isTooSlow(_ exchange: Exchange) -> Bool {
    let now = now
    if let within, now > within {
      words = "no whole answer came within \(Int(within.rounded())) s"
      return true
    }
    if exchange.bodySent < total, exchange.status == 0 {
      guard stall.hasStalled(now: now, moved: exchange.bodySent) else { return false }
      words = "the upload stalled at \(exchange.bodySent) of \(total) bytes"
      return true
    }
    if exchange.goesToFile {
      if !downloading {
        downloading = true
        stall = StallWatch(window: timeouts.stall, now: now, moved: exchange.received)
      }
      guard stall.hasStalled(now: now, moved: exchange.received) else { return false }
      words = "the download stalled at \(exchange.received) bytes"
      return true
    }
    let from = answerFrom ?? now
    answerFrom = from
    // A connection has its own limit, which libcurl keeps.
    let limit = timeouts.answer + (total == 0 ? timeouts.connect : 0)
    guard now - from > limit else { return false }
    words = "no whole answer came within \(Int(limit.rounded())) s"
    return true
  }
}
