internal import RepriseService

/// Checks the fields of a submission and reports all problems at once.
struct SubmissionFields {
  static let reference = "reference_audio_url"
  static let kept: Set<String> = ["model", "prompt", "lyrics", "audio_setting"]

  private let members: [String: JSONMember]
  private let configuration: LocalServerConfiguration
  /// The problems, one sentence each.
  private(set) var problems: [String] = []

  init(_ members: [String: JSONMember], configuration: LocalServerConfiguration) {
    self.members = members
    self.configuration = configuration
  }

  /// Returns the fields; invalid values are missing or replaced by defaults, and listed in `problems`.
  mutating func read() -> (model: String, prompt: String, lyrics: String?, setting: Contract.AudioSetting) {
    let model = string("model", isRequired: true) ?? ""
    if !model.isEmpty || isString("model"), !configuration.models.contains(model) {
      let known = configuration.models.sorted().map { "'\($0)'" }.joined(separator: ", ")
      problems.append("model must be \(known)")
    }
    let prompt = text("prompt", isRequired: true, length: configuration.promptLength) ?? ""
    let lyrics = text("lyrics", isRequired: false, length: configuration.lyricsLength)
    return (model, prompt, lyrics, setting())
  }

  private func isString(_ name: String) -> Bool {
    if case .text(let text) = members[name] { return text.first == UInt8(ascii: "\"") }
    return false
  }

  private mutating func value(_ name: String, isRequired: Bool) -> JSONValue? {
    switch members[name] {
    case nil:
      if isRequired { problems.append("\(name) is missing") }
      return nil
    case .tooLong(let length):
      problems.append("\(name) is far too long: \(length) bytes of JSON")
      return nil
    case .streamed: return nil
    case .text(let text):
      guard let value = JSONValue(text) else {
        problems.append("\(name) holds a number that is out of range")
        return nil
      }
      return value
    }
  }

  private mutating func string(_ name: String, isRequired: Bool) -> String? {
    guard let value = value(name, isRequired: isRequired) else { return nil }
    guard case .string(let string) = value else {
      problems.append("\(name) must be a string, not \(value.kind)")
      return nil
    }
    return string
  }

  private mutating func text(_ name: String, isRequired: Bool, length: ClosedRange<Int>) -> String? {
    guard let text = string(name, isRequired: isRequired) else { return nil }
    let count = text.unicodeScalars.count
    if !length.contains(count) {
      problems.append(
        "\(name) must be \(length.lowerBound) to \(length.upperBound) characters long, not \(count)")
    }
    return text
  }

  private mutating func setting() -> Contract.AudioSetting {
    var setting = Contract.AudioSetting()
    guard let value = value("audio_setting", isRequired: false) else { return setting }
    guard case .object(let fields) = value else {
      problems.append("audio_setting must be an object, not \(value.kind)")
      return setting
    }
    if let rate = choice("sample_rate", in: fields, of: Contract.AudioSetting.sampleRates) { setting.sampleRate = rate }
    if let bitrate = choice("bitrate", in: fields, of: Contract.AudioSetting.bitrates) { setting.bitrate = bitrate }
    if let format = fields["format"] {
      if case .string(let word) = format, let known = Contract.AudioSetting.Format(rawValue: word) {
        setting.format = known
      } else {
        let known = Contract.AudioSetting.Format.allCases.map(\.rawValue).joined(separator: ", ")
        problems.append("audio_setting.format must be one of \(known)")
      }
    }
    return setting
  }

  private mutating func choice(_ name: String, in fields: [String: JSONValue], of known: [Int]) -> Int? {
    guard let value = fields[name] else { return nil }
    if case .integer(let number) = value, known.contains(number) { return number }
    problems.append("audio_setting.\(name) must be one of \(known.map(String.init).joined(separator: ", "))")
    return nil
  }
}
