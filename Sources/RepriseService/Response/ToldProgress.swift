/// How much of a generation is done, by what services say of it. Pure: the fields of a response go in.
enum ToldProgress {
  /// Names of a share of 0…1 or of a percentage; which of both it is shows in the number.
  private static let shares = ["progress", "completion", "fraction"]
  /// Names of percentages.
  private static let percentages = [
    "percent", "percentage", "progress_percent", "progress_percentage", "percent_complete", "percentComplete",
    "progressPercent",
  ]
  /// Names of objects in which either may stand.
  private static let containers = ["progress", "meta", "metrics"]

  /// The share that a response tells, 0…1.
  ///
  /// - Returns: `nil` where it tells none, one out of range, or a bare 1, which is all of 0…1 and nearly nothing of
  ///   0…100.
  static func share(in fields: [String: Any]) -> Double? {
    if let share = plain(fields) { return share }
    return containers.lazy.compactMap { (fields[$0] as? [String: Any]).flatMap(plain) }.first
  }

  private static func plain(_ fields: [String: Any]) -> Double? {
    percentages.lazy.compactMap { percentage(fields[$0]) }.first
      ?? shares.lazy.compactMap { either(fields[$0]) }.first
  }

  /// A number of 0…100, or one in a string with or without a percent sign.
  private static func percentage(_ value: Any?) -> Double? {
    guard let number = JSONFields.amount(withoutSign(value) ?? value), number <= 100 else { return nil }
    return number / 100
  }

  private static func either(_ value: Any?) -> Double? {
    if let text = withoutSign(value) { return percentage(text) }
    guard let number = JSONFields.amount(value), number != 1 else { return nil }
    return number < 1 ? number : percentage(number)
  }

  /// The number before a percent sign; `nil` for what has none.
  private static func withoutSign(_ value: Any?) -> String? {
    guard let text = value as? String, text.last == "%" else { return nil }
    return String(text.dropLast().reversed().drop { $0 == " " }.reversed())
  }
}
