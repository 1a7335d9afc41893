internal import Foundation

/// The services that are known without a configuration.
extension ServiceDescription {
  /// The remote service. How many covers it makes at once for one account is [likely], not documented.
  public static let aimlapi: ServiceDescription = {
    var service = ServiceDescription(name: "aimlapi", baseURL: "https://api.aimlapi.com", keyUse: .required)
    service.keyVariables = ["AIML_API_KEY", "AIMLAPI_API_KEY", "AIMLAPI_KEY"]
    service.keyFile = "key"
    service.usdPerCover = 0.195
    return service
  }()

  /// The model's makers themselves, by their own interface.
  ///
  /// Source: MiniMax's public API reference, read in November 2026. It is [likely] closing to new users, hence never a
  /// default. No price: it is told by the account's plan.
  public static let minimax: ServiceDescription = {
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
    // The response is the cover: it comes when that is made.
    service.timeouts.answer = 900
    return service
  }()

  /// The name of the service this program runs itself.
  public static let localName = "local"

  /// The service this program runs itself: no key, no price, a prompt of any length up to the remote service's, asked
  /// often.
  ///
  /// - Parameter baseURL: where it listens, `http://127.0.0.1:PORT`.
  public static func local(baseURL: String) -> ServiceDescription {
    var service = ServiceDescription(name: localName, baseURL: baseURL, keyUse: .never)
    service.usdPerCover = 0
    service.limits.promptLength = 1...service.limits.promptLength.upperBound
    service.concurrency = min(64, max(8, ProcessInfo.processInfo.activeProcessorCount))
    service.logDelay = 5
    service.polling = Polling.Settings(firstInterval: 0.2, longestInterval: 1)
    return service
  }

  /// The same contract served elsewhere.
  ///
  /// The remote service's key goes along to this machine's own loopback, and to nobody else: whoever may have it is the
  /// catalogue's to know, or the caller's to say.
  ///
  /// - Throws: `ServiceError` (`refused`) if `baseURL` is not a plain http or https address.
  public static func custom(baseURL: String) throws(ServiceError) -> ServiceDescription {
    let address = try ServiceAddress(baseURL)
    var service = ServiceDescription(name: address.text, baseURL: address.text, keyUse: .optional)
    if address.isLoopback {
      service.polling = Polling.Settings(firstInterval: 0.2, longestInterval: 1)
      service.takeKey(of: .aimlapi)
    }
    return service
  }

  /// Looks for the key where `other` has it.
  mutating func takeKey(of other: ServiceDescription) {
    keyVariables = other.keyVariables
    keyFile = other.keyFile
  }

  /// Looks for the key where its place's owner has it, and nowhere if nobody owns that.
  mutating func takeKey(ofOwner owner: ServiceDescription?) {
    keyVariables = owner?.keyVariables ?? []
    keyFile = owner?.keyFile
  }
}
