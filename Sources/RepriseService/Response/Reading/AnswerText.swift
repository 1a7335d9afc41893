import Foundation

/// The message and the claims in a response's body of any form.
struct AnswerText: Sendable {
  /// Message of the service, made safe for a terminal; `nil` if there is none.
  var message: String?
  /// HTTP error (400...599) that the body itself claims, as some services send it with 200.
  var claimedStatus: Int?
  /// Status in a body in the contract's own form for errors: an object that holds both `message` and `statusCode`.
  ///
  /// Gateways' own errors have other forms.
  var contractStatus: Int?
  /// `true` if the body names an error and reports no generation's status.
  var isError = false
  /// `true` if the body is a page for people, from a proxy, a CDN or a wrong address rather than the service.
  var isPage = false

  /// Parses a body.
  init(_ body: [UInt8]) {
    let start = String(decoding: body.prefix(4096), as: UTF8.self).lowercased()
    let first = start.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if first.hasPrefix("<"), Self.isXML(first) {
      message = Self.shown(AnswerReason.of(body))
      return
    }
    if first.hasPrefix("<") {
      isPage = true
      // Cloudflare's refusals carry a number for which users can search.
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
    if JSONFields.text(fields["message"]) != nil { contractStatus = JSONFields.integer(fields["statusCode"]) }
    isError = JSONFields.isErrorOnly(fields)
  }

  private static func shown(_ sentence: String?) -> String? {
    sentence.map { printable($0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Root elements of the errors that object stores, SOAP services and gateways to them send.
  private static let xmlRoots = ["error", "fault", "exception", "response", "envelope", "problem", "result"]

  /// `true` if a text in lower case that begins with `<` is XML for programs, and no page.
  private static func isXML(_ text: Substring) -> Bool {
    let marks = ["<html", "<!doctype", "<head>", "<body", "<center", "<h1"]
    guard !marks.contains(where: { text.contains($0) }) else { return false }
    let root = text.dropFirst().prefix { !$0.isWhitespace && $0 != ">" }
    return root == "?xml" || xmlRoots.contains { root.contains($0) }
  }

  /// Returns the number in `error code: 1010`.
  private static func cdnCode(_ text: String) -> String? {
    guard let mark = text.range(of: "code: ") ?? text.range(of: "error code ") ?? text.range(of: "code ") else {
      return nil
    }
    let digits = text[mark.upperBound...].prefix { $0.isNumber }
    return digits.count == 4 && digits.hasPrefix("10") ? String(digits) : nil
  }
}
