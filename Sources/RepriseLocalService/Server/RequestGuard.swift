/// Keeps web pages from using the service through a visitor's browser.
///
/// A page can make a browser send requests to 127.0.0.1. The Host header reveals a host name rebound to 127.0.0.1;
/// `Origin` and `Sec-Fetch-Site` reveal a request from another origin. Other programs send neither of the latter two.
enum RequestGuard {
  /// Throws a 403 unless the request may be meant for this service.
  static func check(host: String?, origin: String?, fetchSite: String?) throws(HTTPError) {
    guard let host else { throw HTTPError(400, "the Host header is missing") }
    guard isLocal(authority: host) else {
      throw HTTPError(403, "this service answers to 127.0.0.1 and localhost only")
    }
    if let origin {
      let authority = ["http://", "https://"].lazy.compactMap { origin.dropPrefix($0) }.first
      guard let authority, isLocal(authority: authority) else {
        throw HTTPError(403, "requests from web pages elsewhere are refused")
      }
    }
    if fetchSite?.lowercased() == "cross-site" { throw HTTPError(403, "requests from web pages elsewhere are refused") }
  }

  private static func isLocal(authority: String) -> Bool {
    let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first?.lowercased(), name == "127.0.0.1" || name == "localhost" else { return false }
    return parts.count == 1 || UInt16(parts[1]) != nil
  }
}

extension String {
  fileprivate func dropPrefix(_ prefix: String) -> String? {
    lowercased().hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
