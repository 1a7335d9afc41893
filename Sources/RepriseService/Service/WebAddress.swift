import Foundation

/// An http or https URL that is used byte for byte, as presigned URLs must be: nothing is decoded or normalized.
package struct WebAddress: Sendable, Equatable {
  /// Text of the URL, as given.
  package let text: String
  /// Scheme, `http` or `https`.
  package let scheme: String
  /// Host, in lower case, without brackets, user and port.
  package let host: String

  /// Origin for messages: scheme, host and port.
  ///
  /// The query of a presigned URL is a secret.
  let origin: String

  /// Parses a URL without changing it.
  ///
  /// - Parameters:
  ///   - text: The URL.
  ///   - what: A name of the URL, for messages.
  /// - Throws: `ServiceError` (`refused`) unless the URL is http or https, has a host and holds no blanks or control
  ///   characters.
  package init(_ text: String, what: String) throws(ServiceError) {
    guard let end = text.range(of: "://") else {
      throw ServiceError(.refused, .address(.unusable(what: what, .noScheme)))
    }
    let scheme = text[..<end.lowerBound].lowercased()
    guard scheme == "http" || scheme == "https" else {
      throw ServiceError(.refused, .address(.unusable(what: what, .otherScheme(printable(scheme, limit: 20)))))
    }
    guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }), text.utf8.count <= 16_384 else {
      throw ServiceError(.refused, .address(.unusable(what: what, .characters)))
    }
    var authority = text[end.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }
    if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
    let host =
      authority.hasPrefix("[")
      ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
    guard !host.isEmpty else { throw ServiceError(.refused, .address(.unusable(what: what, .noHost))) }
    self.text = text
    self.scheme = scheme
    self.host = host.lowercased()
    let isBracketed = authority.hasPrefix("[")
    let rest = authority.dropFirst(host.utf8.count + (isBracketed ? 2 : 0))
    let isPort = rest.first == ":" && rest.count > 1 && rest.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
    origin = "\(scheme)://" + (isBracketed ? "[\(self.host)]" : self.host) + (isPort ? rest : "")
  }

  /// `true` if the host is this machine's own loopback.
  var isLoopback: Bool { ServiceAddress.isLoopback(host: host) }
}
