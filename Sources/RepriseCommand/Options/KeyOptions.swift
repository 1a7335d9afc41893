import ArgumentParser
import RepriseService

/// The use of a key for a service that is given by URL and has no name.
struct KeyOptions: ParsableArguments {
  @Flag(help: "Send the remote service's key to the service's URL, whoever runs it.")
  var sendKey = false

  /// Returns the key for a service.
  ///
  /// If there is a key that is not sent, as the owner of the URL is unknown, this is reported.
  ///
  /// - Parameter service: The description of the service.
  /// - Returns: The key; `nil` if none is sent.
  /// - Throws: `ServiceError`, with exit code 77, if the service requires a key and there is none.
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
