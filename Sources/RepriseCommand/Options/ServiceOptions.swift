import ArgumentParser
import RepriseService
import Foundation

/// The choice of the service that makes the cover.
struct ServiceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A name ('reprise services' lists them), or the base URL of a service of the same contract. "
        + "(default: the configuration's, else aimlapi where a key is set, else local)",
      valueName: "name|URL"))
  var service: String?

  /// Returns the service chosen by the option or by the configuration; otherwise the remote service if there is a key
  /// for it, or else the local one.
  ///
  /// - Returns: The choice.
  /// - Throws: `CommandError` with exit code 64 for an unknown name, or `ServiceError` for an invalid configuration.
  func choose() throws -> ServiceChoice {
    let catalogue = try ServiceCatalogue.load()
    if let service = service ?? catalogue.preferred {
      // An unknown name is the caller's mistake, not a refusal by the service.
      do { return try ServiceChoice(service, in: catalogue) } catch {
        throw CommandError(.usage, ErrorPresentation.sentence(error))
      }
    }
    return try APIKey.find(for: catalogue.aimlapi) == nil ? .startLocal : .described(catalogue.aimlapi)
  }

  /// Returns the service whose rules apply, whatever its address will be.
  static func rules(of choice: ServiceChoice) throws -> ServiceDescription {
    switch choice {
    case .described(let service): service
    case .startLocal: try ServiceCatalogue.load().local
    }
  }
}
