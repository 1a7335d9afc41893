/// A cover service as data: its addresses, field names, limits and costs.
///
/// Every property in which services can differ is here, so that another service is another value.
public struct ServiceDescription: Sendable, Codable, Equatable {
  /// The shape of a service's interface; each has one small adapter.
  package enum Shape: String, Sendable, Codable {
    /// `POST` returns an id, `GET` with the id returns a status, and the result has a URL of its own.
    case generations
    /// MiniMax's own interface: the response to one `POST`, minutes later, holds the result or its URL.
    ///
    /// Nothing can be queried again.
    case minimax
  }

  /// The form in which a service returns a result in its response.
  package enum ResultForm: String, Sendable, Codable, CaseIterable {
    /// A URL.
    case url
    /// The audio itself, two hexadecimal digits per byte.
    case hex
  }

  /// The use of a key in the service's requests.
  package enum KeyUse: String, Sendable, Codable {
    /// A key is required.
    case required
    /// A key is sent if there is one.
    case optional
    /// A key is never sent.
    case never
  }

  /// The form of audio in the body's reference field.
  package enum Base64Form: String, Sendable, Codable, CaseIterable {
    /// A data URI, `data:audio/…;base64,…` (RFC 2397).
    case dataURI
    /// Base64 alone (RFC 4648, section 4).
    case raw
  }

  /// The paths below the base URL.
  package struct Paths: Sendable, Codable, Equatable {
    /// Path of submissions and polls.
    package var generate: String
    /// Path of the log of requests, for reconciliation; `nil` if the service has none.
    package var logs: String?

    /// Creates paths, each beginning with `/`.
    package init(generate: String = "/v2/generate/audio", logs: String? = "/v2/logs") {
      self.generate = generate
      self.logs = logs
    }
  }

  /// The service's names for the fields of a request.
  package struct FieldNames: Sendable, Codable, Equatable {
    /// Field of the model's name.
    package var model = "model"
    /// Field of the prompt.
    package var prompt = "prompt"
    /// Field of the reference: the audio itself, or a URL.
    package var reference = "reference_audio_url"
    /// Field of a reference that is a URL; `nil` if that is `reference` too.
    package var referenceURL: String?
    /// Field of the lyrics.
    package var lyrics = "lyrics"
    /// Field of the result's encoding.
    package var setting = "audio_setting"
    /// Query parameter of a poll that names the generation.
    package var generationID = "generation_id"

    /// Creates the field names of the `generations` shape.
    package init() {}
  }

  /// The limits of the service's input and output; every bound is inclusive.
  package struct Limits: Sendable, Codable, Equatable {
    /// Length of the prompt in Unicode scalars.
    package var promptLength = 10...2000
    /// Length of the lyrics in Unicode scalars.
    package var lyricsLength = 10...3000
    /// `true` if the service refuses a request without lyrics.
    package var lyricsRequired = false
    /// Length of the audio in seconds.
    package var seconds = 6.0...360.0
    /// Maximum size of an audio file in bytes, before Base64.
    package var maximumBytes = 50_000_000
    /// Accepted audio formats, as file formats are named: `mp3`, `wav`, `flac`.
    package var formats: Set<String> = ["mp3", "wav", "flac"]
    /// Maximum size of a downloaded result in bytes: above that of 360 s of stereo WAV.
    package var maximumResultBytes = 256_000_000

    /// Creates the remote service's limits.
    package init() {}
  }

  /// The time limits of an exchange, in seconds.
  package struct Timeouts: Sendable, Codable, Equatable {
    /// Limit for a connection, TLS included.
    package var connect = 30.0
    /// Limit for a response, from the moment the whole request is sent.
    package var answer = 120.0
    /// Limit for a transfer of fewer than 100 bytes per second.
    package var stall = 60.0

    /// Creates the default limits: 30 s, 120 s, 60 s.
    package init() {}
  }

  /// Name by which users choose the service.
  public var name: String
  /// Base URL: `http` or `https`, host, port and perhaps a path, without a slash at the end.
  public var baseURL: String
  /// Shape of the interface.
  package var shape: Shape
  /// Model that requests name.
  package var model: String
  /// Paths below the base URL.
  package var paths: Paths
  /// Names of the fields of a request.
  package var fields: FieldNames
  /// Use of a key.
  package var keyUse: KeyUse
  /// Environment variables that may hold the key; the first one set wins.
  public var keyVariables: [String]
  /// File that may hold the key, below the configuration directory; `nil` for a service without one.
  package var keyFile: String?
  /// Form of audio in a request.
  package var base64Form: Base64Form
  /// `true` if the service fetches a recording itself by an http or https URL in the reference field.
  package var takesLinks: Bool
  /// Form of the result in the response to a submission; always a URL for the `generations` shape.
  package var resultForm: ResultForm
  /// Media type of each format in `limits.formats`.
  package var mediaTypes: [String: String]
  /// Limits of the service's input and output.
  package var limits: Limits
  /// Cost of a cover in US dollars, if known.
  public var usdPerCover: Double?
  /// Maximum number of jobs on which the service works at once for one account.
  package var concurrency: Int
  /// Seconds after which every accepted submission is surely in the log, so that one that is not was not accepted.
  ///
  /// `nil` if that is not known.
  package var logDelay: Double?
  /// Intervals and time limit of polling.
  package var polling: Polling.Settings
  /// Time limits of connections, responses and stalled transfers.
  package var timeouts: Timeouts

  /// Creates a service of the `generations` shape with the remote service's defaults and without locations of a key.
  package init(name: String, baseURL: String, keyUse: KeyUse) {
    self.name = name
    self.baseURL = baseURL
    self.keyUse = keyUse
    shape = .generations
    model = "minimax/music-cover"
    paths = Paths()
    fields = FieldNames()
    keyVariables = []
    keyFile = nil
    base64Form = .dataURI
    takesLinks = true
    resultForm = .url
    mediaTypes = ["mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac"]
    limits = Limits()
    usdPerCover = nil
    concurrency = 4
    logDelay = nil
    polling = Polling.Settings()
    timeouts = Timeouts()
  }
}
