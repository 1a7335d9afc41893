import Foundation

/// What an answer's body says in words, whatever shape it has.
struct AnswerWords: Sendable {
  /// The service's own message, made fit for a terminal; nil if there is none.
  var message: String?
  /// The HTTP error (400...599) the body itself claims; some services say 200 and mean this.
  var claimedStatus: Int?
  /// The status a body in the contract's own form for errors says: an object that holds both `message` and `statusCode`.
  /// Gateways' own errors have other forms.
  var contractStatus: Int?
  /// Whether the body names an error and tells no generation's status.
  var isError = false
  /// A page for people: a proxy, a CDN or the wrong address, not the service.
  var isPage = false

  /// Reads a body; one that is not JSON is only told to be a page or not.
  init(_ body: [UInt8], key: APIKey?) {
    func clean(_ text: String) -> String { printable(key?.redacting(text) ?? text) }
    let start = String(decoding: body.prefix(4096), as: UTF8.self).lowercased()
    let first = start.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if first.hasPrefix("<") {
      isPage = true
      // Cloudflare's refusals carry a number that tells people what to search for.
      if let code = Self.cdnCode(start) { message = "code \(code)" }
      return
    }
    guard let fields = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
      if let code = Self.cdnCode(start) {
        message = "code \(code)"
        isPage = true
      }
      return
    }
    claimedStatus = JSONFields.claimedError(fields)
    if JSONFields.words(fields["message"]) != nil { contractStatus = JSONFields.integer(fields["statusCode"]) }
    isError = JSONFields.isErrorOnly(fields)
    let inner = (fields["error"] ?? fields["base_resp"]) as? [String: Any]
    let found =
      JSONFields.words(fields["message"]) ?? JSONFields.words(inner?["message"]) ?? JSONFields.words(fields["error"])
      ?? JSONFields.words(inner?["name"]) ?? JSONFields.words(inner?["status_msg"])
      ?? JSONFields.words(fields["detail"])
    message = found.map(clean).flatMap { $0.isEmpty ? nil : $0 }
    if let message, message.lowercased().contains("error code: 10") { isPage = true }
  }

  /// The number in `error code: 1010`.
  private static func cdnCode(_ text: String) -> String? {
    guard let mark = text.range(of: "code: ") ?? text.range(of: "error code ") ?? text.range(of: "code ") else {
      return nil
    }
    let digits = text[mark.upperBound...].prefix { $0.isNumber }
    return digits.count == 4 && digits.hasPrefix("10") ? String(digits) : nil
  }
}

/// Values out of JSON whose types a service may get wrong.
enum JSONFields {
  /// A body as a JSON object; nil if it is none.
  static func object(_ body: [UInt8]) -> [String: Any]? {
    try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
  }

  /// An integer, given as a number or in a string.
  static func integer(_ value: Any?) -> Int? {
    guard !isTruthValue(value) else { return nil }
    return (value as? Int) ?? (value as? String).flatMap { Int($0) }
  }

  /// The HTTP error a body claims to be, 400...599, under any of the names met for it.
  static func claimedError(_ fields: [String: Any]) -> Int? {
    let claims = ["statusCode", "status_code", "status"].compactMap { integer(fields[$0]) }
    return claims.first { (400...599).contains($0) }
  }

  /// A generation's status: a word, not a number.
  static func statusWord(_ fields: [String: Any]) -> String? {
    (fields["status"] as? String).flatMap { $0.isEmpty || Int($0) != nil ? nil : $0 }
  }

  /// Whether a body names an error and tells no generation's status.
  static func isErrorOnly(_ fields: [String: Any]) -> Bool {
    isSaid(fields["error"]) && statusWord(fields) == nil
  }

  /// Whether a field says anything: it is there, and neither null, nor false, nor 0, nor empty.
  static func isSaid(_ value: Any?) -> Bool {
    switch value {
    case nil, is NSNull: false
    case let text as String: !text.isEmpty
    case let fields as [String: Any]: !fields.isEmpty
    case let list as [Any]: !list.isEmpty
    default: value as? Double != 0
    }
  }

  /// Whether a value is `true` or `false`, which Foundation bridges to 1 and 0.
  private static func isTruthValue(_ value: Any?) -> Bool {
    guard let number = value as? NSNumber else { return false }
    // How it is written back tells on every platform.
    let text = try? JSONSerialization.data(withJSONObject: [number])
    return text == Data("[true]".utf8) || text == Data("[false]".utf8)
  }

  /// A finite number of at least 0, given as a number or in a string.
  static func amount(_ value: Any?) -> Double? {
    number(value).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }

  /// A number, given as one or in a string, whether it makes sense or not: a cost that can be none is to be told.
  static func number(_ value: Any?) -> Double? {
    guard !isTruthValue(value) else { return nil }
    return (value as? Double)
      ?? (value as? String).flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// Of two places where a cost may stand the one that says more than nothing.
  static func cost(_ first: Double?, or second: Double?) -> Double? {
    first == nil || first == 0 ? second ?? first : first
  }

  /// A text, or a list of them in one line.
  static func words(_ value: Any?) -> String? {
    (value as? String) ?? (value as? [String])?.joined(separator: "; ")
  }
}
