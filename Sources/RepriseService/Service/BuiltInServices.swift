internal import Foundation

/// The services that are known without a configuration.
extension ServiceDescription {
  /// The remote service.
  ///
  /// The number of covers that it makes at once for one account is [likely], not documented.
  package static let aimlapi: ServiceDescription = {
    var service = ServiceDescription(name: "aimlapi", baseURL: "https://api.aimlapi.com", keyUse: .required)
    service.keyVariables = ["AIML_API_KEY", "AIMLAPI_API_KEY", "AIMLAPI_KEY"]
    service.keyFile = "key"
    service.usdPerCover = 0.195
    return service
  }()

  /// The makers of the model, through their own interface.
  ///
  /// Source: MiniMax's public API reference, read in November 2026. The service is [likely] closing to new users, hence
  /// never a default. There is no price, since the account's plan determines it.
  package static let minimax: ServiceDescription = {
    var service = ServiceDescription(name: "minimax", baseURL: "https://api.minimax.io", keyUse: .required)
    service.shape = .minimax
    service.model = "music-cover"
    service.paths = Paths(generate: "/v1/music_generation", logs: nil)
    service.fields.reference = "audio_base64"
    service.fields.referenceURL = "audio_url"
    service.keyVariables = ["MINIMAX_API_KEY"]
    service.keyFile = "keys/minimax"
    service.base64Form = .raw
    service.limits.promptLength = 10...300
    service.limits.lyricsLength = 10...1000
    service.concurrency = 2
    // The response is the cover, and so is sent only once that is made.
    service.timeouts.answer = 900
    return service
  }()

  /// Name of the service that this program runs itself.
  package static let localName = "local"

  /// Returns the service that this program runs itself.
  ///
  /// The service has no key, no price, a prompt of any length up to the remote service's limit, and short polling
  /// intervals.
  ///
  /// - Parameter baseURL: The URL at which the service listens, `http://127.0.0.1:PORT`.
  /// - Returns: The service.
  package static func local(baseURL: String) -> ServiceDescription {
    var service = ServiceDescription(name: localName, baseURL: baseURL, keyUse: .never)
    service.usdPerCover = 0
    service.limits.promptLength = 1...service.limits.promptLength.upperBound
    service.concurrency = min(64, max(8, ProcessInfo.processInfo.activeProcessorCount))
    service.logDelay = 5
    service.polling = Polling.Settings(firstInterval: 0.2, longestInterval: 1)
    return service
  }

  /// Returns a service with the remote service's contract at another base URL.
  ///
  /// The remote service's key is used for this machine's own loopback, and for no other host: the catalogue, or the
  /// caller, determines which others may have it.
  ///
  /// - Parameter baseURL: The base URL.
  /// - Returns: The service.
  /// - Throws: `ServiceError` (`refused`) if `baseURL` is not a plain http or https address.
  package static func custom(baseURL: String) throws(ServiceError) -> ServiceDescription {
    let address = try ServiceAddress(baseURL)
    var service = ServiceDescription(name: address.text, baseURL: address.text, keyUse: .optional)
    if address.isLoopback {
      service.polling = Polling.Settings(firstInterval: 0.2, longestInterval: 1)
      service.takeKey(of: .aimlapi)
    }
    return service
  }

  /// Sets the locations of the key to those of `other`.
  mutating func takeKey(of other: ServiceDescription) {
    keyVariables = other.keyVariables
    keyFile = other.keyFile
  }

  /// Sets the locations of the key to those of the address's owner, or to none if it has no owner.
  mutating func takeKey(ofOwner owner: ServiceDescription?) {
    keyVariables = owner?.keyVariables ?? []
    keyFile = owner?.keyFile
  }
}
