/// What is asked of a service: a cover of some audio, in words.
public struct CoverRequest: Sendable {
  /// The audio a cover is made of.
  public enum Reference: Sendable {
    /// A file of ours, sent in the body; `format` is one of the service's `limits.formats`.
    case file(path: String, format: String)
    /// Audio the service fetches itself, over http or https.
    case url(String)
  }

  /// What the cover should be like.
  public var prompt: String
  /// The words to be sung, lines ending in `\n`.
  public var lyrics: String?
  /// How the result should be encoded; nil leaves it to the service.
  public var setting: Contract.AudioSetting?
  /// The audio.
  public var reference: Reference

  /// A request; every kind of line end in `lyrics` becomes `\n`.
  public init(prompt: String, lyrics: String? = nil, setting: Contract.AudioSetting? = nil, reference: Reference) {
    self.prompt = prompt
    self.lyrics = lyrics.map(Self.withPlainLineEnds)
    self.setting = setting
    self.reference = reference
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

  /// Checks the words and the setting against a service's rules; the audio file is checked as its body is made.
  ///
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

  private static func check(
    _ text: String, _ part: ServiceError.RequestProblem.Part, _ range: ClosedRange<Int>
  ) throws(ServiceError) {
    let count = text.unicodeScalars.count
    guard range.contains(count) else {
      throw ServiceError(.validation, .request(.length(of: part, count, allowed: range)))
    }
  }
}
