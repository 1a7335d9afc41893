package import RepriseService
package import RepriseVerification
public import Foundation

/// One cover, from before its purchase until its result is checked: a row of the ledger.
///
/// A job contains neither the API key nor the prompt nor the lyrics; of the prompt, it keeps what can be checked in the
/// cover, such as a tempo.
public struct Job: Sendable, Equatable, Codable {
  /// Name of the job: `rp-` and 16 characters; also the request's `X-Client-Request-Id`.
  public var job: String
  /// The service's id of the generation, once it is known.
  public var id: String?
  /// State of the job.
  public var state: State
  /// Name of the service, such as `aimlapi`, or its base URL.
  public var service: String
  /// Base URL of the service.
  package var baseURL: String
  /// The requested model.
  package var model: String
  /// Absolute path of the recording.
  package var input: String
  /// Start of the excerpt sent, in seconds of the recording.
  package var inputStart: Double
  /// End of the excerpt sent, in seconds of the recording.
  package var inputEnd: Double
  /// Absolute path of the cover's file.
  package var output: String
  /// The requested encoding.
  package var setting: Contract.AudioSetting
  /// `true` if the user chose the encoding, `false` if it is the service's default.
  package var settingWasAsked: Bool
  /// Absolute path of the audio sent: the recording itself, or a file made from it in the job's directory.
  package var audio: String
  /// Format of the audio sent: `mp3`, `wav` or `flac`.
  package var audioFormat: String
  /// SHA-256 of the audio sent, in hexadecimal.
  package var audioHash: String
  /// Fingerprint of the purchase: a hash of audio, prompt, lyrics, setting, model and service.
  package var fingerprint: String
  /// `true` if a file at the output may be replaced.
  package var mayReplace: Bool
  /// Fingerprint of the order, known before the recording is read; nil for a single cover with a file name given by the
  /// user.
  package var request: String?
  /// The manifest or the run of several files to which the job belongs.
  package var batch: String?
  /// The requests of the prompt that can be checked in the cover; nil for none, and in jobs of earlier versions.
  package var wishes: Wishes?
  /// Expected cost in US dollars at the start of the job, if the service's price is known.
  package var price: Double?
  /// Number of submissions begun.
  package var attempts: Int
  /// Mark of the account used to send the request: a hash of the key, salted with the job's name; nil without a key.
  package var account: String?
  /// Time just before the request's last bytes were sent.
  ///
  /// If it is nil, no whole request can have reached the service.
  package var sealed: Date?
  /// Presigned URL of the result, from completion until the cover has passed its check.
  package var resultURL: String?
  /// `true` if the result came in the response to the submission itself, which is kept in the job's directory.
  package var isInline: Bool
  /// Time at which the URL was first received; the service keeps a result for about a day.
  package var completedAt: Date?
  /// Size of the downloaded result, in bytes.
  package var bytes: Int?
  /// SHA-256 of the downloaded result, in hexadecimal.
  package var resultHash: String?
  /// Cost in the service's own unit, if the service reports it.
  package var credits: Double?
  /// Cost in US dollars, if the service reports it; `reportedCharge` is the cost that counts.
  package var usd: Double?
  /// The reported cost in US dollars if it is impossible for a cover; nil once a possible price was reported.
  package var senselessCost: String?
  /// Verdict of the check of the result: `pass`, `warn` or `fail`; nil until the result was checked.
  package var verdict: String?
  /// Message of the last error.
  package var message: String?
  /// Time at which the job was begun.
  public var created: Date
  /// Time of the last change of state.
  package var updated: Date

  /// `true` if the service has certainly not taken the request, so that resumption of the job buys the cover.
  package var isUnpaid: Bool { state == .prepared || (state == .submitting && sealed == nil) }

  /// Creates a job in state `prepared`.
  ///
  /// `name` is a result of `newName`, and `audio` is the audio to send.
  package init(
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

  /// Audio to send.
  package struct Audio: Sendable, Equatable {
    /// Absolute path of the file.
    package var path: String
    /// Format: `mp3`, `wav` or `flac`.
    package var format: String
    /// SHA-256 of the file, in hexadecimal.
    package var hash: String

    /// Creates a description of audio in a file.
    package init(path: String, format: String, hash: String) {
      self.path = path
      self.format = format
      self.hash = hash
    }
  }

  /// Returns a name for a new job: 80 random bits in Crockford's base 32, which has no letters that are mistaken for
  /// digits.
  package static func newName() -> String {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    return "rp-" + String((0..<16).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
  }
}
