import Foundation
import Mustache
import RepriseSystem

/// The page around its data: style, template and script, which are files of their own in Report/Page.
enum PageText {
  private static let style = String(decoding: PackageResources.report_css, as: UTF8.self)
  private static let script = String(decoding: PackageResources.report_js, as: UTF8.self)
  private static let template = String(decoding: PackageResources.report_mustache, as: UTF8.self)

  /// Returns everything before the data.
  ///
  /// - Throws: `DigestError` if the system has no SHA-256.
  static func head() throws(DigestError) -> String {
    let policy =
      "default-src 'none'; script-src '\(try sourceHash(script))'; style-src '\(try sourceHash(style))'; "
      + "base-uri 'none'; form-action 'none'"
    return HTMLReport.start + """
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Audio library report</title>
      <style>\(style)</style>
      </head>
      <body>
      <a class="skip" href="#text">To the list's filter</a>
      <script type="application/json" id="data">
      """
  }

  /// Returns everything after the data.
  ///
  /// - Throws: The template's own errors, of which there are none.
  static func rest(_ summary: PageSummary) throws -> String {
    let body = try MustacheTemplate(string: template).render(summary)
    return "</script>\n\(body)<script>\(script)</script>\n</body>\n</html>\n"
  }

  /// Returns the source expression of a script or style in a policy (CSP 3, hash-source).
  private static func sourceHash(_ text: String) throws(DigestError) -> String {
    var digest = try SHA256()
    digest.update(text)
    return "sha256-" + Data(try digest.finish()).base64EncodedString()
  }
}
