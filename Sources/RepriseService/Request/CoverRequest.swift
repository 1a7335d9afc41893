/// What a cover should be like: the style, the lyrics and the encoding, without the recording that it is made of.
public struct CoverBrief: Sendable, Equatable {
  /// The style that is wanted, in words.
  public var prompt: String
  /// The lyrics to be sung, lines ending in `\n`; `nil` leaves them to the service.
  public var lyrics: String?
  /// The encoding of the result; `nil` leaves it to the service.
  public var setting: Contract.AudioSetting?

  /// Creates a brief; every kind of line end in `lyrics` becomes `\n`.
  ///
  /// - Parameters:
  ///   - prompt: The style that is wanted.
  ///   - lyrics: The lyrics to be sung.
  ///   - setting: The encoding of the result.
  public init(prompt: String, lyrics: String? = nil, setting: Contract.AudioSetting? = nil) {
    self.prompt = prompt
    self.lyrics = lyrics.map(Self.withPlainLineEnds)
    self.setting = setting
  }

  /// `text` with CR LF and CR as LF.
  static func withPlainLineEnds(_ text: String) -> String {
    var plain = String.UnicodeScalarView()
    var afterReturn = false
    for scalar in text.unicodeScalars {
      if scalar == "\r" {
        plain.append("\n")
      } else if !(scalar == "\n" && afterReturn) {
        plain.append(scalar)
      }
      afterReturn = scalar == "\r"
    }
    return String(plain)
  }

  /// Checks prompt, lyrics and setting against a service's limits.
  ///
  /// - Parameter service: The service that is to be asked.
  /// - Throws: `ServiceError` (`validation`) with the counts that are wrong.
  public func validate(for service: ServiceDescription) throws(ServiceError) {
    try Self.check(prompt, .prompt, service.limits.promptLength)
    if let lyrics {
      try Self.check(lyrics, .lyrics, service.limits.lyricsLength)
    } else if service.limits.lyricsRequired {
      throw ServiceError(.validation, .request(.lyricsMissing))
    }
    if let setting {
      let rates = Contract.AudioSetting.sampleRates
      let bitrates = Contract.AudioSetting.bitrates
      guard rates.contains(setting.sampleRate) else {
        throw ServiceError(.validation, .request(.sampleRate(setting.sampleRate, allowed: rates)))
      }
      guard bitrates.contains(setting.bitrate) else {
        throw ServiceError(.validation, .request(.bitrate(setting.bitrate, allowed: bitrates)))
      }
    }
  }

  private static func check(
    _ text: String, _ part: ServiceError.RequestProblem.Part, _ range: ClosedRange<Int>
  ) throws(ServiceError) {
    let count = text.unicodeScalars.count
    guard range.contains(count) else {
      throw ServiceError(.validation, .request(.length(of: part, count, allowed: range)))
    }
  }
}

/// What is asked of a service: a cover of some audio, as a brief describes it.
public struct CoverRequest: Sendable {
  /// The audio a cover is made of.
  public enum Reference: Sendable {
    /// A file of ours, sent in the body; `format` is one of the service's `limits.formats`.
    case file(path: String, format: String)
    /// Audio the service fetches itself, over http or https.
    case url(String)
  }

  /// What the cover should be like.
  public var brief: CoverBrief
  /// The audio.
  public var reference: Reference

  /// The brief's prompt.
  public var prompt: String { brief.prompt }
  /// The brief's lyrics.
  public var lyrics: String? { brief.lyrics }
  /// The brief's setting.
  public var setting: Contract.AudioSetting? { brief.setting }

  /// Creates a request for what a brief describes.
  ///
  /// - Parameters:
  ///   - brief: What the cover should be like.
  ///   - reference: The audio it is made of.
  public init(_ brief: CoverBrief, reference: Reference) {
    self.brief = brief
    self.reference = reference
  }

  /// Creates a request; every kind of line end in `lyrics` becomes `\n`.
  ///
  /// - Parameters:
  ///   - prompt: The style that is wanted.
  ///   - lyrics: The lyrics to be sung.
  ///   - setting: The encoding of the result.
  ///   - reference: The audio the cover is made of.
  public init(prompt: String, lyrics: String? = nil, setting: Contract.AudioSetting? = nil, reference: Reference) {
    self.init(CoverBrief(prompt: prompt, lyrics: lyrics, setting: setting), reference: reference)
  }

  /// Checks the brief and the kind of the reference against a service's limits; the audio file is checked as its body
  /// is made.
  ///
  /// - Parameter service: The service that is to be asked.
  /// - Throws: `ServiceError` (`validation`) with the counts that are wrong.
  public func validate(for service: ServiceDescription) throws(ServiceError) {
    try brief.validate(for: service)
    switch reference {
    case .file(let path, let format):
      guard service.limits.formats.contains(format), service.mediaTypes[format] != nil else {
        let formats = service.limits.formats.sorted()
        throw ServiceError(.validation, .request(.format(path: path, format, allowed: formats)))
      }
    case .url(let url):
      _ = try WebAddress(url, what: "the reference")
    }
  }
}
