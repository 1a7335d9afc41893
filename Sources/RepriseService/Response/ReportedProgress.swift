/// The share of a generation that is done, by the service's statements.
///
/// Pure: the input is the fields of a response.
enum ReportedProgress {
  /// Names of fields with a share of 0…1 or a percentage, distinguished by the number.
  private static let shares = ["progress", "completion", "fraction"]
  /// Names of fields with percentages.
  private static let percentages = [
    "percent", "percentage", "progress_percent", "progress_percentage", "percent_complete", "percentComplete",
    "progressPercent",
  ]
  /// Names of fields with objects that may hold either.
  private static let containers = ["progress", "meta", "metrics"]

  /// Returns the share that a response reports, 0…1.
  ///
  /// - Parameter fields: The fields of the response.
  /// - Returns: The share; `nil` if there is none, it is out of range, or it is a bare 1, which is all of 0…1 and
  ///   nearly nothing of 0…100.
  static func share(in fields: [String: Any]) -> Double? {
    if let share = plain(fields) { return share }
    return containers.lazy.compactMap { (fields[$0] as? [String: Any]).flatMap(plain) }.first
  }

  private static func plain(_ fields: [String: Any]) -> Double? {
    percentages.lazy.compactMap { percentage(fields[$0]) }.first
      ?? shares.lazy.compactMap { either(fields[$0]) }.first
  }

  /// Returns a number of 0…100, given as one or in a string with or without a percent sign.
  private static func percentage(_ value: Any?) -> Double? {
    guard let number = JSONFields.amount(withoutSign(value) ?? value), number <= 100 else { return nil }
    return number / 100
  }

  private static func either(_ value: Any?) -> Double? {
    if let text = withoutSign(value) { return percentage(text) }
    guard let number = JSONFields.amount(value), number != 1 else { return nil }
    return number < 1 ? number : percentage(number)
  }

  /// Returns the number before a percent sign, or `nil` without one.
  private static func withoutSign(_ value: Any?) -> String? {
    guard let text = value as? String, text.last == "%" else { return nil }
    return String(text.dropLast().reversed().drop { $0 == " " }.reversed())
  }
}
