import Foundation

/// A time for people: seconds with at most three decimals, trailing zeros dropped: "6 s", "40.05 s".
package func describe(seconds: Double) -> String {
  var text = String(format: "%.3f", seconds)
  while text.hasSuffix("0") { text.removeLast() }
  if text.hasSuffix(".") { text.removeLast() }
  return text + " s"
}

/// Bytes for people, in powers of 1000: "62.8 MB", "14.2 kB", "9999 bytes".
package func describe(bytes: Int) -> String {
  if bytes >= 1_000_000 { return String(format: "%.1f MB", Double(bytes) / 1_000_000) }
  if bytes >= 10_000 { return String(format: "%.1f kB", Double(bytes) / 1000) }
  return "\(bytes) bytes"
}
