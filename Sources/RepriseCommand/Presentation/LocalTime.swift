import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Moments for people: in the time of the place where they are, with its distance from UTC.
enum LocalTime {
  /// `2026-11-29 21:58 +0100`; at no distance `2026-11-29 20:58 UTC`.
  static func minute(_ date: Date) -> String { text(date, "%Y-%m-%d %H:%M") }

  /// `2026-11-29 21:58:03 +0100`.
  static func second(_ date: Date) -> String { text(date, "%Y-%m-%d %H:%M:%S") }

  /// Not by Foundation's formatters, whose first use takes longer than all else that a short command does.
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
