import ArgumentParser
import RepriseService
import Foundation
import RepriseSystem

struct ServicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "services",
    abstract: "Show the available services and the settings in force.",
    discussion: """
      Built in are aimlapi, local and minimax; config.toml in the configuration directory ($XDG_CONFIG_HOME/reprise, see the \
      README) changes them and adds others. Keys are never shown, only where they are found.
      """)

  @Argument(help: "The service whose every setting is shown.")
  var name: String?

  @Flag(help: "Only check the configuration.")
  var check = false

  @OptionGroup var speech: OutputOptions

  func run() throws {
    if check {
      let mistakes = ServiceCatalogue.mistakes()
      for mistake in mistakes { Console.say("reprise: \(Console.printable(ErrorPresentation.sentence(mistake)))") }
      if let first = mistakes.first, let status = ErrorPresentation.of(first)?.status { throw status }
    }
    let catalogue = try ServiceCatalogue.load()
    if check {
      try catalogue.check()
      return speech.say(
        catalogue.path.map { "\(Console.printable($0)): fine, \(counted(catalogue.entries.count, "service"))" }
          ?? "no configuration; the built-in services are in force")
    }
    var entries = catalogue.entries + [catalogue.preferredURL].compactMap(\.self)
    if let name {
      entries.removeAll { $0.service.name != name }
      guard !entries.isEmpty else {
        let names = catalogue.entries.map(\.service.name).joined(separator: ", ")
        let meant = EditDistance.nearest(to: name, among: catalogue.entries.map(\.service.name))
        throw CommandError(
          .usage,
          "no service is called '\(Console.printable(name))'; "
            + (meant.map { "did you mean '\($0)'? " } ?? "") + "known are \(names)")
      }
    }
    let inForce = inForce(catalogue)
    let records = entries.map {
      ServiceRecord($0, isInForce: $0.service.name == inForce)
    }
    if speech.json {
      for record in records { try Console.data(try Console.json(record)) }
    } else if let record = records.first, name != nil {
      for line in ServiceText.everything(record) { try Console.data(line) }
    } else {
      for line in ServiceText.table(records) { try Console.data(line) }
    }
  }

  /// Returns the service used by a command without `--service`.
  ///
  /// A key that is set but unusable counts as set: such a command would fail with an error about the key.
  private func inForce(_ catalogue: ServiceCatalogue) -> String {
    if let preferred = catalogue.preferred { return catalogue.preferredURL?.service.name ?? preferred }
    do {
      return try APIKey.find(for: catalogue.aimlapi) == nil ? ServiceDescription.localName : catalogue.aimlapi.name
    } catch { return catalogue.aimlapi.name }
  }
}

/// The record `reprise.service.v1`: a service as configured, never including a key.
struct ServiceRecord: Encodable {
  /// The state of a service's key.
  struct Key: Encodable {
    /// Use of a key by the service.
    let use: ServiceDescription.KeyUse
    /// One of `found`, `missing`, `unusable`, or `none` where no key is sent.
    let state: String
    /// Name of the variable or path of the file; `nil` if there is none.
    let foundIn: String?
    /// Reason for which the key is unusable; `nil` if there is none.
    let problem: String?
    /// Environment variables that may hold the key.
    let variables: [String]
    let file: String?

    init(_ service: ServiceDescription) {
      use = service.keyUse
      variables = service.keyUse == .never ? [] : service.keyVariables
      file = service.keyUse == .never ? nil : APIKey.filePath(for: service)
      do {
        let found = try APIKey.find(for: service)?.origin
        foundIn = found
        state = found != nil ? "found" : service.keyUse == .never ? "none" : "missing"
        problem = nil
      } catch {
        (foundIn, state, problem) = (nil, "unusable", ErrorPresentation.sentence(error))
      }
    }
  }

  struct Limits: Encodable {
    let seconds: [Double]
    let bytes: Int
    let resultBytes: Int
    let prompt: [Int]
    let lyrics: [Int]
    let lyricsRequired: Bool
    let formats: [String]
  }

  struct Source: Encodable {
    /// One of `builtIn` and `configuration`.
    let kind: String
    /// Path of the configuration; `nil` for a built-in service.
    let path: String?
  }

  let schema = "reprise.service.v1"
  let name: String
  /// Base URL; `nil` for the local service, which listens on a different port in every run.
  let baseURL: String?
  let isInForce: Bool
  let from: Source
  let shape: ServiceDescription.Shape
  let model: String
  let paths: ServiceDescription.Paths
  let fields: ServiceDescription.FieldNames
  let key: Key
  /// Form of base64 data as in the configuration: `data-uri` or `raw`.
  let base64: String
  let result: ServiceDescription.ResultForm
  let mediaTypes: [String: String]
  let limits: Limits
  let usdPerCover: Double?
  let concurrency: Int
  let logDelay: Double?
  let polling: Polling.Settings
  let timeouts: ServiceDescription.Timeouts
  /// Remark for users; `nil` for none.
  let remark: String?

  init(_ entry: ServiceCatalogue.Entry, isInForce: Bool) {
    let service = entry.service
    name = service.name
    baseURL = service.name == ServiceDescription.localName ? nil : service.baseURL
    self.isInForce = isInForce
    switch entry.origin {
    case .builtIn: from = Source(kind: "builtIn", path: nil)
    case .configuration(let path): from = Source(kind: "configuration", path: path)
    }
    shape = service.shape
    model = service.model
    paths = service.paths
    fields = service.fields
    key = Key(service)
    base64 = service.base64Form == .dataURI ? "data-uri" : "raw"
    result = service.resultForm
    mediaTypes = service.mediaTypes
    let rules = service.limits
    limits = Limits(
      seconds: [rules.seconds.lowerBound, rules.seconds.upperBound], bytes: rules.maximumBytes,
      resultBytes: rules.maximumResultBytes, prompt: [rules.promptLength.lowerBound, rules.promptLength.upperBound],
      lyrics: [rules.lyricsLength.lowerBound, rules.lyricsLength.upperBound], lyricsRequired: rules.lyricsRequired,
      formats: rules.formats.sorted())
    usdPerCover = service.usdPerCover
    concurrency = service.concurrency
    logDelay = service.logDelay
    polling = service.polling
    timeouts = service.timeouts
    remark = service.remark
  }
}
