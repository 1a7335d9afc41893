public import Foundation

/// What a service's log says of one submission.
public struct LogEntry: Sendable, Equatable {
  /// How it went, by the log's word: `succeeded` counts as completed, `failed` as error, `running` as generating, and a
  /// word that is not known as pending.
  public var status: Contract.Status
  /// The generation's id, as `x-inference-id` told it; `nil` if the log has none.
  public var inferenceID: String?
  /// The service's own name for the request.
  public var requestID: String?
  /// What it cost in US dollars, where the log says so.
  public var usd: Double?
  /// What it cost in the service's own unit, where the log says so.
  public var credits: Double?
  /// When the service took it, by its own clock.
  public var created: Date?
}

/// What came of asking a service's log for a submission.
public enum LogAnswer: Sendable, Equatable {
  /// It is there.
  case found(LogEntry)
  /// It is not there, as far back as it could be. What has just been sent, or is still being made, may come later.
  case absent
  /// It is not there, and the service's clock is not told or more than ten minutes off ours, so that nobody knows how
  /// far back the log was read.
  case notSeen
  /// The service has no log.
  case noLog
}

/// One page of a service's log. Forgiving: of an entry only what makes sense is taken.
struct LogPage {
  /// An entry and whose it is; `nil` where the client supplied no id, which matches nothing.
  struct Line {
    var client: String?
    var entry: LogEntry
  }

  private(set) var lines: [Line] = []
  /// How many entries the page has, readable or not.
  let count: Int
  /// Whether there is another page; `nil` where the service doesn't say.
  private(set) var hasMore: Bool?

  /// Reads a page; `nil` if the body is none.
  init?(_ body: [UInt8]) {
    guard let fields = JSONFields.object(body), let data = fields["data"] as? [Any]
    else { return nil }
    count = data.count
    lines = data.compactMap { ($0 as? [String: Any]).map(Self.line) }
    if let pagination = fields["pagination"] as? [String: Any] {
      hasMore = pagination["has_more"] as? Bool
      if hasMore == nil, let total = JSONFields.integer(pagination["total"]),
        let offset = JSONFields.integer(pagination["offset"]), offset >= 0, total >= 0
      {
        hasMore = total - offset > count
      }
    }
  }

  /// Whether the page goes from newer to older and all of it is older than `date`. An entry without a date says no.
  func isBefore(_ date: Date) -> Bool {
    let dates = lines.map { $0.entry.created }
    guard lines.count == count, !dates.isEmpty, dates.allSatisfy({ $0.map { $0 < date } ?? false }) else {
      return false
    }
    return zip(dates, dates.dropFirst()).allSatisfy { ($0 ?? .distantPast) >= ($1 ?? .distantFuture) }
  }

  private static func line(_ fields: [String: Any]) -> Line {
    let cost = fields["cost"] as? [String: Any]
    let entry = LogEntry(
      status: status(fields["status"] as? String ?? ""), inferenceID: JSONFields.id(fields["inference_id"]),
      requestID: JSONFields.id(fields["request_id"]), usd: JSONFields.number(cost?["usd"]),
      credits: JSONFields.amount(cost?["credits"]), created: date(fields["created"]))
    return Line(client: fields["client_request_id"] as? String, entry: entry)
  }

  private static func status(_ word: String) -> Contract.Status {
    switch word.lowercased() {
    case "succeeded", "success": .completed
    case "running", "pending", "processing": .generating
    default: Contract.Status(word: word)
    }
  }

  /// ISO 8601 with or without a fraction, or seconds or milliseconds since 1970.
  private static func date(_ value: Any?) -> Date? {
    if let text = value as? String {
      let styles = [false, true].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
      return styles.lazy.compactMap { try? $0.parse(text) }.first
    }
    guard let number = JSONFields.amount(value) else { return nil }
    return Date(timeIntervalSince1970: number > 100_000_000_000 ? number / 1000 : number)
  }
}
