import Foundation

/// Reads one `[services.NAME]` table of the configuration, which changes an existing description.
struct ServiceTable {
  private var table: ConfigurationTable
  private var service: ServiceDescription
  /// `true` if the name is that of a built-in service, which the table changes rather than defines.
  private let isBuiltIn: Bool

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - name: The service's name.
  ///   - table: The table to read.
  ///   - builtIns: The services that `like` may name, or that the table changes.
  /// - Returns: The service that the table describes.
  /// - Throws: `ServiceError` (`validation`) with path, line, key and the allowed values.
  static func read(
    _ name: String, _ table: ConfigurationTable, builtIns: [ServiceDescription]
  ) throws(ServiceError) -> ServiceDescription {
    var reader = try ServiceTable(name, table, builtIns: builtIns)
    if name == ServiceDescription.localName { try reader.refuseAllButRules() }
    try reader.readWhere()
    try reader.readRequest()
    try reader.readLimits()
    try reader.readTimes()
    try reader.table.finish()
    return reader.service
  }

  private init(
    _ name: String, _ table: ConfigurationTable, builtIns: [ServiceDescription]
  ) throws(ServiceError) {
    var table = table
    let shape = try table.choice("shape", ["generations": ServiceDescription.Shape.generations, "minimax": .minimax])
    let names = builtIns.map(\.name).joined(separator: ", ")
    var base = builtIns.first { $0.name == name }
    isBuiltIn = base != nil
    if let like = try table.string("like") {
      guard !isBuiltIn else { throw table.error("like", .builtInLike(name)) }
      base = builtIns.first { $0.name == like }
      guard base != nil else { throw table.error("like", .other("is none of the built-in services: \(names)")) }
    } else if !isBuiltIn, let shape {
      base = builtIns.first { $0.shape == shape && $0.shape != .generations }
    }
    if let shape, let base, base.shape != shape {
      throw table.error("shape", .shape(like: base.name, shape: base.shape.rawValue))
    }
    if var base {
      base.name = name
      service = base
    } else {
      service = ServiceDescription(name: name, baseURL: "", keyUse: .optional)
    }
    self.table = table
    if !isBuiltIn { try placeNew(service) }
  }

  /// Sets the locations of a new service's key.
  ///
  /// A new service has a key of its own, unless its base URL is at the same host and port as that of the service it is
  /// like.
  private mutating func placeNew(_ base: ServiceDescription) throws(ServiceError) {
    service.keyFile = "keys/\(service.name)"
    guard let url = try table.string("base_url") else {
      guard !base.baseURL.isEmpty, table.says("like") else {
        throw table.error("base_url", .noURL)
      }
      return
    }
    let isSameOrigin = (try? ServiceAddress(url))?.isSameOrigin(as: base.baseURL) ?? false
    if !isSameOrigin { service.keyVariables = [] }
  }

  /// Rejects every key of the table but the service's rules.
  ///
  /// The address of a service that runs in this program is fixed.
  private func refuseAllButRules() throws(ServiceError) {
    let allowed: Set<String> = ["limits", "polling", "timeouts", "concurrency"]
    for key in Self.allKeys.subtracting(allowed).sorted() where table.says(key) {
      throw table.error(
        key,
        .other(
          "the local service is run by reprise itself; only \(allowed.sorted().joined(separator: ", ")) may be changed")
      )
    }
  }

  private static let allKeys: Set<String> = [
    "like", "shape", "base_url", "model", "key", "key_variables", "base64", "result", "price_usd", "concurrency",
    "log_delay", "paths", "fields", "limits", "media_types", "polling", "timeouts",
  ]

  private mutating func readWhere() throws(ServiceError) {
    if let url = try table.string("base_url") {
      // The value may hold a key, so the message does not repeat it.
      guard let address = try? ServiceAddress(url) else {
        throw table.error(
          "base_url",
          .other(
            "is no base URL: one looks like https://host or http://127.0.0.1:8080, without user, password, '?' and '#'")
        )
      }
      service.baseURL = address.text
    }
    if let model = try table.string("model") {
      guard !model.isEmpty else { throw table.error("model", .empty) }
      service.model = model
    }
    if let use = try table.choice(
      "key", ["required": ServiceDescription.KeyUse.required, "optional": .optional, "never": .never])
    {
      service.keyUse = use
    }
    if let variables = try table.strings("key_variables") {
      for variable in variables where !Self.isVariable(variable) {
        throw table.error("key_variables", .variables)
      }
      service.keyVariables = variables
    }
    if let price = try table.number("price_usd", 0...1000) { service.usdPerCover = price }
    if let concurrency = try table.integer("concurrency", 1...64) { service.concurrency = concurrency }
    if let delay = try table.number("log_delay", 0...86_400) { service.logDelay = delay }
    var paths = try table.table("paths")
    if let path = try paths.string("generate") { service.paths.generate = try Self.path(path, "generate", paths) }
    if let path = try paths.string("logs") {
      service.paths.logs = path.isEmpty ? nil : try Self.path(path, "logs", paths)
    }
    try paths.finish()
  }

  /// `true` if a text is a variable's name: `[A-Z_][A-Z0-9_]*`.
  ///
  /// Keys hold lower-case letters and so do not match, hence they are never shown as names later.
  private static func isVariable(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first), text.utf8.count <= 64 else { return false }
    return text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || byte == UInt8(ascii: "_")
    }
  }

  private static func path(_ text: String, _ key: String, _ table: ConfigurationTable) throws(ServiceError) -> String {
    let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    guard text.hasPrefix("/"), isPlain else {
      throw table.error(key, .other("is no path: it begins with / and holds no blanks, ? and #"))
    }
    return text
  }

  private mutating func readRequest() throws(ServiceError) {
    if let form = try table.choice("base64", ["data-uri": ServiceDescription.Base64Form.dataURI, "raw": .raw]) {
      service.base64Form = form
    }
    if let form = try table.choice("result", ["url": ServiceDescription.ResultForm.url, "hex": .hex]) {
      guard form == .url || service.shape == .minimax else {
        throw table.error("result", .resultForm)
      }
      service.resultForm = form
    }
    var fields = try table.table("fields")
    let names: [(String, WritableKeyPath<ServiceDescription.FieldNames, String>)] = [
      ("model", \.model), ("prompt", \.prompt), ("reference", \.reference), ("lyrics", \.lyrics),
      ("setting", \.setting),
      ("generation_id", \.generationID),
    ]
    for (key, part) in names {
      if let name = try fields.string(key) { service.fields[keyPath: part] = try Self.field(name, key, fields) }
    }
    if let name = try fields.string("reference_url") {
      service.fields.referenceURL = try Self.field(name, "reference_url", fields)
    }
    // A body has either form of the reference, beside all others, and the fields that its shape adds.
    let reserved = service.reservedFields
    for reference in [service.fields.reference, service.fields.referenceURL ?? service.fields.reference] {
      let others = [service.fields.model, service.fields.prompt, service.fields.lyrics, service.fields.setting]
      let inBody = others + [reference] + reserved
      guard Set(inBody).count == inBody.count else {
        throw fields.text.mistake(fields.keys, .other("two of the fields have one name; each requires its own"))
      }
    }
    try fields.finish()
    var types = try table.table("media_types")
    for format in ["mp3", "wav", "flac"] {
      guard let type = try types.string(format) else { continue }
      let parts = type.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isTypeCharacter) }) else {
        throw types.error(format, .other("is no media type; one looks like audio/wav"))
      }
      service.mediaTypes[format] = type
    }
    try types.finish()
  }

  private static func isTypeCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
    default: false
    }
  }

  /// Reads a field's name, which is used in JSON and in a query.
  private static func field(_ text: String, _ key: String, _ table: ConfigurationTable) throws(ServiceError) -> String {
    let isPlain = text.utf8.allSatisfy { isTypeCharacter($0) && $0 != UInt8(ascii: "+") || $0 == UInt8(ascii: "_") }
    guard isPlain, (1...64).contains(text.utf8.count) else {
      throw table.error(key, .other("is no field's name: 1–64 of A-Z a-z 0-9 . _ -"))
    }
    return text
  }

  private mutating func readLimits() throws(ServiceError) {
    var table = try table.table("limits")
    let limits = service.limits
    let shortest = try table.number("min_seconds", 0...86_400) ?? limits.seconds.lowerBound
    let longest = try table.number("max_seconds", 0...86_400) ?? limits.seconds.upperBound
    service.limits.seconds = try Self.range(shortest, longest, "min_seconds", "max_seconds", table)
    service.limits.promptLength = try Self.lengths("prompt", limits.promptLength, &table)
    service.limits.lyricsLength = try Self.lengths("lyrics", limits.lyricsLength, &table)
    if let bytes = try table.integer("max_bytes", 1000...10_000_000_000) { service.limits.maximumBytes = bytes }
    if let bytes = try table.integer("max_result_bytes", 1000...10_000_000_000) {
      service.limits.maximumResultBytes = bytes
    }
    if let required = try table.truth("lyrics_required") { service.limits.lyricsRequired = required }
    if let formats = try table.strings("formats") {
      guard !formats.isEmpty, Set(formats).isSubset(of: ["mp3", "wav", "flac"]) else {
        throw table.error("formats", .other("takes one or more of \"mp3\", \"wav\", \"flac\""))
      }
      service.limits.formats = Set(formats)
    }
    try table.finish()
  }

  private static func lengths(
    _ what: String, _ usual: ClosedRange<Int>, _ table: inout ConfigurationTable
  ) throws(ServiceError) -> ClosedRange<Int> {
    let least = try table.integer("\(what)_min", 0...1_000_000) ?? usual.lowerBound
    let most = try table.integer("\(what)_max", 1...1_000_000) ?? usual.upperBound
    return try range(least, most, "\(what)_min", "\(what)_max", table)
  }

  private static func range<Number: Comparable>(
    _ least: Number, _ most: Number, _ leastKey: String, _ mostKey: String, _ table: ConfigurationTable
  ) throws(ServiceError) -> ClosedRange<Number> {
    guard least <= most else {
      let key = table.says(leastKey) ? leastKey : mostKey
      throw table.error(key, .other("\(leastKey) \(least) is over \(mostKey) \(most)"))
    }
    return least...most
  }

  private mutating func readTimes() throws(ServiceError) {
    var polling = try table.table("polling")
    if let first = try polling.number("first", 0.01...3600) { service.polling.firstInterval = first }
    if let longest = try polling.number("longest", 0.01...3600) { service.polling.longestInterval = longest }
    if let timeout = try polling.number("timeout", 0...604_800) { service.polling.timeout = timeout }
    _ = try Self.range(
      service.polling.firstInterval, service.polling.longestInterval, "first", "longest", polling)
    try polling.finish()
    var timeouts = try table.table("timeouts")
    if let seconds = try timeouts.number("connect", 0.1...3600) { service.timeouts.connect = seconds }
    if let seconds = try timeouts.number("answer", 0.1...86_400) { service.timeouts.answer = seconds }
    if let seconds = try timeouts.number("stall", 0.1...3600) { service.timeouts.stall = seconds }
    try timeouts.finish()
  }
}
