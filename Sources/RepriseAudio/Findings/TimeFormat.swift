import Foundation
import RepriseSystem

/// Returns a time as text: seconds with at most three decimals, without trailing zeros, such as "6 s" or "40.05 s".
package func describe(seconds: Double) -> String {
  var text = fixed(seconds, decimals: 3)
  while text.hasSuffix("0") { text.removeLast() }
  if text.hasSuffix(".") { text.removeLast() }
  return text + " s"
}

/// Returns a size as text, in powers of 1000, such as "1.05 GB", "62.8 MB", "14.2 kB" or "9999 bytes".
package func describe(bytes: Int) -> String {
  if bytes >= 1_000_000_000 { return fixed(Double(bytes) / 1_000_000_000, decimals: 2) + " GB" }
  if bytes >= 1_000_000 { return fixed(Double(bytes) / 1_000_000, decimals: 1) + " MB" }
  if bytes >= 10_000 { return fixed(Double(bytes) / 1000, decimals: 1) + " kB" }
  return counted(bytes, "byte")
}

/// Returns a number with 1 to 6 decimals, formatted as by C's `%.3f` except for ties, which round away from zero.
///
/// Foundation's formatting first initialises locales and ICU, which takes as long as walking the frames of a song.
package func fixed(_ number: Double, decimals: Int) -> String {
  let scale = [1.0, 10, 100, 1000, 10_000, 100_000, 1_000_000][min(max(decimals, 1), 6)]
  let scaled = (abs(number) * scale).rounded()
  guard scaled < 1e15 else { return "\(number)" }
  let (whole, rest) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
  let sign = number < 0 && scaled > 0 ? "-" : ""
  return "\(sign)\(whole).\(String(rest + Int(scale)).dropFirst())"
}

/// Returns the level of a magnitude, with its sign, such as "+10.1 dBFS" or "-3.0 dBFS"; full scale is 1.
package func describe(level magnitude: Double) -> String {
  let level = 20 * log10(magnitude)
  return (level < 0 ? "" : "+") + fixed(level, decimals: 1) + " dBFS"
}
