import Foundation

/// A service's base URL, taken apart and found usable.
public struct ServiceAddress: Sendable, Equatable {
  /// The address as it is used: without a slash at the end.
  public let text: String
  /// `http` or `https`.
  public let scheme: String
  /// The host, in lower case, without brackets.
  public let host: String
  /// The port, if the address names one.
  public let port: Int?

  /// Reads a base URL.
  ///
  /// - Throws: `ServiceError` (`refused`) unless it is http or https with a host and without user, password, query
  ///   and fragment.
  public init(_ given: String) throws(ServiceError) {
    let printable = given.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
    guard printable, let parts = URLComponents(string: given), let scheme = parts.scheme?.lowercased(),
      scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty
    else {
      // The text itself may hold a password, so it is not repeated.
      throw ServiceError(
        .refused, "a service's base URL looks like https://host or http://127.0.0.1:8080; this one does not")
    }
    guard parts.user == nil, parts.password == nil, !given.contains("@") else {
      throw ServiceError(
        .refused,
        "the base URL for \(host) holds a user name or password; take it out and give the key by AIML_API_KEY instead")
    }
    guard parts.query == nil, parts.fragment == nil else {
      throw ServiceError(.refused, "the base URL for \(host) holds a '?' or '#'; end it before that")
    }
    var text = given
    while text.hasSuffix("/") { text.removeLast() }
    self.text = text
    self.scheme = scheme
    self.host = host.lowercased().trimmingCharacters(in: ["[", "]"])
    port = parts.port
  }

  /// Whether the address is this machine's own.
  public var isLoopback: Bool { Self.isLoopback(host: host) }

  /// Whether what is sent there can be read on the way.
  public var isClearText: Bool { scheme == "http" && !isLoopback }

  /// Whether `other` is on the same host and port, by the same scheme: whoever is there is the same.
  func isSamePlace(as other: String) -> Bool {
    guard let other = try? ServiceAddress(other) else { return false }
    func port(_ address: ServiceAddress) -> Int { address.port ?? (address.scheme == "https" ? 443 : 80) }
    return scheme == other.scheme && host == other.host && port(self) == port(other)
  }

  /// Whether `host` names this machine by its loopback: `localhost`, 127.0.0.0/8 or `::1`.
  static func isLoopback(host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
  }
}
