import Foundation
import RepriseSystem

/// The services that have names: the built-in ones, changed and extended by those of the configuration.
public struct ServiceCatalogue: Sendable, Equatable {
  /// The source of a description.
  package enum Origin: Sendable, Equatable {
    /// The description is built in.
    case builtIn
    /// The file at this path defined or changed the description.
    case configuration(path: String)
  }

  /// A service that has a name.
  package struct Entry: Sendable, Equatable {
    /// Description of the service.
    ///
    /// The base URL of `local` is a placeholder for the one that the service gets when it is started.
    package var service: ServiceDescription
    /// Source of the description.
    package var origin: Origin
  }

  /// Placeholder for the local service's base URL until it listens.
  static let localBaseURL = "http://127.0.0.1"

  /// All services, the built-in ones first.
  package private(set) var entries: [Entry]
  /// Default service by the configuration: a name from the catalogue, or a base URL.
  package private(set) var preferred: String?
  /// Path of the configuration that was read; `nil` if there is none.
  package private(set) var path: String?

  /// Catalogue of the built-in services.
  public static let builtIn = ServiceCatalogue(
    entries: [.aimlapi, .local(baseURL: localBaseURL), .minimax].map { Entry(service: $0, origin: .builtIn) })

  private init(entries: [Entry]) { self.entries = entries }

  /// Loads `$XDG_CONFIG_HOME/reprise/config.toml`; without the file the services are the built-in ones.
  ///
  /// - Parameter environment: Variables and their values; those of this process unless given.
  /// - Returns: The catalogue.
  /// - Throws: `ServiceError`: `validation` with the path, the line and the key of a mistake, `refused` for a file that
  ///   other users may write, `io` for one that cannot be read.
  public static func load(environment: [String: String]? = nil) throws(ServiceError) -> ServiceCatalogue {
    let directory = Directories.configuration(environment ?? Environment.current)
    guard let text = try ConfigurationText.read(directory + "/config.toml") else { return .builtIn }
    return try ServiceCatalogue(text)
  }

  /// Creates a catalogue from a configuration.
  ///
  /// - Parameters:
  ///   - configuration: The text of the file.
  ///   - path: The path of the file, for messages.
  /// - Throws: `ServiceError` (`validation`) with the path, the line and the key of a mistake.
  package init(configuration: String, path: String) throws(ServiceError) {
    self = try ServiceCatalogue(ConfigurationText(configuration, path: path))
  }

  init(_ text: ConfigurationText) throws(ServiceError) {
    self = .builtIn
    path = text.path
    var root = ConfigurationTable(text, [], text.root)
    let builtIns = entries.map(\.service)
    for (name, table) in try root.table("services").tables() {
      guard Self.isName(name) else {
        throw text.mistake(["services", name], .other("is no name: 1–40 of a-z 0-9 . _ -, beginning with a letter"))
      }
      let service = try ServiceTable.read(name, table, builtIns: builtIns)
      let entry = Entry(service: service, origin: .configuration(path: text.path))
      if let index = entries.firstIndex(where: { $0.service.name == name }) {
        entries[index] = entry
      } else {
        entries.append(entry)
      }
    }
    if let name = try root.string("service") {
      // The value may be a key, so the message does not repeat it.
      guard (try? ServiceChoice(name, in: self)) != nil else {
        let names = entries.map(\.service.name).joined(separator: ", ")
        throw root.error(
          "service",
          .other("is neither a service that is known (\(names)) nor a usable base URL such as http://127.0.0.1:8080"))
      }
      preferred = name
    }
    try root.finish()
  }

  /// `true` if a text can be a name, which is typed and used in file names.
  private static func isName(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
    }
    return isPlain && (1...40).contains(text.utf8.count) && text.first?.isLetter == true
  }

  /// Returns the service of a name, or `nil` if there is none.
  package func service(named name: String) -> ServiceDescription? {
    entries.first { $0.service.name == name }?.service
  }

  /// The remote service, with the changes of the configuration.
  package var aimlapi: ServiceDescription { service(named: "aimlapi") ?? .aimlapi }

  /// The service that this program runs, with the changes of the configuration.
  ///
  /// The base URL is a placeholder for the one that the service gets when it listens.
  package var local: ServiceDescription {
    service(named: ServiceDescription.localName) ?? .local(baseURL: Self.localBaseURL)
  }

  /// The service whose rules apply if none is named.
  package var usual: ServiceDescription { preferred.flatMap { service(named: $0) } ?? aimlapi }

  /// Returns a service with the remote service's contract at another base URL.
  ///
  /// Its key is that of a known service at the same scheme, host and port, the remote service's on loopback, and none
  /// anywhere else (but see `key`).
  ///
  /// - Parameter baseURL: The base URL.
  /// - Returns: The service.
  /// - Throws: `ServiceError` (`refused`) if `baseURL` is not a plain http or https address.
  package func custom(baseURL: String) throws(ServiceError) -> ServiceDescription {
    var service = try ServiceDescription.custom(baseURL: baseURL)
    let address = try ServiceAddress(service.baseURL)
    if let owner = owner(of: address) {
      service.takeKey(of: owner)
    } else if address.isLoopback {
      service.takeKey(of: aimlapi)
    }
    return service
  }

  /// Returns the service whose key may be sent to an address; of several there, one with this very base URL.
  private func owner(of address: ServiceAddress) -> ServiceDescription? {
    let owners = entries.map(\.service).filter { $0.keyUse != .never && address.isSameOrigin(as: $0.baseURL) }
    return owners.first { $0.baseURL == address.text } ?? owners.first
  }

  /// Returns the service to which a job was given, from the record of it.
  ///
  /// - Parameters:
  ///   - name: The service's name, or its base URL, at the time of the job.
  ///   - baseURL: The service's base URL at that time. A named service that has moved is still queried there, without
  ///     its key unless that address has the same scheme, host and port.
  /// - Returns: The service.
  /// - Throws: `ServiceError` (`refused`) if `baseURL` is not usable.
  package func service(named name: String, baseURL: String) throws(ServiceError) -> ServiceDescription {
    guard var known = service(named: name) else {
      var custom = try custom(baseURL: baseURL)
      // A name that is gone had a key of its own. The remote service's key is trusted to loopback only for a URL given
      // by hand.
      if !name.contains("://") { custom.takeKey(ofOwner: owner(of: try ServiceAddress(baseURL))) }
      return custom
    }
    if name == ServiceDescription.localName {
      known.baseURL = baseURL
      return known
    }
    let address = try ServiceAddress(baseURL)
    let isSameOrigin = address.isSameOrigin(as: known.baseURL)
    known.baseURL = address.text
    guard !isSameOrigin else { return known }
    known.keyUse = known.keyUse == .never ? .never : .optional
    known.takeKey(ofOwner: owner(of: address))
    return known
  }

  /// Default service if the configuration names a base URL instead of a name; `nil` if it does not.
  package var preferredURL: Entry? {
    guard let preferred, service(named: preferred) == nil, let path, let service = try? custom(baseURL: preferred)
    else {
      return nil
    }
    return Entry(service: service, origin: .configuration(path: path))
  }

  /// `true` if no key is known for a service, because it was given by a URL alone.
  package func withholdsKey(from service: ServiceDescription) -> Bool {
    service.keyUse != .never && service.keyVariables.isEmpty && service.keyFile == nil
  }

  /// Finds the key of a service.
  ///
  /// - Parameters:
  ///   - service: A service of the catalogue, or one that `custom` made.
  ///   - sendKey: `true` to use the remote service's key for a service without a known key.
  ///   - environment: Variables and their values; those of this process unless given.
  /// - Returns: The key; `nil` if there is none.
  /// - Throws: As `APIKey.find`.
  package func key(
    for service: ServiceDescription, sendKey: Bool = false, environment: [String: String]? = nil
  ) throws(ServiceError) -> APIKey? {
    let owner = sendKey && withholdsKey(from: service) ? aimlapi : service
    return try APIKey.find(for: owner, environment: environment)
  }

  /// Checks that the services of the configuration can be used, by their addresses and with the present keys.
  ///
  /// - Parameter environment: Variables and their values; those of this process unless given.
  /// - Throws: `ServiceError` with the path and the name of the first unusable service: the error with which a command
  ///   would end that used it.
  package func check(environment: [String: String]? = nil) throws(ServiceError) {
    let configured = entries + [preferredURL].compactMap(\.self)
    for entry in configured {
      guard case .configuration(let path) = entry.origin, entry.service.name != ServiceDescription.localName else {
        continue
      }
      do throws(ServiceError) {
        // An invalid key is the key's error, not the address's.
        let key = try? key(for: entry.service, environment: environment)
        try entry.service.checkUse(key: key)
      } catch {
        let name = printable(entry.service.name, limit: 120)
        throw ServiceError(error.code, .configuration(.service(path: path, name: name, error)))
      }
    }
  }
}

extension ServiceDescription {
  /// Checks that the service can be used with a key, or without one if there is none.
  ///
  /// - Parameter key: The key.
  /// - Throws: `ServiceError`, as the creation of a client does but for a missing key.
  func checkUse(key: APIKey?) throws(ServiceError) {
    let adapter = try adapter()
    _ = try adapter.submission()
    guard keyUse != .never else { return }
    // A service that requires a key is rejected with any key, hence also before there is one.
    let origin = key?.origin ?? (keyUse == .required ? keyVariables.first ?? "the key" : nil)
    if let origin, let error = adapter.address.clearTextError(keyFrom: origin) { throw error }
  }
}
