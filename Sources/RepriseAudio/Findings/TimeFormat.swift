import RepriseSystem

/// A time for people: seconds with at most three decimals, trailing zeros dropped: "6 s", "40.05 s".
package func describe(seconds: Double) -> String {
  var text = fixed(seconds, decimals: 3)
  while text.hasSuffix("0") { text.removeLast() }
  if text.hasSuffix(".") { text.removeLast() }
  return text + " s"
}

/// Bytes for people, in powers of 1000: "62.8 MB", "14.2 kB", "9999 bytes".
package func describe(bytes: Int) -> String {
  if bytes >= 1_000_000 { return fixed(Double(bytes) / 1_000_000, decimals: 1) + " MB" }
  if bytes >= 10_000 { return fixed(Double(bytes) / 1000, decimals: 1) + " kB" }
  return counted(bytes, "byte")
}

/// A number with so many decimals, 1 to 6, as C's `%.3f` has it but for ties, which go away from zero.
///
/// Foundation's formatting sets up locales and ICU first, which takes as long as walking a song's frames.
package func fixed(_ number: Double, decimals: Int) -> String {
  let scale = [1.0, 10, 100, 1000, 10_000, 100_000, 1_000_000][min(max(decimals, 1), 6)]
  let scaled = (abs(number) * scale).rounded()
  guard scaled < 1e15 else { return "\(number)" }
  let (whole, rest) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
  let sign = number < 0 && scaled > 0 ? "-" : ""
  return "\(sign)\(whole).\(String(rest + Int(scale)).dropFirst())"
}
