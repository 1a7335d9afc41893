/// A number and what is counted, in the singular for 1: "1 file", "0 files", "2 files".
///
/// - Parameters:
///   - noun: the singular.
///   - plural: the plural, where an "s" does not make it.
///   - text: how the number is written.
public func counted(
  _ count: Int, _ noun: String, _ plural: String? = nil, as text: (Int) -> String = { "\($0)" }
) -> String {
  "\(text(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}
