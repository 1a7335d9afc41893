import Foundation

/// The reason that a service gives for a refusal or a failure, in all forms met so far.
///
/// The forms are `message`, `msg`, `error` and `errors` of any type, FastAPI's `detail` with locations, problem details
/// (RFC 9457), OAuth's `error_description`, MiniMax's `base_resp`, object stores' XML, JSON inside of strings, plain
/// text. The text is the service's: `printable` makes it safe to be shown.
package enum AnswerReason {
  /// Maximum depth of the search, which takes no more than `mostEntries` of a list.
  private static let deepest = 6
  private static let mostEntries = 5

  /// Returns the reason in a body of any form, or `nil` if there is none.
  package static func of(_ body: [UInt8]) -> String? {
    if let json = AnswerJSON(body) { return of(json.value) }
    let start = body.drop { $0 <= 0x20 || [0xEF, 0xBB, 0xBF].contains($0) }
    return start.first == UInt8(ascii: "<") ? xml(body) : text(body)
  }

  /// Returns the reason in a JSON value.
  static func of(_ value: Any?) -> String? { reason(value, depth: 0) }

  private static func reason(_ value: Any?, depth: Int) -> String? {
    guard depth < deepest else { return nil }
    switch value {
    case let message as String: return sentence(message, depth: depth)
    case let fields as [String: Any]: return reason(in: fields, depth: depth)
    case let list as [Any]:
      let reasons = list.prefix(mostEntries).compactMap { reason($0, depth: depth + 1) }
      return joined(reasons, by: "; ")
    default: return nil
    }
  }

  /// Returns the reason in a text that may be JSON itself, or a stack trace, whose last line is the most specific.
  private static func sentence(_ message: String, depth: Int) -> String? {
    if let inner = AnswerJSON.inside(message), let found = reason(inner.value, depth: depth + 1) { return found }
    guard message.contains(where: { !$0.isWhitespace }) else { return nil }
    guard message.contains("Traceback (most recent call last)") else { return message }
    let lines = message.split(whereSeparator: \.isNewline).lazy.map { $0.trimmingCharacters(in: .whitespaces) }
    return lines.last { !$0.isEmpty }
  }

  /// Names of fields with the reason itself, most telling first, without case and separators.
  private static let names = [
    "message", "msg", "errormessage", "errormsg", "errordescription", "failurereason", "failreason", "failedreason",
    "failuremessage", "failmsg", "statusmsg", "statusmessage", "reason", "description", "faultstring", "exception",
  ]
  /// Names of fields with objects around the reason.
  private static let wrappers = [
    "baseresp", "fault", "failure", "data", "result", "response", "body", "meta", "output", "cause", "innererror",
  ]
  /// Names of fields with the class of the error.
  private static let codes = ["code", "errorcode", "type", "name", "reasoncode"]

  private static func reason(in fields: [String: Any], depth: Int) -> String? {
    let byName = Dictionary(fields.map { (plain($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    // Each field is searched once, however many lists hold its name: at every level, more would be exponential.
    var known: [String: String?] = [:]
    func reported(_ name: String) -> String? {
      if let known = known[name] { return known }
      let message = byName[name].flatMap { reason($0, depth: depth + 1) }
      known[name] = .some(message)
      return message
    }
    func first(_ names: [String]) -> String? {
      for name in names { if let message = reported(name) { return message } }
      return nil
    }
    if let location = location(byName["loc"]), let message = first(["msg", "message"]) {
      return "\(location): \(message)"
    }
    if let location = location(byName["param"] ?? byName["parameter"] ?? byName["field"]), let message = first(names) {
      return message.contains(location) ? message : "\(location): \(message)"
    }
    var said: [String] = []
    func add(_ message: String?) {
      guard let message, !said.contains(where: { $0.contains(message) }) else { return }
      // A text that contains another one replaces it.
      said.removeAll { message.contains($0) }
      said.append(message)
    }
    add(first(["title"]))
    add(first(names))
    add(first(["error"]))
    add(detail(byName["detail"] ?? byName["details"], depth))
    add(errors(byName["errors"], depth))
    if said.isEmpty { add(first(wrappers)) }
    let code = codes.lazy.compactMap { className(byName[$0]) }.first
    guard let message = joined(said, by: ": ") else { return code.map { "code \($0)" } }
    guard let code, !message.lowercased().contains(code.lowercased()) else { return message }
    return "\(message) (\(code))"
  }

  /// Returns the reason in `detail`: a text, an object, or FastAPI's list of locations and messages.
  private static func detail(_ value: Any?, _ depth: Int) -> String? { reason(value, depth: depth + 1) }

  /// Returns the reason in `errors`: a list, or messages by field.
  private static func errors(_ value: Any?, _ depth: Int) -> String? {
    guard let byField = value as? [String: Any] else { return reason(value, depth: depth + 1) }
    let isOne = byField.keys.contains { names.contains(plain($0)) || codes.contains(plain($0)) }
    if isOne { return reason(value, depth: depth + 1) }
    let lines = byField.sorted { $0.key < $1.key }.prefix(mostEntries).compactMap { field, value in
      reason(value, depth: depth + 1).map { "\(field): \($0)" }
    }
    return joined(lines, by: "; ")
  }

  /// Returns `["body", "prompt"]` as `body.prompt`.
  private static func location(_ value: Any?) -> String? {
    let steps = (value as? [Any]) ?? (value as? String).map { [$0] } ?? []
    let components = steps.compactMap { ($0 as? String) ?? JSONFields.integer($0).map(String.init) }
    return components.isEmpty ? nil : components.joined(separator: ".")
  }

  /// Returns a class of error: a word, or a number that is neither 0 nor an HTTP status, which is reported anyway.
  private static func className(_ value: Any?) -> String? {
    if let number = JSONFields.integer(value) { return number == 0 || (100...599).contains(number) ? nil : "\(number)" }
    guard let word = value as? String, !word.isEmpty, word.utf8.count <= 60, !word.contains(where: \.isWhitespace),
      !["error", "success", "ok"].contains(word.lowercased()), !word.contains("://")
    else { return nil }
    return word
  }

  private static func joined(_ parts: [String], by separator: String) -> String? {
    parts.isEmpty ? nil : parts.joined(separator: separator)
  }

  /// Returns a field's name without case and separators.
  private static func plain(_ name: String) -> String { name.lowercased().filter { $0 != "_" && $0 != "-" } }

  /// Returns the `Message` and `Code` of an object store's or a SOAP service's error.
  private static func xml(_ body: [UInt8]) -> String? {
    let text = String(decoding: body.prefix(16_384), as: UTF8.self)
    let start = text.prefix(1024).lowercased()
    guard !start.contains("<html"), !start.contains("<!doctype html") else { return nil }
    func element(_ name: String) -> String? {
      guard let opening = text.range(of: "<\(name)>", options: .caseInsensitive),
        let closing = text.range(of: "</\(name)>", options: .caseInsensitive, range: opening.upperBound..<text.endIndex)
      else { return nil }
      let message = text[opening.upperBound..<closing.lowerBound]
      return message.contains { !$0.isWhitespace } && !message.contains("<") ? String(message) : nil
    }
    let message = ["Message", "faultstring", "detail", "title", "Description", "Reason", "Error"].lazy.compactMap(
      element
    )
    .first
    let code = element("Code")
    guard let message else { return code.map { "code \($0)" } }
    return code.map { message.contains($0) ? message : "\(message) (\($0))" } ?? message
  }

  /// Returns a plain text that is readable and not a dump.
  private static func text(_ body: [UInt8]) -> String? {
    guard !body.isEmpty, !body.prefix(1024).contains(where: { $0 < 0x20 && !(0x09...0x0D).contains($0) || $0 == 0x7F })
    else { return nil }
    let message = String(decoding: body.prefix(4096), as: UTF8.self)
    let isValue = ["null", "true", "false", "undefined"].contains(
      message.trimmingCharacters(in: .whitespacesAndNewlines))
    return isValue ? nil : sentence(message, depth: 0)
  }
}
