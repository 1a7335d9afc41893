import Foundation

/// What an answer's body says in words, whatever shape it has.
struct AnswerWords: Sendable {
  /// The service's own message, made fit for a terminal; nil if there is none.
  var message: String?
  /// The status the body itself claims; some services say 200 and mean this.
  var claimedStatus: Int?
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
    claimedStatus = JSONFields.integer(fields["statusCode"]) ?? JSONFields.integer(fields["status_code"])
    let inner = fields["error"] as? [String: Any]
    let found =
      JSONFields.words(fields["message"]) ?? JSONFields.words(inner?["message"]) ?? JSONFields.words(fields["error"])
      ?? JSONFields.words(inner?["name"]) ?? JSONFields.words(fields["detail"])
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
  /// An integer, given as a number or in a string.
  static func integer(_ value: Any?) -> Int? { (value as? Int) ?? (value as? String).flatMap { Int($0) } }

  /// A finite number of at least 0, given as a number or in a string.
  static func amount(_ value: Any?) -> Double? {
    let number = (value as? Double) ?? (value as? String).flatMap { Double($0) }
    return number.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }

  /// A text, or a list of them in one line.
  static func words(_ value: Any?) -> String? {
    (value as? String) ?? (value as? [String])?.joined(separator: "; ")
  }
}
