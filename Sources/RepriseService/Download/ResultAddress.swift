/// The URL of a result in the form in which it is requested: absolute and free of characters that no request can carry.
///
/// A presigned URL is valid for its exact bytes alone, so only what no request could carry is changed.
package enum ResultAddress {
  /// Completes and repairs a URL that a service reported.
  ///
  /// Blanks around the URL are dropped, and so are tabs and line ends within it, as they come from wrapped text (WHATWG
  /// URL, section 4.1). Other blanks and control characters are percent-encoded; a reference without scheme or host is
  /// completed from the service's base URL (RFC 3986, section 5.2), whose path counts as a directory. All other bytes
  /// stay unchanged: `%2F` is not decoded, and `.` and `..` are removed only at the beginning of a relative reference.
  ///
  /// - Parameters:
  ///   - reported: The URL as the service reported it.
  ///   - baseURL: The service's base URL.
  /// - Returns: An absolute URL if one can be formed, else the repaired text. The function is idempotent.
  package static func url(_ reported: String, from baseURL: String) -> String {
    let repaired = repaired(reported)
    guard !repaired.isEmpty, !RedirectTarget.hasScheme(repaired),
      let base = try? WebAddress(baseURL + (baseURL.hasSuffix("/") ? "" : "/"), what: "the service")
    else { return repaired }
    return RedirectTarget.of(repaired, from: base)
  }

  /// Returns a URL without the blanks and control characters that no request can carry.
  static func repaired(_ reported: String) -> String {
    var scalars = reported.unicodeScalars[...]
    while let first = scalars.first, isDropped(first) { scalars.removeFirst() }
    while let last = scalars.last, isDropped(last) { scalars.removeLast() }
    var text = ""
    for scalar in scalars where !["\t", "\n", "\r"].contains(scalar) { text.unicodeScalars.append(scalar) }
    // No host's name holds a blank: an authority with one is left, to be refused later.
    var url = String(authority(of: text))
    for scalar in text.unicodeScalars.dropFirst(url.unicodeScalars.count) {
      if isBlank(scalar) { url += PercentEncoding.of(String(scalar)) } else { url.unicodeScalars.append(scalar) }
    }
    return url
  }

  /// Returns everything before the path of an absolute or scheme-relative URL; else an empty text.
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

  /// `true` for scalars that surround a pasted text: blanks, and the zero-width marks that editors leave.
  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    isBlank(scalar) || scalar == "\u{FEFF}" || scalar == "\u{200B}"
  }
}
