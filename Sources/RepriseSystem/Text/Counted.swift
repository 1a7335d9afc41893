/// Returns a number and its noun, in the singular for 1: "1 file", "0 files", "2 files".
///
/// - Parameters:
///   - count: The number.
///   - noun: The singular.
///   - plural: The plural; `nil` if an "s" makes it.
///   - text: A closure that formats the number.
/// - Returns: The number and the noun, with a space between.
package func counted(
  _ count: Int, _ noun: String, _ plural: String? = nil, as text: (Int) -> String = { "\($0)" }
) -> String {
  "\(text(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}
