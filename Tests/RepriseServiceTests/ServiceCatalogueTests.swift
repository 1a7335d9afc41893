import RepriseService
import Foundation
import TestSupport
import Testing

/// A catalogue of this configuration, at a path that says nothing.
func catalogue(_ text: String) throws(ServiceError) -> ServiceCatalogue {
  try ServiceCatalogue(configuration: text, path: "c.toml")
}

@Suite("The configuration's services")
struct ServiceCatalogueTests {
  static let everything = """
    # Everything that can be said.
    service = "studio"
    [services.studio]
    like = "aimlapi"
    shape = "generations"
    base_url = "https://studio.example/api/"
    model = "studio/cover-2"
    key = "optional"
    key_variables = ["STUDIO_KEY", "STUDIO_KEY_2"]
    base64 = "raw"
    result = "url"
    price_usd = 0.25
    concurrency = 3
    log_delay = 7.5
    [services.studio.paths]
    generate = "/make"
    logs = ""
    [services.studio.fields]
    model = "m"
    prompt = "p"
    reference = "r"
    reference_url = "ru"
    lyrics = "l"
    setting = "s"
    generation_id = "gid"
    [services.studio.limits]
    min_seconds = 5
    max_seconds = 100.5
    max_bytes = 2000000
    max_result_bytes = 3000000
    prompt_min = 1
    prompt_max = 20
    lyrics_min = 2
    lyrics_max = 30
    lyrics_required = true
    formats = ["mp3", "wav"]
    [services.studio.media_types]
    mp3 = "audio/mp3"
    wav = "audio/x-wav"
    flac = "audio/x-flac"
    [services.studio.polling]
    first = 1
    longest = 2.5
    timeout = 60
    [services.studio.timeouts]
    connect = 3
    answer = 4
    stall = 5
    """

  @Test("every key of a service's table arrives in its description")
  func everyKey() throws {
    let catalogue = try catalogue(Self.everything)
    #expect(catalogue.preferred == "studio" && catalogue.path == "c.toml")
    #expect(catalogue.entries.map(\.service.name) == ["aimlapi", "local", "minimax", "studio"])
    #expect(catalogue.entries.last?.origin == .configuration(path: "c.toml"))
    var wanted = ServiceDescription(name: "studio", baseURL: "https://studio.example/api", keyUse: .optional)
    wanted.model = "studio/cover-2"
    wanted.keyVariables = ["STUDIO_KEY", "STUDIO_KEY_2"]
    wanted.keyFile = "keys/studio"
    wanted.base64Form = .raw
    wanted.usdPerCover = 0.25
    wanted.concurrency = 3
    wanted.logDelay = 7.5
    wanted.paths = ServiceDescription.Paths(generate: "/make", logs: nil)
    wanted.fields.model = "m"
    wanted.fields.prompt = "p"
    wanted.fields.reference = "r"
    wanted.fields.referenceURL = "ru"
    wanted.fields.lyrics = "l"
    wanted.fields.setting = "s"
    wanted.fields.generationID = "gid"
    wanted.limits.seconds = 5...100.5
    wanted.limits.maximumBytes = 2_000_000
    wanted.limits.maximumResultBytes = 3_000_000
    wanted.limits.promptLength = 1...20
    wanted.limits.lyricsLength = 2...30
    wanted.limits.lyricsRequired = true
    wanted.limits.formats = ["mp3", "wav"]
    wanted.mediaTypes = ["mp3": "audio/mp3", "wav": "audio/x-wav", "flac": "audio/x-flac"]
    wanted.polling = Polling.Settings(firstInterval: 1, longestInterval: 2.5, timeout: 60)
    wanted.timeouts.connect = 3
    wanted.timeouts.answer = 4
    wanted.timeouts.stall = 5
    #expect(catalogue.service(named: "studio") == wanted)
    #expect(catalogue.usual == wanted)
    #expect(catalogue.service(named: "aimlapi") == .aimlapi && catalogue.service(named: "minimax") == .minimax)
  }

  @Test("a built-in service keeps what its table does not say; the local one may change its rules")
  func overriding() throws {
    let catalogue = try catalogue(
      """
      [services.aimlapi]
      price_usd = 1
      [services.local.polling]
      timeout = 9
      [services.local]
      concurrency = 1
      """)
    var wanted = ServiceDescription.aimlapi
    wanted.usdPerCover = 1
    #expect(catalogue.aimlapi == wanted && catalogue.usual == wanted)
    #expect(catalogue.entries[0].origin == .configuration(path: "c.toml"))
    #expect(catalogue.local.polling.timeout == 9 && catalogue.local.concurrency == 1)
    #expect(catalogue.local.polling.firstInterval == 0.2)
    #expect(catalogue.entries[2].origin == .builtIn)
  }

  @Test("a shape brings its own names, limits and paths")
  func shapes() throws {
    let catalogue = try catalogue(
      "[services.mm]\nshape = \"minimax\"\nbase_url = \"https://mm.example\"\nresult = \"hex\"\n")
    let service = try #require(catalogue.service(named: "mm"))
    #expect(service.paths == ServiceDescription.minimax.paths && service.limits == ServiceDescription.minimax.limits)
    #expect(service.resultForm == .hex && service.base64Form == .raw && service.timeouts.answer >= 300)
    #expect(service.keyVariables.isEmpty && service.keyFile == "keys/mm")
  }

  @Test("without a file, and with an empty one, the built-in services are there")
  func missing() throws {
    let scratch = try Scratch()
    #expect(try ServiceCatalogue.load(environment: ["XDG_CONFIG_HOME": scratch.root]) == .builtIn)
    #expect(try catalogue("").entries == ServiceCatalogue.builtIn.entries)
    #expect(ServiceCatalogue.builtIn.usual == .aimlapi)
    #expect(ServiceDescription.aimlapi.concurrency == 4 && ServiceDescription.aimlapi.logDelay == nil)
    #expect(ServiceDescription.local(baseURL: "http://127.0.0.1:1").logDelay == 5)
    #expect(try ServiceDescription.custom(baseURL: "https://x.example").concurrency == 4)
  }

  @Test("the default may be a name or a base URL")
  func preferred() throws {
    #expect(try catalogue("service = \"local\"").usual.name == "local")
    let catalogue = try catalogue("service = \"http://127.0.0.1:8080\"")
    #expect(catalogue.preferred == "http://127.0.0.1:8080" && catalogue.usual == .aimlapi)
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    /// A mistake that an error must report.
    enum Fault: Sendable {
      case type(found: String, wanted: String)
      case elementType(found: String, wanted: String)
      case noneOf([String], isForKey: Bool)
      case range(String, least: String, most: String)
      case unknown(known: [String])
      case builtInLike(String)
      case shape(like: String, shape: String)
      case noURL, empty, variables, resultForm
      /// A fact that has no case of its own.
      case stated(String)
    }
    var text: String
    var fault: Fault
    var line: Int?
    init(_ text: String, _ fault: Fault, line: Int? = nil) {
      self.text = text
      self.fault = fault
      self.line = line
    }
    /// One in a service's own table.
    init(in text: String, _ fault: Fault) {
      self.init("[services.s]\nbase_url = \"https://s.example\"\n\(text)\n", fault, line: 3)
    }
    /// One in a table of its own within.
    init(_ table: String, _ text: String, _ fault: Fault) {
      self.init("[services.s]\nbase_url = \"https://s.example\"\n[services.s.\(table)]\n\(text)\n", fault, line: 4)
    }
    var testDescription: String { "\(fault): \(text.suffix(60))" }

    /// Returns `true` if an error reports this mistake.
    func isNamed(by error: ServiceError) -> Bool {
      if case .stated(let text) = fault { return error.description.contains(text) }
      let expected: ServiceError.ConfigurationProblem.Mistake? =
        switch fault {
        case .type(let found, let wanted): .type(found: found, wanted: wanted)
        case .elementType(let found, let wanted): .elementType(found: found, wanted: wanted)
        case .noneOf(let words, let isForKey): .noneOf(words, isForKey: isForKey)
        case .range(let value, let least, let most): .range(value, least: least, most: most)
        case .unknown(let known): .unknown(known: known)
        case .builtInLike(let name): .builtInLike(name)
        case .shape(let like, let shape): .shape(like: like, shape: shape)
        case .noURL: .noURL
        case .empty: .empty
        case .variables: .variables
        case .resultForm: .resultForm
        case .stated: nil
        }
      return error.mistake?.fault == expected
    }
  }

  static let mistakes: [Mistake] = [
    Mistake("colour = 1\n", .unknown(known: ["service", "services"]), line: 1),
    Mistake("service = 1\n", .type(found: "an integer", wanted: "a string"), line: 1),
    Mistake(
      "\nservice = \"nosuch\"\n", .stated("service: is neither a service that is known (aimlapi, local, minimax) nor"),
      line: 2),
    Mistake("service = \"ftp://x\"\n", .stated("base URL"), line: 1),
    // Lines are counted in files of other systems too.
    Mistake("# a\r\n\r\nservice = 1\r\n", .type(found: "an integer", wanted: "a string"), line: 3),
    Mistake(
      "[services.s]\r\nbase_url = \"https://s.example\"\r\n\r\nmodel = 3\r\n",
      .type(found: "an integer", wanted: "a string"), line: 4),
    Mistake(in: "key_variables = [\"studio_key\"]", .variables),
    Mistake(in: "key_variables = [\"\"]", .variables),
    Mistake(in: "key_variables = [\"1KEY\"]", .variables),
    Mistake("services = 1\n", .type(found: "an integer", wanted: "a table"), line: 1),
    Mistake("services.s = 1\n", .type(found: "an integer", wanted: "a table"), line: 1),
    Mistake("[services.\"../x\"]\nbase_url = \"https://x\"\n", .stated("is no name")),
    Mistake("[services.Studio]\n", .stated("is no name"), line: 1),
    Mistake("a = 1\na = 2\n", .stated("is not TOML"), line: 2),
    Mistake("a = \n", .stated("is not TOML"), line: 1),
    Mistake("a = \"\u{0}\"", .stated("NUL byte")),
    Mistake("[services.s]\nmodel = \"m\"\n", .noURL, line: 1),
    Mistake("[services.local]\nbase_url = \"http://x\"\n", .stated("run by reprise itself"), line: 2),
    Mistake("[services.local]\nkey = \"optional\"\n", .stated("run by reprise itself"), line: 2),
    Mistake("[services.aimlapi]\nlike = \"minimax\"\n", .builtInLike("aimlapi"), line: 2),
    Mistake("[services.aimlapi]\nshape = \"minimax\"\n", .shape(like: "aimlapi", shape: "generations"), line: 2),
    Mistake(in: "like = \"nosuch\"", .stated("none of the built-in services: aimlapi, local, minimax")),
    Mistake(in: "shape = \"soap\"", .noneOf(["generations", "minimax"], isForKey: false)),
    Mistake(in: "colour = \"red\"", .stated("services.s.colour: is not known here")),
    Mistake(in: "model = \"\"", .empty), Mistake(in: "model = \"a\\nb\"", .stated("control characters")),
    Mistake(in: "model = true", .type(found: "true or false", wanted: "a string")),
    Mistake(in: "key = \"sometimes\"", .noneOf(["required", "optional", "never"], isForKey: true)),
    Mistake(in: "key_variables = \"STUDIO_KEY\"", .type(found: "a string", wanted: "a list of strings")),
    Mistake(in: "key_variables = [1]", .elementType(found: "an integer", wanted: "a list of strings")),
    Mistake(in: "base64 = \"base32\"", .noneOf(["data-uri", "raw"], isForKey: false)),
    Mistake(in: "result = \"hex\"", .resultForm),
    Mistake(in: "price_usd = -1", .range("-1.0", least: "0", most: "1000")),
    Mistake(in: "price_usd = nan", .range("nan", least: "0", most: "1000")),
    Mistake(in: "price_usd = 2026-11-24", .type(found: "a date or time", wanted: "a number")),
    Mistake(in: "concurrency = 0", .range("0", least: "1", most: "64")),
    Mistake(in: "concurrency = 2.5", .type(found: "a number", wanted: "an integer")),
    Mistake(in: "log_delay = inf", .range("inf", least: "0", most: "86400")),
    Mistake(in: "limits = 3", .type(found: "an integer", wanted: "a table")),
    Mistake("paths", "generate = \"v2\"", .stated("is no path")),
    Mistake("paths", "generate = \"/a?b\"", .stated("is no path")),
    Mistake("paths", "generate = \"\"", .stated("is no path")),
    Mistake("paths", "poll = \"/a\"", .unknown(known: ["generate", "logs"])),
    Mistake("fields", "prompt = \"a&b\"", .stated("is no field's name")),
    Mistake("fields", "lyrics = \"\"", .stated("is no field's name")),
    Mistake("fields", "colour = \"a\"", .stated("is not known here")),
    Mistake("limits", "min_seconds = 400", .stated("min_seconds 400.0 is over max_seconds 360.0")),
    Mistake("limits", "prompt_max = 3", .stated("prompt_min 10 is over prompt_max 3")),
    Mistake("limits", "lyrics_min = 5000", .stated("lyrics_min 5000 is over lyrics_max 3000")),
    Mistake("limits", "prompt_min = -1", .range("-1", least: "0", most: "1000000")),
    Mistake("limits", "max_bytes = 5", .range("5", least: "1000", most: "10000000000")),
    Mistake("limits", "max_bytes = \"50 MB\"", .type(found: "a string", wanted: "an integer")),
    Mistake("limits", "lyrics_required = 1", .type(found: "an integer", wanted: "true or false")),
    Mistake("limits", "formats = [\"ogg\"]", .stated("one or more of \"mp3\"")),
    Mistake("limits", "formats = []", .stated("one or more")),
    Mistake("limits", "seconds = 3", .stated("is not known here")),
    Mistake("media_types", "mp3 = \"mpeg\"", .stated("is no media type")),
    Mistake("media_types", "mp3 = \"audio/mpeg;a=b\"", .stated("is no media type")),
    Mistake("media_types", "ogg = \"audio/ogg\"", .unknown(known: ["flac", "mp3", "wav"])),
    Mistake("polling", "first = 0", .range("0.0", least: "0.01", most: "3600")),
    Mistake("polling", "longest = 1", .stated("first 5.0 is over longest 1.0")),
    Mistake("polling", "timeout = 1e9", .range("1000000000.0", least: "0", most: "604800")),
    Mistake("polling", "every = 1", .stated("is not known here")),
    Mistake("timeouts", "answer = 0", .range("0.0", least: "0.1", most: "86400")),
    Mistake("timeouts", "connect = []", .type(found: "a list", wanted: "a number")),
    Mistake("timeouts", "read = 1", .unknown(known: ["answer", "connect", "stall"])),
  ]

  @Test("a mistake is reported with path, line, key and what is allowed", arguments: mistakes)
  func mistake(_ mistake: Mistake) async throws {
    let failure = try await error { _ = try catalogue(mistake.text) }
    #expect(failure.code == .validation && failure.status == nil)
    #expect(mistake.isNamed(by: failure), "\(failure)")
    let location = mistake.line.map { "c.toml:\($0): " } ?? "c.toml"
    #expect(failure.description.hasPrefix(location), "\(failure)")
  }

  @Test(
    "two fields may not have one name",
    arguments: [
      ("generations", "prompt = \"model\""), ("generations", "reference_url = \"prompt\""),
      ("generations", "lyrics = \"reference_audio_url\""), ("minimax", "prompt = \"output_format\""),
      ("minimax", "setting = \"audio_url\""), ("minimax", "reference_url = \"output_format\""),
    ])
  func fieldsClash(shape: String, line: String) async throws {
    let failure = try await error {
      _ = try catalogue(
        "[services.s]\nshape = \"\(shape)\"\nbase_url = \"https://s.example\"\n[services.s.fields]\n\(line)\n")
    }
    #expect(failure.mistake?.line == 4 && failure.mistake?.key == "services.s.fields", "\(failure)")
  }

  @Test(
    "fields of different bodies may share a name",
    arguments: [
      ("generations", "reference_url = \"reference_audio_url\""), ("generations", "prompt = \"output_format\""),
    ])
  func fieldsShare(shape: String, line: String) throws {
    _ = try catalogue(
      "[services.s]\nshape = \"\(shape)\"\nbase_url = \"https://s.example\"\n[services.s.fields]\n\(line)\n")
  }

  @Test("what stands where the default service is named is not repeated: it may be a key")
  func keyAsService() async throws {
    for value in [secret, "https://\(secret).example/?", "\(secret)://x", "https://u:p@\(secret)"] {
      let failure = try await error { _ = try catalogue("service = \"\(value)\"\n") }
      #expect(failure.mistake?.line == 1 && failure.mistake?.key == "service", "\(failure)")
      #expect(!failure.description.contains(secret))
    }
  }

  @Test("a base URL in place of a name is an entry of its own, so that what is in force can be shown")
  func preferredURL() throws {
    let catalogue = try catalogue("service = \"http://127.0.0.1:8080/\"")
    let entry = try #require(catalogue.preferredURL)
    #expect(entry.service.baseURL == "http://127.0.0.1:8080" && entry.origin == .configuration(path: "c.toml"))
    #expect(entry.service.keyVariables == ServiceDescription.aimlapi.keyVariables)
    let named = try self.named()
    #expect(named.preferredURL == nil && ServiceCatalogue.builtIn.preferredURL == nil)
  }

  private func named() throws -> ServiceCatalogue { try catalogue("service = \"minimax\"") }

  @Test(
    "a key in the file is refused, unseen, with where keys go",
    arguments: [
      "api_key = \"\(secret)\"", "key = \"\(secret)\"", "token = \"\(secret)\"", "secret = \"\(secret)\"",
      "Authorization = \"Bearer \(secret)\"", "key_variables = [\"\(secret)\"]", "key_variables = [\"sk_live_0123\"]",
      "key = \(secret)", "key = '\(secret)' x", "base_url = \"https://user:\(secret)@s.example\"",
      "model = [\"\(secret)\"]", "key_variables = [\"A B\"]", "base_url = \"\(secret)\"",
      "key_variables = [\"abcd0123EF\"]", "base_url = \"https://u@\(secret)\"", "base_url = \"https://\(secret)?\"",
    ])
  func keyInFile(line: String) async throws {
    let text =
      line.hasPrefix("base_url")
      ? "[services.s]\n\(line)\n" : "[services.s]\nbase_url = \"https://s.example\"\n\(line)\n"
    let failure = try await error { _ = try catalogue(text) }
    #expect(failure.description.hasPrefix("c.toml:"), "\(failure)")
    #expect(!failure.description.contains("sk_live") && !failure.description.contains("sk-live"))
    if line.contains("api_key") || line.hasPrefix("key = \"") {
      switch failure.mistake?.fault {
      case .keyInFile, .noneOf(_, isForKey: true): break
      default: Issue.record(failure)
      }
    }
  }

  @Test("a file that others may write is refused: it says where keys go", arguments: [0o666, 0o620, 0o602])
  func writable(mode: Int) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    try FileManager.default.createDirectory(atPath: directory + "/reprise", withIntermediateDirectories: true)
    let path = try scratch.file("reprise/config.toml", Array("service = \"local\"\n".utf8))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    let failure = try await error { _ = try ServiceCatalogue.load(environment: ["XDG_CONFIG_HOME": directory]) }
    #expect(failure.code == .refused && failure.problem == .configuration(.writableByOthers(path: path)))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(try ServiceCatalogue.load(environment: ["XDG_CONFIG_HOME": directory]).preferred == "local")
  }

  @Test("what is no text, no file or far too large is refused in words")
  func unreadable() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let directory = scratch.root
    try FileManager.default.createDirectory(atPath: directory + "/reprise", withIntermediateDirectories: true)
    let path = try scratch.file("reprise/config.toml", [0xFF, 0xFE, 0x41])
    let environment = ["XDG_CONFIG_HOME": directory]
    #expect(
      try await error { _ = try ServiceCatalogue.load(environment: environment) }.problem
        == .configuration(.notUTF8(path: path)))
    _ = try scratch.file("reprise/config.toml", [UInt8](repeating: 0x23, count: 1_000_001))
    #expect(
      try await error { _ = try ServiceCatalogue.load(environment: environment) }.problem
        == .configuration(.tooLarge(path: path, bytes: 1_000_001, limit: 1_000_000)))
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(
      try await error { _ = try ServiceCatalogue.load(environment: environment) }.problem
        == .configuration(.notFile(path: path)))
  }

  @Test(
    "a base URL that use refuses is refused when the configuration is read",
    arguments: [
      "https://host:0", "https://host:65536", "https://host:99999999999", "https://host:", "https://host:/x",
      "https://host:80a",
      "https://ho$t", "https://a,b", "https://[::1", "https://[nonsense]", "https://[12345::1]", "https://",
      "https:///x",
      "ftp://host", "host", "https://host?x", "https://host#x", "https://me@host", "https://me:pw@host",
      "https://ho st",
      "https://hö.example",
    ])
  func unusable(url: String) async throws {
    let failure = try await error {
      _ = try ServiceCatalogue(configuration: "[services.studio]\nbase_url = \"\(url)\"\n", path: "/c.toml")
    }
    #expect(failure.mistake?.line == 2 && failure.mistake?.key == "services.studio.base_url", "\(failure)")
    #expect(throws: ServiceError.self) { try ServiceDescription.custom(baseURL: url) }
  }

  @Test(
    "what a check passes a client takes, and what it refuses none does",
    arguments: [
      ("https://host.example", "required", true), ("http://host.example", "required", false),
      ("http://host.example", "optional", false), ("http://host.example", "never", true),
      ("http://127.0.0.1:8080", "required", true), ("http://[::1]:8080/x", "required", true),
      ("http://127.0.0.1.example", "required", false), ("https://[2001:db8::1]:65535", "required", true),
    ])
  func checked(url: String, key: String, isGood: Bool) throws {
    let environment = ["STUDIO_KEY": "sk-1", "XDG_CONFIG_HOME": "/nowhere"]
    let catalogue = try ServiceCatalogue(
      configuration: """
        [services.studio]
        base_url = "\(url)"
        key = "\(key)"
        key_variables = ["STUDIO_KEY"]
        """, path: "/c.toml")
    let service = try #require(catalogue.service(named: "studio"))
    let found = try catalogue.key(for: service, environment: environment)
    if isGood {
      try catalogue.check(environment: environment)
      _ = try CoverClient(service: service, key: found)
    } else {
      #expect(throws: ServiceError.self) { try catalogue.check(environment: environment) }
      #expect(throws: ServiceError.self) { try CoverClient(service: service, key: found) }
    }
    // A service that wants a key is refused before there is one.
    if key == "required", !isGood {
      #expect(throws: ServiceError.self) { try catalogue.check(environment: ["XDG_CONFIG_HOME": "/nowhere"]) }
    }
  }
}
