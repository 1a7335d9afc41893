/// A table of the configuration, read key by key; keys that are never read are errors.
struct ConfigurationTable {
  let text: ConfigurationText
  let keys: [String]
  private let values: [String: ConfigurationValue]
  private var known: Set<String> = []

  init(_ text: ConfigurationText, _ keys: [String], _ values: [String: ConfigurationValue]) {
    self.text = text
    self.keys = keys
    self.values = values
  }

  /// Returns an error about one key.
  func error(_ key: String, _ mistake: ServiceError.ConfigurationProblem.Mistake) -> ServiceError {
    text.mistake(keys + [key], mistake)
  }

  private mutating func take(_ key: String) -> ConfigurationValue? {
    known.insert(key)
    return values[key]
  }

  /// `true` if the file has a value for a key.
  func says(_ key: String) -> Bool { values[key] != nil }

  /// Reads a string without control characters.
  mutating func string(_ key: String) throws(ServiceError) -> String? {
    guard let value = take(key) else { return nil }
    guard case .string(let string) = value else { throw error(key, .type(found: value.kind, wanted: "a string")) }
    guard string.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }), string.utf8.count <= 1024 else {
      throw error(key, .other("holds control characters, or is over 1024 bytes long"))
    }
    return string
  }

  /// Reads one of a set of words.
  mutating func choice<Choice>(_ key: String, _ choices: KeyValuePairs<String, Choice>) throws(ServiceError) -> Choice?
  {
    guard let string = try string(key) else { return nil }
    // The value in the file may be a key, so the message does not repeat it.
    guard let found = choices.first(where: { $0.key == string }) else {
      throw error(key, .noneOf(choices.map { $0.key }, isForKey: key == "key"))
    }
    return found.value
  }

  /// Reads a number within bounds.
  mutating func number(_ key: String, _ range: ClosedRange<Double>) throws(ServiceError) -> Double? {
    let number: Double
    switch take(key) {
    case nil: return nil
    case .number(let value)?: number = value
    case .integer(let value)?: number = Double(value)
    case let value?: throw error(key, .type(found: value.kind, wanted: "a number"))
    }
    guard range.contains(number) else {
      throw error(
        key, .range("\(number)", least: Self.plain(range.lowerBound), most: Self.plain(range.upperBound)))
    }
    return number
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }

  /// Reads an integer within bounds.
  mutating func integer(_ key: String, _ range: ClosedRange<Int>) throws(ServiceError) -> Int? {
    guard let value = take(key) else { return nil }
    guard case .integer(let integer) = value else { throw error(key, .type(found: value.kind, wanted: "an integer")) }
    guard range.contains(integer) else {
      throw error(key, .range("\(integer)", least: "\(range.lowerBound)", most: "\(range.upperBound)"))
    }
    return integer
  }

  /// Reads a Boolean.
  mutating func truth(_ key: String) throws(ServiceError) -> Bool? {
    guard let value = take(key) else { return nil }
    guard case .truth(let truth) = value else { throw error(key, .type(found: value.kind, wanted: "true or false")) }
    return truth
  }

  /// Reads a list of strings.
  mutating func strings(_ key: String) throws(ServiceError) -> [String]? {
    guard let value = take(key) else { return nil }
    guard case .list(let list) = value else { throw error(key, .type(found: value.kind, wanted: "a list of strings")) }
    var strings: [String] = []
    for element in list {
      guard case .string(let string) = element else {
        throw error(key, .elementType(found: element.kind, wanted: "a list of strings"))
      }
      strings.append(string)
    }
    return strings
  }

  /// Reads a nested table; an empty one if the file has none.
  mutating func table(_ key: String) throws(ServiceError) -> ConfigurationTable {
    guard let value = take(key) else { return ConfigurationTable(text, keys + [key], [:]) }
    guard case .table(let values) = value else { throw error(key, .type(found: value.kind, wanted: "a table")) }
    return ConfigurationTable(text, keys + [key], values)
  }

  /// Returns the nested tables by name, in order.
  func tables() throws(ServiceError) -> [(name: String, table: ConfigurationTable)] {
    var tables: [(name: String, table: ConfigurationTable)] = []
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      guard case .table(let values) = value else { throw error(key, .type(found: value.kind, wanted: "a table")) }
      tables.append((key, ConfigurationTable(text, keys + [key], values)))
    }
    return tables
  }

  /// Checks that every key of the table was read.
  ///
  /// - Throws: `ServiceError` (`validation`) with the keys that are allowed; for a name that suggests a key in the
  ///   file, with the locations in which keys belong.
  func finish() throws(ServiceError) {
    guard let stranger = values.keys.filter({ !known.contains($0) }).min() else { return }
    let plain = stranger.lowercased().filter { $0.isLetter }
    if ["apikey", "secret", "token", "password", "authorization", "bearer", "keyvalue"].contains(where: plain.contains)
    {
      throw error(stranger, .keyInFile)
    }
    throw error(stranger, .unknown(known: known.sorted()))
  }
}
