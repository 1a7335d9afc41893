import ArgumentParser
import RepriseService
import Foundation
import RepriseSystem

struct ServicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "services",
    abstract: "Show the services that covers can be asked of, and what is in force.",
    discussion: """
      Built in are aimlapi, local and minimax; config.toml in the configuration folder ($XDG_CONFIG_HOME/reprise, see the \
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

  /// The service that a command without `--service` asks. A key that is there and can't be used counts: such a command
  /// would end with words about it.
  private func inForce(_ catalogue: ServiceCatalogue) -> String {
    if let preferred = catalogue.preferred { return catalogue.preferredURL?.service.name ?? preferred }
    do {
      return try APIKey.find(for: catalogue.aimlapi) == nil ? ServiceDescription.localName : catalogue.aimlapi.name
    } catch { return catalogue.aimlapi.name }
  }
}

/// `reprise.service.v1`: a service as it is in force. It has no place for a key.
struct ServiceRecord: Encodable {
  /// Whether there is a key, and where it was found.
  struct Key: Encodable {
    /// Whether the service wants one.
    let use: ServiceDescription.KeyUse
    /// `found`, `missing`, `unusable` or `none` where none is sent.
    let state: String
    /// The variable's name or the file's path; nil if there is none.
    let foundIn: String?
    /// Why it can't be used.
    let problem: String?
    /// Where it is looked for.
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

  struct Place: Encodable {
    /// `builtIn` or `configuration`.
    let kind: String
    /// The configuration's path.
    let path: String?
  }

  let schema = "reprise.service.v1"
  let name: String
  /// nil for the local service, which listens on a port of its own at every run.
  let baseURL: String?
  let isInForce: Bool
  let from: Place
  let shape: ServiceDescription.Shape
  let model: String
  let paths: ServiceDescription.Paths
  let fields: ServiceDescription.FieldNames
  let key: Key
  /// As the configuration writes it: `data-uri` or `raw`.
  let base64: String
  let result: ServiceDescription.ResultForm
  let mediaTypes: [String: String]
  let limits: Limits
  let usdPerCover: Double?
  let concurrency: Int
  let logDelay: Double?
  let polling: Polling.Settings
  let timeouts: ServiceDescription.Timeouts
  /// What people should know of it.
  let remark: String?

  init(_ entry: ServiceCatalogue.Entry, isInForce: Bool) {
    let service = entry.service
    name = service.name
    baseURL = service.name == ServiceDescription.localName ? nil : service.baseURL
    self.isInForce = isInForce
    switch entry.origin {
    case .builtIn: from = Place(kind: "builtIn", path: nil)
    case .configuration(let path): from = Place(kind: "configuration", path: path)
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
