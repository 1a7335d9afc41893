extension ServiceError {
  /// A fault of a URL, or of the name of a service.
  package enum AddressProblem: Sendable, Equatable, CustomStringConvertible {
    /// No service has the name; `known` holds the names that exist.
    case unknownService(String, known: [String])
    /// The text is no http or https URL with a host; the text may hold a password, so it is not kept.
    case notBaseURL
    /// The base URL for a host holds a user name or a password.
    case credentials(host: String)
    /// The base URL's host is neither a name nor an address.
    case badHost
    /// The base URL for a host has a `:` without a port.
    case badPort(host: String)
    /// The base URL for a host has a query or a fragment.
    case queryOrFragment(host: String)
    /// The key, found at `keyOrigin`, would travel to this URL in clear text.
    case clearText(url: String, keyOrigin: String)
    /// Another URL, described by `what`, cannot be used.
    case unusable(what: String, Fault)
    /// The result's URLs redirect to each other; `limit` redirects were followed.
    case tooManyRedirects(limit: Int, lastOrigin: String)
    /// The result's URL redirects from https to http.
    case insecureRedirect(origin: String)

    /// The reason why a URL cannot be used.
    package enum Fault: Sendable, Equatable {
      /// The URL has no scheme.
      case noScheme
      /// The URL has a scheme that is neither http nor https.
      case otherScheme(String)
      /// The URL holds blanks or control characters, or is over 16 kB long.
      case characters
      /// The URL names no host.
      case noHost
    }

    /// The fact.
    package var description: String {
      switch self {
      case .unknownService(let name, let known):
        "no service is called '\(name)'; known are \(known.joined(separator: ", "))"
      case .notBaseURL: "a service's base URL looks like https://host or http://127.0.0.1:8080; this one does not"
      case .credentials(let host): "the base URL for \(host) holds a user name or password"
      case .badHost: "the base URL's host is neither a name (letters, digits, '-', '.', '_') nor an address"
      case .badPort(let host): "the base URL for \(host) has no port from 1 to 65535 after its ':'"
      case .queryOrFragment(let host): "the base URL for \(host) holds a '?' or '#'"
      case .clearText(let url, _): "\(url) is not encrypted, so the key would travel in clear text"
      case .unusable(let what, .noScheme): "\(what)'s URL has no scheme; only http and https are used"
      case .unusable(let what, .otherScheme(let scheme)):
        "\(what)'s URL begins with '\(scheme):'; only http and https are used"
      case .unusable(let what, .characters):
        "\(what)'s URL holds blanks or control characters, or is over 16 kB long"
      case .unusable(let what, .noHost): "\(what)'s URL names no host"
      case .tooManyRedirects(let limit, let origin):
        "the result's URL redirects more than \(limit) times; last to \(origin)"
      case .insecureRedirect(let origin):
        "the result at \(origin) redirects from https to http; that is not followed"
      }
    }
  }
}
