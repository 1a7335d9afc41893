import ArgumentParser
import RepriseService
import Foundation

/// Which service makes the cover.
struct ServiceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A name ('reprise services' lists them), or the base URL of a service of the same contract. "
        + "(default: the configuration's, else aimlapi where a key is set, else local)",
      valueName: "name|URL"))
  var service: String?

  /// The service that was asked for, here or in the configuration, else the remote one where there is a key for it, else
  /// our own.
  ///
  /// - Throws: `CommandError` with 64 for a name nobody knows, `ServiceError` for a configuration that makes no sense.
  func choose() throws -> ServiceChoice {
    let catalogue = try ServiceCatalogue.load()
    if let service = service ?? catalogue.preferred {
      // A name nobody knows is the caller's mistake, not the service's refusal.
      do { return try ServiceChoice(service, in: catalogue) } catch {
        throw CommandError(.usage, ErrorPresentation.sentence(error))
      }
    }
    return try APIKey.find(for: catalogue.aimlapi) == nil ? .startLocal : .described(catalogue.aimlapi)
  }

  /// The service whose rules hold, wherever it will be listening.
  static func rules(of choice: ServiceChoice) throws -> ServiceDescription {
    switch choice {
    case .described(let service): service
    case .startLocal: try ServiceCatalogue.load().local
    }
  }
}
