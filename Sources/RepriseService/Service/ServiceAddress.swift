import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A service's base URL, parsed and found usable.
package struct ServiceAddress: Sendable, Equatable {
  /// Text of the base URL, without a slash at the end.
  package let text: String
  /// Scheme, `http` or `https`.
  package let scheme: String
  /// Host, in lower case, without brackets.
  package let host: String
  /// Port, if the address names one.
  package let port: Int?

  /// Parses a base URL.
  ///
  /// - Parameter given: The text.
  /// - Throws: `ServiceError` (`refused`) unless the text is http or https with a host and without user, password,
  ///   query and fragment.
  package init(_ given: String) throws(ServiceError) {
    let printable = given.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
    guard printable, let parts = URLComponents(string: given), let scheme = parts.scheme?.lowercased(),
      scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty
    else {
      // The text itself may hold a password, so the message does not repeat it.
      throw ServiceError(.refused, .address(.notBaseURL))
    }
    guard parts.user == nil, parts.password == nil, !given.contains("@") else {
      throw ServiceError(.refused, .address(.credentials(host: host)))
    }
    let name = host.trimmingCharacters(in: ["[", "]"])
    guard host.hasPrefix("[") || host.contains(":") ? Self.isIPv6(name) : Self.isHostName(name) else {
      throw ServiceError(.refused, .address(.badHost))
    }
    guard (1...65_535).contains(parts.port ?? 1), !Self.hasEmptyPort(given) else {
      throw ServiceError(.refused, .address(.badPort(host: host)))
    }
    guard parts.query == nil, parts.fragment == nil else {
      throw ServiceError(.refused, .address(.queryOrFragment(host: host)))
    }
    var text = given
    while text.hasSuffix("/") { text.removeLast() }
    self.text = text
    self.scheme = scheme
    self.host = name.lowercased()
    port = parts.port
  }

  /// `true` if libcurl accepts a name: letters, digits and `-._~` (RFC 3986, section 3.2.2, without what libcurl
  /// refuses).
  private static func isHostName(_ text: String) -> Bool {
    text.utf8.count <= 255
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~".utf8.contains(byte)
        }
      }
  }

  private static func isIPv6(_ text: String) -> Bool {
    var address = in6_addr()
    return unsafe inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &address) == 1
  }

  /// `true` if the authority ends in a ':' that nothing, or no number, follows.
  private static func hasEmptyPort(_ url: String) -> Bool {
    guard let mark = url.range(of: "://") else { return false }
    let authority = url[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let behind = authority.hasPrefix("[") ? authority.drop { $0 != "]" }.dropFirst() : authority.drop { $0 != ":" }
    return behind.first == ":" && !(behind.count > 1 && behind.dropFirst().allSatisfy { $0.isASCII && $0.isNumber })
  }

  /// Returns the error for a key that would be sent in clear text, by the one rule for clients and for configuration
  /// checks.
  ///
  /// - Parameter origin: The source of the key.
  /// - Returns: The error; `nil` if nothing is sent in clear text over a network.
  func clearTextError(keyFrom origin: String) -> ServiceError? {
    guard isClearText else { return nil }
    return ServiceError(.refused, .address(.clearText(url: text, keyOrigin: origin)))
  }

  /// `true` if the address is this machine's own loopback.
  package var isLoopback: Bool { Self.isLoopback(host: host) }

  /// `true` if data sent to the address can be read on the way.
  package var isClearText: Bool { scheme == "http" && !isLoopback }

  /// `true` if `other` has the same scheme, host and port, and so leads to the same server.
  func isSameOrigin(as other: String) -> Bool {
    guard let other = try? ServiceAddress(other) else { return false }
    func port(_ address: ServiceAddress) -> Int { address.port ?? (address.scheme == "https" ? 443 : 80) }
    return scheme == other.scheme && host == other.host && port(self) == port(other)
  }

  /// `true` if `host` names this machine by its loopback: `localhost`, 127.0.0.0/8 or `::1`.
  static func isLoopback(host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
  }
}
