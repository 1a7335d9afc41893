/// The target of a `Location` field (RFC 9110, section 10.2.2).
///
/// libcurl would normalize the path (`..` removed, blanks and bytes beyond ASCII encoded), and a presigned URL is valid
/// for its exact bytes alone.
enum RedirectTarget {
  /// Returns the URL that a redirect names.
  ///
  /// - Parameters:
  ///   - location: The field's value. An absolute URL is used byte for byte; of a relative one only the missing parts,
  ///     and the `.` and `..` at its beginning, are resolved against `base`.
  ///   - base: The URL of the request.
  /// - Returns: The target's URL.
  static func of(_ location: String, from base: WebAddress) -> String {
    if hasScheme(location) { return location }
    if location.hasPrefix("//") { return base.scheme + ":" + location }
    let whole = base.text.prefix { $0 != "#" }
    let authority = authority(of: whole)
    let rest = whole.dropFirst(authority.count)
    let path = rest.prefix { $0 != "?" }
    switch location.first {
    case "/": return authority + location
    case "?": return authority + path + location
    case nil, "#": return String(whole)
    default: break
    }
    var directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().map(String.init)
    var relative = location[...]
    while let step = ["./", "../"].first(where: { relative.hasPrefix($0) }) {
      relative = relative.dropFirst(step.count)
      // The first element is the empty text before the path's own slash.
      if step == "../", directory.count > 1 { directory.removeLast() }
    }
    if directory.isEmpty { directory = [""] }
    return authority + (directory + [String(relative)]).joined(separator: "/")
  }

  /// Returns everything before the path: scheme, `://` and authority.
  private static func authority(of url: Substring) -> String {
    guard let mark = url.firstRange(of: "://") else { return String(url) }
    let host = url[mark.upperBound...].prefix { $0 != "/" && $0 != "?" }
    return String(url[..<mark.upperBound] + host)
  }

  /// `true` if a text begins with a scheme and a colon (RFC 3986, section 3.1).
  static func hasScheme(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let first = text.utf8.first else { return false }
    func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
    let others: [UInt8] = [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ".")]
    return isLetter(first)
      && text.utf8[..<colon].allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || others.contains($0) }
  }
}
