import ArgumentParser
import CoverService
import Foundation

/// Which service makes the cover, and with whose key.
struct ServiceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "aimlapi, local, or the base URL of a service of the same contract. (default: aimlapi where a key is set, else local)",
      valueName: "name|URL"))
  var service: String?

  /// The service that was asked for, else the remote one where there is a key for it, else our own.
  func choose() throws -> ServiceChoice {
    if let service {
      // A name nobody knows is the caller's mistake, not the service's refusal.
      do { return try ServiceChoice(service) } catch { throw Trouble(.usage, error.message) }
    }
    return try APIKey.find(for: .aimlapi) == nil ? .startLocal : .described(.aimlapi)
  }

  /// The service whose rules hold, wherever it will be listening.
  static func rules(of choice: ServiceChoice) -> ServiceDescription {
    switch choice {
    case .described(let service): service
    case .startLocal: .local(baseURL: "http://127.0.0.1")
    }
  }

  /// The key for a service.
  ///
  /// - Throws: `Trouble` with 77 where the service wants one and there is none.
  static func key(for service: ServiceDescription) throws -> APIKey? {
    let key = try APIKey.find(for: service)
    guard key != nil || service.keyUse != .required else {
      let path = APIKey.filePath(environment: ProcessInfo.processInfo.environment) ?? "~/.config/reprise/key"
      throw Trouble(
        .keyOrCredit,
        "\(service.name) wants a key and there is none: set \(service.keyVariables.joined(separator: " or ")), or put it"
          + " into \(path) (mode 0600); without a key, --service local makes the cover here")
    }
    return key
  }
}
