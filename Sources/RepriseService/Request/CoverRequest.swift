/// The description of a cover: the style, the lyrics and the encoding, without the recording from which it is made.
public struct CoverBrief: Sendable, Equatable {
  /// Style of the cover, in words.
  package var prompt: String
  /// Lyrics to be sung, lines ending in `\n`; `nil` leaves them to the service.
  package var lyrics: String?
  /// Encoding of the result; `nil` leaves it to the service.
  package var setting: Contract.AudioSetting?

  /// Creates a brief; every kind of line end in `lyrics` becomes `\n`.
  ///
  /// - Parameters:
  ///   - prompt: The style of the cover.
  ///   - lyrics: The lyrics to be sung.
  ///   - setting: The encoding of the result.
  public init(prompt: String, lyrics: String? = nil, setting: Contract.AudioSetting? = nil) {
    self.prompt = prompt
    self.lyrics = lyrics.map(Self.withPlainLineEnds)
    self.setting = setting
  }

  /// Returns `text` with CR LF and CR replaced by LF.
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

  /// Validates prompt, lyrics and setting against a service's limits.
  ///
  /// - Parameter service: The service to which the request is to be sent.
  /// - Throws: `ServiceError` (`validation`) with the values that are wrong.
  package func validate(for service: ServiceDescription) throws(ServiceError) {
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

/// A request for a cover of some audio, as described by a brief.
package struct CoverRequest: Sendable {
  /// The audio from which a cover is made.
  package enum Reference: Sendable {
    /// A local file, sent in the body; `format` is one of the service's `limits.formats`.
    case file(path: String, format: String)
    /// Audio that the service fetches itself, over http or https.
    case url(String)
  }

  /// Description of the cover.
  package var brief: CoverBrief
  /// Audio from which the cover is made.
  package var reference: Reference

  /// The brief's prompt.
  package var prompt: String { brief.prompt }
  /// The brief's lyrics.
  package var lyrics: String? { brief.lyrics }
  /// The brief's setting.
  package var setting: Contract.AudioSetting? { brief.setting }

  /// Creates a request from a brief.
  ///
  /// - Parameters:
  ///   - brief: The description of the cover.
  ///   - reference: The audio from which the cover is made.
  package init(_ brief: CoverBrief, reference: Reference) {
    self.brief = brief
    self.reference = reference
  }

  /// Creates a request; every kind of line end in `lyrics` becomes `\n`.
  ///
  /// - Parameters:
  ///   - prompt: The style of the cover.
  ///   - lyrics: The lyrics to be sung.
  ///   - setting: The encoding of the result.
  ///   - reference: The audio from which the cover is made.
  package init(prompt: String, lyrics: String? = nil, setting: Contract.AudioSetting? = nil, reference: Reference) {
    self.init(CoverBrief(prompt: prompt, lyrics: lyrics, setting: setting), reference: reference)
  }

  /// Validates the brief and the kind of the reference against a service's limits.
  ///
  /// The audio file is checked when the body is made.
  ///
  /// - Parameter service: The service to which the request is to be sent.
  /// - Throws: `ServiceError` (`validation`) with the values that are wrong.
  package func validate(for service: ServiceDescription) throws(ServiceError) {
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
