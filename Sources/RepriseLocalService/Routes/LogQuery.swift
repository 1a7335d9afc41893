internal import Foundation

/// The query of a request for the log: a time span, a model, a page.
///
/// A log query is a pure value.
struct LogQuery {
  /// Earliest time of acceptance.
  private(set) var start = Date.distantPast
  /// Latest time of acceptance.
  private(set) var end = Date.distantFuture
  private(set) var model: String?
  /// Maximum number of entries.
  private(set) var limit = 100
  /// Number of newest entries to skip.
  private(set) var offset = 0

  private static let limits = 1...1000
  private static let usualPeriod = 24.0 * 3600

  /// Parses the values of a query.
  ///
  /// - Throws: `HTTPError` 400 that names every invalid value.
  init(_ query: [String: String], now: Date) throws(HTTPError) {
    var problems: [String] = []
    func number(_ name: String, _ range: ClosedRange<Int>, _ requirement: String) -> Int? {
      guard let text = query[name] else { return nil }
      let isPlain = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      if isPlain, let number = Int(text), range.contains(number) { return number }
      problems.append("\(name) must be \(requirement)")
      return nil
    }
    func date(_ name: String) -> Date? {
      guard let text = query[name] else { return nil }
      if let date = DateTime.parse(text) { return date }
      problems.append("\(name) must be a date and time as in RFC 3339, such as 2026-11-24T10:00:00Z")
      return nil
    }
    limit = number("limit", Self.limits, "a whole number from 1 to 1000") ?? limit
    offset = number("offset", 0...Int.max, "a whole number from 0") ?? offset
    model = query["model"]
    let bounds = (date("start"), date("end"))
    if let period = query["period"] {
      if query["start"] != nil || query["end"] != nil { problems.append("give period, or start and end") }
      if let seconds = Self.seconds(period) {
        start = now.addingTimeInterval(-seconds)
      } else {
        problems.append("period must be a number of minutes, hours or days up to 366d, such as 30m, 24h or 7d")
      }
    } else if query["start"] == nil, query["end"] == nil {
      start = now.addingTimeInterval(-Self.usualPeriod)
    } else {
      start = bounds.0 ?? start
      end = bounds.1 ?? end
      if start > end { problems.append("start must not be after end") }
    }
    guard problems.isEmpty else { throw HTTPError(400, problems.joined(separator: "; ")) }
  }

  /// Returns the page of `records`, which are ordered newest first, and the total number of matching records.
  func page(of records: [GenerationRecord]) -> (page: ArraySlice<GenerationRecord>, total: Int) {
    let wanted = records.filter { record in
      (start...end).contains(record.created) && (model.map { $0 == record.submission.model } ?? true)
    }
    return (wanted.dropFirst(offset).prefix(limit), wanted.count)
  }

  private static func seconds(_ period: String) -> Double? {
    let units = ["m": 60.0, "h": 3600, "d": 86_400]
    let digits = period.dropLast()
    guard let unit = units[String(period.suffix(1))], (1...6).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(digits),
      number > 0, Double(number) * unit <= 366 * 86_400
    else { return nil }
    return Double(number) * unit
  }
}

/// A date and time of day with its time zone (RFC 3339, section 5.6).
///
/// Foundation's parser accepts more than that.
enum DateTime {
  static func parse(_ text: String) -> Date? {
    let form = /(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)/.asciiOnlyDigits()
    guard let parts = text.wholeMatch(of: form)?.output, let hour = Int(parts.4), let minute = Int(parts.5),
      let second = Int(parts.6), hour < 24, minute < 60, second <= 60
    else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let day = DateComponents(year: Int(parts.1), month: Int(parts.2), day: Int(parts.3))
    guard let date = calendar.date(from: day),
      calendar.dateComponents([.year, .month, .day], from: date) == day
    else { return nil }
    var offset = 0
    if parts.8.count == 6 {
      guard let hours = Int(parts.8.dropFirst().prefix(2)), let minutes = Int(parts.8.suffix(2)), hours < 24,
        minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * (parts.8.hasPrefix("-") ? -60 : 60)
    }
    let fraction = parts.7.flatMap { Double("0" + $0) } ?? 0
    return date.addingTimeInterval(Double(hour * 3600 + minute * 60 + second - offset) + fraction)
  }
}
