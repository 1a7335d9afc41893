internal import CCurl
import Foundation

/// The `Retry-After` field (RFC 9110, section 10.2.3): seconds, or a date.
enum RetryAfter {
  /// Maximum delay in seconds: one day.
  static let longest = 86_400.0

  /// Returns the delay that a field asks for.
  ///
  /// - Parameters:
  ///   - value: The field's value.
  ///   - date: The response's own `Date`, so that the two clocks need not agree.
  ///   - now: Seconds since 1970, for responses without a date.
  /// - Returns: 0 s to a day; `nil` if the value is neither seconds nor a date.
  static func duration(_ value: String, date: String? = nil, now: Double = Date().timeIntervalSince1970) -> Duration? {
    let text = value.trimmingCharacters(in: .whitespaces)
    let seconds: Double
    if !text.isEmpty, text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) {
      seconds = Double(text) ?? longest
    } else if let until = time(text) {
      seconds = until - (date.flatMap(time) ?? now)
    } else {
      return nil
    }
    return .seconds(min(max(seconds, 0), longest))
  }

  /// Returns an HTTP date in seconds since 1970; libcurl knows all three forms that RFC 9110 requires.
  static func time(_ text: String) -> Double? {
    let time = unsafe curl_getdate(text, nil)
    return time < 0 ? nil : Double(time)
  }
}
