import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Moments as text, in local time with the offset from UTC.
enum LocalTime {
  /// Returns text such as `2026-11-29 21:58 +0100`, or `2026-11-29 20:58 UTC` without an offset.
  static func minute(_ date: Date) -> String { text(date, "%Y-%m-%d %H:%M") }

  /// Returns text such as `2026-11-29 21:58:03 +0100`.
  static func second(_ date: Date) -> String { text(date, "%Y-%m-%d %H:%M:%S") }

  /// Formats a moment without Foundation's formatters, whose first use takes longer than all other work of a short
  /// command.
  private static func text(_ date: Date, _ form: String) -> String {
    var time = time_t(date.timeIntervalSince1970.rounded(.down))
    var parts = unsafe tm()
    guard unsafe localtime_r(&time, &parts) != nil else { return date.ISO8601Format() }
    let zone = unsafe parts.tm_gmtoff == 0 ? " UTC" : " %z"
    var bytes = [CChar](repeating: 0, count: 64)
    let count = unsafe strftime(&bytes, bytes.count, form + zone, &parts)
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
