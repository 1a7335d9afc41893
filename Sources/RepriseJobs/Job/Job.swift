public import RepriseService
public import Foundation

/// One cover, from before it is paid for until its result is checked: a row of the ledger.
///
/// Neither the key nor the prompt nor the lyrics are in it.
public struct Job: Sendable, Equatable, Codable {
  /// This job's name: `rp-` and 16 characters; also the request's `X-Client-Request-Id`.
  public var job: String
  /// The service's id of the generation, once it told it.
  public var id: String?
  /// How far it is.
  public var state: State
  /// The service's name, such as `aimlapi`, or its base URL.
  public var service: String
  /// Where the service is.
  public var baseURL: String
  /// The model that was asked for.
  public var model: String
  /// The recording, an absolute path.
  public var input: String
  /// Where what was sent begins in the recording, in seconds.
  public var inputStart: Double
  /// Where it ends.
  public var inputEnd: Double
  /// The file the cover goes to, an absolute path.
  public var output: String
  /// The encoding that was asked for.
  public var setting: Contract.AudioSetting
  /// Whether the person chose that encoding, or it is the service's default.
  public var settingWasAsked: Bool
  /// What is sent, an absolute path: the recording itself, or what was made of it in the job's folder.
  public var audio: String
  /// The format of what is sent: `mp3`, `wav` or `flac`.
  public var audioFormat: String
  /// The SHA-256 of what is sent, in hexadecimal.
  public var audioHash: String
  /// What makes two requests the same purchase: a hash of audio, words, setting, model and service.
  public var fingerprint: String
  /// Whether a file at the output may be replaced.
  public var mayReplace: Bool
  /// What makes two orders the same request, known before the recording is looked at; nil for a single cover whose file a
  /// person has named.
  public var request: String?
  /// The manifest or the run of several files it belongs to.
  public var batch: String?
  /// What it was expected to cost in US dollars when it was begun, where the service's price is known.
  public var price: Double?
  /// How often a submission was begun.
  public var attempts: Int
  /// What tells the account it was sent under from another: a hash of the key, salted by the job's name; nil without a key.
  public var account: String?
  /// When the request's last bytes were about to leave. Without it no whole request can have reached the service.
  public var sealed: Date?
  /// The presigned URL, from completed until the cover has passed its check.
  public var resultURL: String?
  /// Whether the result came in the answer to the submission itself, which is kept in the job's folder.
  public var isInline: Bool
  /// When the URL was first seen; the service keeps a result for about a day.
  public var completedAt: Date?
  /// Bytes of the downloaded result.
  public var bytes: Int?
  /// The SHA-256 of the downloaded result, in hexadecimal.
  public var resultHash: String?
  /// What it cost in the service's own unit, where it says so.
  public var credits: Double?
  /// What it cost in US dollars, where it says so; which of it counts, `toldCharge` tells.
  public var usd: Double?
  /// What the service told as its cost, in US dollars, where no cover can cost that; nil once it told a price that can be.
  public var senselessCost: String?
  /// How the check of the result ended: `pass`, `warn` or `fail`; nil until it was checked.
  public var verdict: String?
  /// The last error, in words.
  public var message: String?
  /// When the job was begun.
  public var created: Date
  /// When its state last changed.
  public var updated: Date

  /// Whether the service surely has not taken it, and going on with it buys it.
  public var isUnpaid: Bool { state == .prepared || (state == .submitting && sealed == nil) }

  /// A new job, in state `prepared`.
  ///
  /// - Parameters:
  ///   - name: from `newName`.
  ///   - audio: what is to be sent.
  public init(
    name: String = Job.newName(), service: String, baseURL: String, model: String, input: String, inputStart: Double,
    inputEnd: Double, output: String, setting: Contract.AudioSetting, settingWasAsked: Bool, audio: Audio,
    fingerprint: String, now: Date = Date()
  ) {
    job = name
    state = .prepared
    self.service = service
    self.baseURL = baseURL
    self.model = model
    self.input = input
    self.inputStart = inputStart
    self.inputEnd = inputEnd
    self.output = output
    self.setting = setting
    self.settingWasAsked = settingWasAsked
    self.audio = audio.path
    audioFormat = audio.format
    audioHash = audio.hash
    self.fingerprint = fingerprint
    mayReplace = false
    attempts = 0
    isInline = false
    created = now
    updated = now
  }

  /// Audio that is to be sent.
  public struct Audio: Sendable, Equatable {
    /// Where it is, an absolute path.
    public var path: String
    /// `mp3`, `wav` or `flac`.
    public var format: String
    /// Its SHA-256 in hexadecimal.
    public var hash: String

    /// Audio in a file.
    public init(path: String, format: String, hash: String) {
      self.path = path
      self.format = format
      self.hash = hash
    }
  }

  /// A name for a new job: 80 random bits in Crockford's base 32, which has no letters that are mistaken for digits.
  public static func newName() -> String {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    return "rp-" + String((0..<16).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
  }
}
