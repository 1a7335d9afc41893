/// What was chosen as a service, by its name or a base URL.
public enum ServiceChoice: Sendable, Equatable {
  /// A service that is there already.
  case described(ServiceDescription)
  /// The service this program starts for itself on loopback.
  case startLocal

  /// Reads a name or a base URL.
  ///
  /// - Parameters:
  ///   - text: the name of a service, or an http or https base URL, which means the remote service's contract served
  ///     there.
  ///   - catalogue: the services that have names.
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
