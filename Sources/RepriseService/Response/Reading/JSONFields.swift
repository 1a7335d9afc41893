import Foundation

/// Lenient access to values in JSON whose types a service may get wrong.
enum JSONFields {
  /// Parses a body as a whole JSON object; `nil` if it is none, or its end is missing.
  static func object(_ body: [UInt8]) -> [String: Any]? {
    AnswerJSON(body).flatMap { $0.isCut ? nil : $0.object }
  }

  /// Returns an integer, given as a number or in a string.
  static func integer(_ value: Any?) -> Int? {
    guard !isTruthValue(value) else { return nil }
    return (value as? Int) ?? (value as? String).flatMap { Int($0) }
  }

  /// Returns the HTTP error that a body claims to be, 400...599, under any of the known names.
  static func claimedError(_ fields: [String: Any]) -> Int? {
    let inner = fields["error"] as? [String: Any]
    let claims =
      ["statusCode", "status_code", "status", "code"].map { integer(fields[$0]) }
      + ["statusCode", "status_code", "status", "code"].map { integer(inner?[$0]) }
    return claims.lazy.compactMap(\.self).first { (400...599).contains($0) }
  }

  /// Names under which services report the status of a generation.
  private static let statusNames = [
    "status", "state", "task_status", "taskStatus", "job_status", "jobStatus", "generation_status",
  ]

  /// Returns a generation's status: a word, not a number.
  static func statusWord(_ fields: [String: Any]) -> String? {
    statusNames.lazy.compactMap { name in
      (fields[name] as? String).flatMap { $0.isEmpty || Int($0) != nil ? nil : $0 }
    }.first
  }

  /// `true` if a body names an error and reports no generation's status.
  static func isErrorOnly(_ fields: [String: Any]) -> Bool {
    (isSaid(fields["error"]) || isSaid(fields["errors"])) && statusWord(fields) == nil
  }

  /// `true` if a field has a meaningful value: not null, false, 0, empty, or made of such values.
  static func isSaid(_ value: Any?) -> Bool {
    switch value {
    case nil, is NSNull: false
    case let text as String: !text.isEmpty
    case let fields as [String: Any]: fields.values.contains { isSaid($0) }
    case let list as [Any]: list.contains { isSaid($0) }
    default: value as? Double != 0
    }
  }

  /// `true` if a value is `false`.
  static func isFalse(_ value: Any?) -> Bool { isTruthValue(value) && value as? Double == 0 }

  /// `true` if a value is `true` or `false`, which Foundation bridges to 1 and 0.
  private static func isTruthValue(_ value: Any?) -> Bool {
    guard let number = value as? NSNumber else { return false }
    // The encoded form tells on every platform.
    let text = try? JSONSerialization.data(withJSONObject: [number])
    return text == Data("[true]".utf8) || text == Data("[false]".utf8)
  }

  /// Returns a finite number of at least 0, given as a number or in a string.
  static func amount(_ value: Any?) -> Double? {
    number(value).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }

  /// Returns a number, given as one or in a string, valid or not, since an implausible cost is to be reported.
  static func number(_ value: Any?) -> Double? {
    guard !isTruthValue(value) else { return nil }
    return (value as? Double)
      ?? (value as? String).flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// Returns the first of two costs that is neither missing nor 0, or 0 if one is.
  static func cost(_ first: Double?, or second: Double?) -> Double? {
    first == nil || first == 0 ? second ?? first : first
  }

  /// Returns a text, or a list of texts in one line.
  static func text(_ value: Any?) -> String? {
    (value as? String) ?? (value as? [String])?.joined(separator: "; ")
  }

  /// Returns an integer that is beyond `Int` and within 64 bits.
  private static func wholeNumber(_ value: Any?) -> String? {
    isTruthValue(value) ? nil : (value as? UInt64).map(String.init)
  }

  /// Returns an id that is valid in URLs and messages: a text, without blanks at its ends, or an integer of any size.
  static func id(_ value: Any?) -> String? {
    let reported = (value as? String)?.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let text = reported ?? integer(value).map(String.init) ?? wholeNumber(value), !text.isEmpty,
      text.utf8.count <= 1024,
      !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
    else { return nil }
    return text
  }
}
