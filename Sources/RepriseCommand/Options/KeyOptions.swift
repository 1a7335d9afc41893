import ArgumentParser
import RepriseService

/// Whose key goes to a service that has a URL and no name.
struct KeyOptions: ParsableArguments {
  @Flag(help: "Send the remote service's key to the service's URL, whoever is there.")
  var sendKey = false

  /// The key for a service. Where one is there and not sent, because nobody knows whose the URL is, that is said.
  ///
  /// - Throws: `ServiceError`, which exits 77, where the service wants one and there is none.
  func key(for service: ServiceDescription) throws -> APIKey? {
    let catalogue = try ServiceCatalogue.load()
    let key = try catalogue.key(for: service, sendKey: sendKey)
    guard key != nil || service.keyUse != .required else { throw APIKey.missing(for: service) }
    if !sendKey, catalogue.withholdsKey(from: service), let kept = try? APIKey.find(for: catalogue.aimlapi) {
      Console.say(
        "the key in \(kept.origin) is not sent to \(service.baseURL), which is no service it is known for; --send-key sends it"
      )
    }
    return key
  }
}
