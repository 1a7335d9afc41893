/// What `--service` asks for.
public enum ServiceChoice: Sendable, Equatable {
  /// A service that is there already.
  case described(ServiceDescription)
  /// The service this program starts for itself on loopback.
  case startLocal

  /// Reads a name or a base URL.
  ///
  /// - Parameters:
  ///   - text: `aimlapi`, `local`, the name of one of `known`, or an http or https base URL, which means the same
  ///     contract served there.
  ///   - known: services that have a name, beside `local`.
  /// - Throws: `ServiceError` (`refused`) if no service has that name or the URL is not usable.
  public init(_ text: String, known: [ServiceDescription] = [.aimlapi]) throws(ServiceError) {
    if text == "local" {
      self = .startLocal
    } else if let service = known.first(where: { $0.name == text }) {
      self = .described(service)
    } else if text.contains("://") {
      self = .described(try .custom(baseURL: text))
    } else {
      let names = (known.map(\.name) + ["local"]).joined(separator: ", ")
      throw ServiceError(
        .refused,
        "no service is called '\(printable(text, limit: 60))'; known are \(names), or give a base URL such as http://127.0.0.1:8080"
      )
    }
  }
}
