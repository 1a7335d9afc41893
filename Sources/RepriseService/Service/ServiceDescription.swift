/// A cover service as data: where it is, what it calls things, what it takes and what it costs.
///
/// Everything about a service that could differ elsewhere is here, so that another service is another value.
public struct ServiceDescription: Sendable, Codable, Equatable {
  /// The shape of a service's interface; each has one small adapter.
  public enum Shape: String, Sendable, Codable {
    /// `POST` answers an id, `GET` with the id answers a status, and the result has a URL of its own.
    case generations
    /// MiniMax's own: one `POST`, answered minutes later with the result, or its URL, in it; nothing can be asked for
    /// again.
    case minimax
  }

  /// How a service that answers with the result hands it over.
  public enum ResultForm: String, Sendable, Codable, CaseIterable {
    /// As a URL.
    case url
    /// In the response itself, two hexadecimal digits a byte.
    case hex
  }

  /// Whether a key belongs to the service's requests.
  public enum KeyUse: String, Sendable, Codable {
    /// Nothing works without one.
    case required
    /// Sent if there is one.
    case optional
    /// Never sent.
    case never
  }

  /// How audio travels in the body's reference field.
  public enum Base64Form: String, Sendable, Codable, CaseIterable {
    /// `data:audio/…;base64,…` (RFC 2397).
    case dataURI
    /// Base64 and nothing else (RFC 4648, section 4).
    case raw
  }

  /// Where things are below the base URL.
  public struct Paths: Sendable, Codable, Equatable {
    /// Submissions and polls.
    public var generate: String
    /// The log of requests, for reconciling; `nil` if the service has none.
    public var logs: String?

    /// Paths, each beginning with `/`.
    public init(generate: String = "/v2/generate/audio", logs: String? = "/v2/logs") {
      self.generate = generate
      self.logs = logs
    }
  }

  /// What the service calls the parts of a request.
  public struct FieldNames: Sendable, Codable, Equatable {
    /// The model's name.
    public var model = "model"
    /// The prompt.
    public var prompt = "prompt"
    /// The reference: the audio itself, or a URL.
    public var reference = "reference_audio_url"
    /// The reference if it is a URL; `nil`: no other field than `reference`.
    public var referenceURL: String?
    /// The lyrics.
    public var lyrics = "lyrics"
    /// How the result should be encoded.
    public var setting = "audio_setting"
    /// The poll's query parameter that names the generation.
    public var generationID = "generation_id"

    /// The field names of the `generations` shape.
    public init() {}
  }

  /// What the service takes; every bound is inclusive.
  public struct Limits: Sendable, Codable, Equatable {
    /// The prompt's length in Unicode scalars.
    public var promptLength = 10...2000
    /// The lyrics' length in Unicode scalars.
    public var lyricsLength = 10...3000
    /// Whether a request without lyrics is refused.
    public var lyricsRequired = false
    /// The audio's length in seconds.
    public var seconds = 6.0...360.0
    /// The largest audio file in bytes, before Base64.
    public var maximumBytes = 50_000_000
    /// The audio formats taken, as file formats are named: `mp3`, `wav`, `flac`.
    public var formats: Set<String> = ["mp3", "wav", "flac"]
    /// The largest result in bytes that is fetched: above what 360 s of stereo WAV come to.
    public var maximumResultBytes = 256_000_000

    /// The remote service's limits.
    public init() {}
  }

  /// How long to wait for what, in seconds.
  public struct Timeouts: Sendable, Codable, Equatable {
    /// For a connection, TLS included.
    public var connect = 30.0
    /// For a response, from the moment the whole request is sent.
    public var answer = 120.0
    /// For a transfer that moves fewer than 100 bytes a second.
    public var stall = 60.0

    /// The defaults: 30 s, 120 s, 60 s.
    public init() {}
  }

  /// The name by which people choose it.
  public var name: String
  /// `http` or `https`, host, port and perhaps a path, without a slash at the end.
  public var baseURL: String
  /// The interface's shape.
  public var shape: Shape
  /// The model asked for.
  public var model: String
  /// Where things are below the base URL.
  public var paths: Paths
  /// What the service calls things.
  public var fields: FieldNames
  /// Whether a key is sent.
  public var keyUse: KeyUse
  /// The environment variables that may hold the key, the first one set wins.
  public var keyVariables: [String]
  /// The file that may hold the key, below the configuration directory; `nil` for a service whose key is in no file of
  /// ours.
  public var keyFile: String?
  /// How audio travels.
  public var base64Form: Base64Form
  /// How the result comes back, where the response to a submission holds it; the `generations` shape has URLs only.
  public var resultForm: ResultForm
  /// The MIME label of each format in `limits.formats`.
  public var mediaTypes: [String: String]
  /// What the service takes.
  public var limits: Limits
  /// What a cover costs in US dollars, if known.
  public var usdPerCover: Double?
  /// The most jobs the service works on at once for one account.
  public var concurrency: Int
  /// Seconds after which every submission that was accepted is surely in the log, so that one which is not there was
  /// not accepted; `nil` if that is not known.
  public var logDelay: Double?
  /// How often to ask, and for how long.
  public var polling: Polling.Settings
  /// How long to wait for connections, answers and stalled transfers.
  public var timeouts: Timeouts

  /// A service of the `generations` shape with the remote service's defaults; it has no key of its own yet.
  public init(name: String, baseURL: String, keyUse: KeyUse) {
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
