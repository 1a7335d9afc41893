package import Foundation

/// An entry of a service's log about one submission.
package struct LogEntry: Sendable, Equatable {
  /// Status of the submission by the log's word.
  ///
  /// `succeeded` counts as completed, `failed` as error, `running` as generating, and an unknown word as pending.
  package var status: Contract.Status
  /// Id of the generation, as reported by `x-inference-id`; `nil` if the log has none.
  package var inferenceID: String?
  /// Name that the service gave to the request.
  package var requestID: String?
  /// Cost in US dollars, if the log reports it.
  package var usd: Double?
  /// Cost in the service's own unit, if the log reports it.
  package var credits: Double?
  /// Date at which the service accepted the submission, by its own clock.
  package var created: Date?
}

/// The finding of a search of a service's log for a submission.
package enum LogAnswer: Sendable, Equatable {
  /// The log has an entry.
  case found(LogEntry)
  /// The log has no entry, as far back as necessary; one just sent, or still being made, may appear later.
  case absent
  /// The log has no entry, but it is unknown how far back it was read.
  ///
  /// The service does not report its clock, or that is more than ten minutes off this machine's.
  case notSeen
  /// The service has no log.
  case noLog
}

/// A page of a service's log, read leniently: only the valid parts of an entry are taken.
struct LogPage {
  /// An entry with its client request id; `nil` if the client supplied none, which matches nothing.
  struct Line {
    var client: String?
    var entry: LogEntry
  }

  private(set) var lines: [Line] = []
  /// Number of entries on the page, readable or not.
  let count: Int
  /// `true` if there is another page; `nil` if the service does not report it.
  private(set) var hasMore: Bool?

  /// Parses a page; fails if the body is none.
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

  /// `true` if the page goes from newer to older and all of its entries are older than `date`.
  ///
  /// An entry without a date makes the result false.
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

  /// Parses ISO 8601 with or without a fraction, or seconds or milliseconds since 1970.
  private static func date(_ value: Any?) -> Date? {
    if let text = value as? String {
      let styles = [false, true].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
      return styles.lazy.compactMap { try? $0.parse(text) }.first
    }
    guard let number = JSONFields.amount(value) else { return nil }
    return Date(timeIntervalSince1970: number > 100_000_000_000 ? number / 1000 : number)
  }
}
