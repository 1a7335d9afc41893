/// The causes for which an input that is no file, stdin or a URL, was not fetched.
package enum FetchProblem: Error, Sendable, Equatable, Codable {
  /// The text is no http or https URL with a host.
  case address
  /// The URL, or one to which it redirects, has a scheme that is neither http nor https.
  case scheme(String)
  /// The host answered with a status other than success.
  case status(Int, host: String)
  /// There are more bytes than are fetched; `announced` is the size that the host told, `nil` if it told none.
  case tooLarge(limit: Int, announced: Int?)
  /// The body ended early; `announced` is `nil` if the host told no size.
  case cutShort(bytes: Int, announced: Int?)
  /// The body has a content coding, such as "gzip", that was not asked for.
  case encoded(String, host: String)
  /// More redirects than are followed; the last host.
  case redirects(limit: Int, host: String)
  /// A redirect from https to http.
  case insecureRedirect(host: String)
  /// There is no connection, or it broke; the reason as the library words it.
  case noConnection(host: String, reason: String)
  /// A time limit was exceeded.
  case tooSlow(host: String, reason: String)
  /// The certificate of the host is not trusted.
  case untrusted(host: String, reason: String)
  /// Stdin is a terminal.
  case terminal
  /// Stdin could not be read, with the system's error number.
  case unreadable(errno: Int32)
  /// The temporary file could not be made or written.
  case file(FileError)
  /// The caller cancelled.
  case cancelled
}

extension FetchProblem: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch self {
    case .address: "no http or https URL"
    case .scheme(let scheme): "a URL of scheme '\(scheme)'"
    case .status(let status, let host): "\(host) answered with status \(status)"
    case .tooLarge(let limit, let announced):
      announced.map { "\($0) bytes, more than the \(limit) that are fetched" } ?? "more than \(limit) bytes"
    case .cutShort(let bytes, let announced): announced.map { "\(bytes) of \($0) bytes" } ?? "only \(bytes) bytes"
    case .encoded(let codings, let host): "\(host) encoded it (\(codings))"
    case .redirects(let limit, let host): "more than \(limit) redirects, the last to \(host)"
    case .insecureRedirect(let host): "\(host) redirects from https to http"
    case .noConnection(let host, let reason): "no connection to \(host): \(reason)"
    case .tooSlow(let host, let reason): "\(host) is too slow: \(reason)"
    case .untrusted(let host, let reason): "the certificate of \(host) is not trusted: \(reason)"
    case .terminal: "stdin is a terminal"
    case .unreadable(let errno): "stdin: \(systemText(errno))"
    case .file(let error): error.message
    case .cancelled: "interrupted"
    }
  }
}
