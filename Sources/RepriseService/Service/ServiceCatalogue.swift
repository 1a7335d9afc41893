import Foundation
import RepriseSystem

/// The services that people can name: those that are built in, changed and joined by those of the configuration.
public struct ServiceCatalogue: Sendable, Equatable {
  /// Where a description comes from.
  public enum Origin: Sendable, Equatable {
    /// It is as this program has it.
    case builtIn
    /// The file at this path made or changed it.
    case configuration(path: String)
  }

  /// A service that has a name.
  public struct Entry: Sendable, Equatable {
    /// What it is. The base URL of `local` stands for the one it gets when it is started.
    public var service: ServiceDescription
    /// Where that comes from.
    public var origin: Origin
  }

  /// The base URL that stands for the local service's until it listens.
  static let localPlace = "http://127.0.0.1"

  /// All services, the built-in ones first.
  public private(set) var entries: [Entry]
  /// What the configuration says is meant where no service is named: a name of these, or a base URL.
  public private(set) var preferred: String?
  /// The configuration that was read, `nil` if there is none.
  public private(set) var path: String?

  /// The services that are there without a configuration.
  public static let builtIn = ServiceCatalogue(
    entries: [.aimlapi, .local(baseURL: localPlace), .minimax].map { Entry(service: $0, origin: .builtIn) })

  private init(entries: [Entry]) { self.entries = entries }

  /// Reads `$XDG_CONFIG_HOME/reprise/config.toml`; without it the services are those that are built in.
  ///
  /// - Parameter environment: the process's own unless given.
  /// - Throws: `ServiceError`: `validation` with the path, the line and the key of a mistake, `refused` for a file
  ///   others may write, `io` for one that can't be read.
  public static func load(environment: [String: String]? = nil) throws(ServiceError) -> ServiceCatalogue {
    let folder = Folders.configuration(environment ?? Environment.current)
    guard let text = try ConfigurationText.read(folder + "/config.toml") else { return .builtIn }
    return try ServiceCatalogue(text)
  }

  /// Reads a configuration.
  ///
  /// - Parameter path: where it is, for messages.
  /// - Throws: `ServiceError` (`validation`) with the path, the line and the key of a mistake.
  public init(configuration: String, path: String) throws(ServiceError) {
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
      // What is there may be a key, so it is not repeated.
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

  /// Names are part of file names, and typed.
  private static func isName(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
    }
    return isPlain && (1...40).contains(text.utf8.count) && text.first?.isLetter == true
  }

  /// The service of a name, `nil` if there is none.
  public func service(named name: String) -> ServiceDescription? {
    entries.first { $0.service.name == name }?.service
  }

  /// The remote service, as the configuration has it.
  public var aimlapi: ServiceDescription { service(named: "aimlapi") ?? .aimlapi }

  /// The service this program runs, as the configuration has it; its base URL stands for the one it gets when it
  /// listens.
  public var local: ServiceDescription {
    service(named: ServiceDescription.localName) ?? .local(baseURL: Self.localPlace)
  }

  /// The service whose rules hold where nobody has named one.
  public var usual: ServiceDescription { preferred.flatMap { service(named: $0) } ?? aimlapi }

  /// The remote service's contract served elsewhere, with whosever key may go there: a known service's own to its own
  /// host, the remote service's to loopback, nobody's to anybody else (but see `key`).
  ///
  /// - Parameter baseURL: where it is.
  /// - Throws: `ServiceError` (`refused`) if `baseURL` is not a plain http or https address.
  public func custom(baseURL: String) throws(ServiceError) -> ServiceDescription {
    var service = try ServiceDescription.custom(baseURL: baseURL)
    let address = try ServiceAddress(service.baseURL)
    if let owner = owner(of: address) {
      service.takeKey(of: owner)
    } else if address.isLoopback {
      service.takeKey(of: aimlapi)
    }
    return service
  }

  /// The service whose key may go to a place; of several there, one with this very base URL.
  private func owner(of address: ServiceAddress) -> ServiceDescription? {
    let owners = entries.map(\.service).filter { $0.keyUse != .never && address.isSamePlace(as: $0.baseURL) }
    return owners.first { $0.baseURL == address.text } ?? owners.first
  }

  /// The service a job was given to, by what was written down of it.
  ///
  /// - Parameters:
  ///   - name: the service's name then, or its base URL.
  ///   - baseURL: where it was then. A named service that is elsewhere now is still asked there, without its key unless
  ///     that is its own place too.
  /// - Throws: `ServiceError` (`refused`) if `baseURL` is not usable.
  public func service(named name: String, baseURL: String) throws(ServiceError) -> ServiceDescription {
    guard var known = service(named: name) else {
      var custom = try custom(baseURL: baseURL)
      // A name that is gone had a key of its own. Loopback is trusted with the remote service's for a URL given by hand
      // alone.
      if !name.contains("://") { custom.takeKey(ofOwner: owner(of: try ServiceAddress(baseURL))) }
      return custom
    }
    if name == ServiceDescription.localName {
      known.baseURL = baseURL
      return known
    }
    let address = try ServiceAddress(baseURL)
    let isSamePlace = address.isSamePlace(as: known.baseURL)
    known.baseURL = address.text
    guard !isSamePlace else { return known }
    known.keyUse = known.keyUse == .never ? .never : .optional
    known.takeKey(ofOwner: owner(of: address))
    return known
  }

  /// What is in force where the configuration names a base URL instead of a service; `nil` where it does not.
  public var preferredURL: Entry? {
    guard let preferred, service(named: preferred) == nil, let path, let service = try? custom(baseURL: preferred)
    else {
      return nil
    }
    return Entry(service: service, origin: .configuration(path: path))
  }

  /// Whether a service is one whose key nobody knows, because a URL alone was given for it.
  public func withholdsKey(from service: ServiceDescription) -> Bool {
    service.keyUse != .never && service.keyVariables.isEmpty && service.keyFile == nil
  }

  /// Looks for the key of a service.
  ///
  /// - Parameters:
  ///   - service: one of these, or one that `custom` made.
  ///   - sendKey: whether a service whose key nobody knows gets the remote service's.
  /// - Throws: as `APIKey.find`.
  public func key(
    for service: ServiceDescription, sendKey: Bool = false, environment: [String: String]? = nil
  ) throws(ServiceError) -> APIKey? {
    let owner = sendKey && withholdsKey(from: service) ? aimlapi : service
    return try APIKey.find(for: owner, environment: environment)
  }

  /// Looks whether the services of the configuration can be used: by their addresses, and with the keys that are there
  /// now.
  ///
  /// - Parameter environment: the process's own unless given.
  /// - Throws: `ServiceError` with the path and the service of the first that can't: what a command that asked it would
  ///   end with.
  public func check(environment: [String: String]? = nil) throws(ServiceError) {
    let configured = entries + [preferredURL].compactMap(\.self)
    for entry in configured {
      guard case .configuration(let path) = entry.origin, entry.service.name != ServiceDescription.localName else {
        continue
      }
      do throws(ServiceError) {
        // A key that is none is the key's trouble, not the address's.
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
  /// Looks whether the service can be used with a key, or without one where none is there.
  ///
  /// - Throws: `ServiceError`, as a client's making does but for a key that is missing.
  func checkUse(key: APIKey?) throws(ServiceError) {
    let adapter = try adapter()
    _ = try adapter.submission()
    guard keyUse != .never else { return }
    // A service that wants a key is refused with any, so also before there is one.
    let origin = key?.origin ?? (keyUse == .required ? keyVariables.first ?? "the key" : nil)
    if let origin, let error = adapter.address.clearTextError(keyFrom: origin) { throw error }
  }
}
