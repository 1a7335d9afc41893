/// A service chosen by its name or by a base URL.
public enum ServiceChoice: Sendable, Equatable {
  /// A service that exists already.
  case described(ServiceDescription)
  /// The service that this program starts for itself on loopback.
  case startLocal

  /// Parses a name or a base URL.
  ///
  /// - Parameters:
  ///   - text: The name of a service, or an http or https base URL at which the remote service's contract is served.
  ///   - catalogue: The services that have names.
  /// - Throws: `ServiceError` (`refused`) if no service has that name or the URL is not usable.
  public init(_ text: String, in catalogue: ServiceCatalogue = .builtIn) throws(ServiceError) {
    if text == ServiceDescription.localName {
      self = .startLocal
    } else if let service = catalogue.service(named: text) {
      self = .described(service)
    } else if text.contains("://") {
      self = .described(try catalogue.custom(baseURL: text))
    } else {
      let names = catalogue.entries.map(\.service.name)
      throw ServiceError(.refused, .address(.unknownService(printable(text, limit: 60), known: names)))
    }
  }
}
