/// The URL of a result as it is used: what a service told of it, made absolute and fit for a request's head.
///
/// A presigned URL is good for its own bytes alone, so only what no request could carry is changed.
public enum ResultAddress {
  /// Completes and repairs a URL that a service told.
  ///
  /// Blanks around it are dropped, and so are tabs and line ends within it, as they come from wrapped text (WHATWG URL,
  /// section 4.1). Other blanks and control characters are percent-encoded; a reference without scheme or host is
  /// completed from the service's base URL (RFC 3986, section 5.2), whose path counts as a directory. All other bytes
  /// stay as they are: `%2F` is not decoded, and of `.` and `..` only those go that begin a relative reference.
  ///
  /// - Parameters:
  ///   - told: the service's words.
  ///   - baseURL: where the service is.
  /// - Returns: an absolute URL if anything can be made of it, else the repaired text. What has been through here once
  ///   stays as it is.
  public static func url(_ told: String, from baseURL: String) -> String {
    let repaired = repaired(told)
    guard !repaired.isEmpty, !RedirectTarget.hasScheme(repaired),
      let base = try? WebAddress(baseURL + (baseURL.hasSuffix("/") ? "" : "/"), what: "the service")
    else { return repaired }
    return RedirectTarget.of(repaired, from: base)
  }

  /// A URL without the blanks and control characters that no request can carry.
  static func repaired(_ told: String) -> String {
    var scalars = told.unicodeScalars[...]
    while let first = scalars.first, isDropped(first) { scalars.removeFirst() }
    while let last = scalars.last, isDropped(last) { scalars.removeLast() }
    var text = ""
    for scalar in scalars where !["\t", "\n", "\r"].contains(scalar) { text.unicodeScalars.append(scalar) }
    // No host's name holds a blank: what is said there is left to be refused.
    var url = String(authority(of: text))
    for scalar in text.unicodeScalars.dropFirst(url.unicodeScalars.count) {
      if isBlank(scalar) { url += PercentEncoding.of(String(scalar)) } else { url.unicodeScalars.append(scalar) }
    }
    return url
  }

  /// What stands before the path of an absolute URL, or of one that leaves out the scheme alone; else nothing.
  private static func authority(of text: String) -> Substring {
    guard RedirectTarget.hasScheme(text) || text.hasPrefix("//"), let mark = text.firstRange(of: "//") else {
      return ""
    }
    let end = text[mark.upperBound...].firstIndex { "/?#".contains($0) } ?? text.endIndex
    return text[..<end]
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
  }

  /// What stands around a pasted text: blanks, and the marks without width that editors leave.
  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    isBlank(scalar) || scalar == "\u{FEFF}" || scalar == "\u{200B}"
  }
}
