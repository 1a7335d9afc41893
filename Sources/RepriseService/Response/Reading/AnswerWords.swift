import Foundation

/// What a response's body says in words, whatever shape it has.
struct AnswerWords: Sendable {
  /// The service's own message, made fit for a terminal; `nil` if there is none.
  var message: String?
  /// The HTTP error (400...599) the body itself claims; some services say 200 and mean this.
  var claimedStatus: Int?
  /// The status a body in the contract's own form for errors says: an object that holds both `message` and
  /// `statusCode`. Gateways' own errors have other forms.
  var contractStatus: Int?
  /// Whether the body names an error and tells no generation's status.
  var isError = false
  /// A page for people: a proxy, a CDN or the wrong address, not the service.
  var isPage = false

  /// Reads a body.
  init(_ body: [UInt8]) {
    let start = String(decoding: body.prefix(4096), as: UTF8.self).lowercased()
    let first = start.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if first.hasPrefix("<"), Self.isXML(first) {
      message = Self.shown(AnswerReason.of(body))
      return
    }
    if first.hasPrefix("<") {
      isPage = true
      // Cloudflare's refusals carry a number that tells people what to search for.
      message = Self.cdnCode(start).map { "code \($0)" } ?? Self.shown(AnswerReason.of(body))
      return
    }
    guard let json = AnswerJSON(body) else {
      let code = Self.cdnCode(start)
      isPage = code != nil
      message = code.map { "code \($0)" } ?? Self.shown(AnswerReason.of(body))
      return
    }
    message = Self.shown(AnswerReason.of(json.value))
    if let message, message.lowercased().contains("error code: 10") { isPage = true }
    guard let fields = json.object else { return }
    claimedStatus = JSONFields.claimedError(fields)
    if JSONFields.words(fields["message"]) != nil { contractStatus = JSONFields.integer(fields["statusCode"]) }
    isError = JSONFields.isErrorOnly(fields)
  }

  private static func shown(_ words: String?) -> String? {
    words.map { printable($0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Roots of the errors that object stores, SOAP services and gateways to them send.
  private static let xmlRoots = ["error", "fault", "exception", "response", "envelope", "problem", "result"]

  /// Whether a text in lower case that begins with `<` is XML for programs, and no page.
  private static func isXML(_ text: Substring) -> Bool {
    let marks = ["<html", "<!doctype", "<head>", "<body", "<center", "<h1"]
    guard !marks.contains(where: { text.contains($0) }) else { return false }
    let root = text.dropFirst().prefix { !$0.isWhitespace && $0 != ">" }
    return root == "?xml" || xmlRoots.contains { root.contains($0) }
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
