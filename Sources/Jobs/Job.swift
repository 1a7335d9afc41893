public import CoverService
public import Foundation

/// One cover, from before it is paid for until its result is checked: a row of the ledger.
///
/// Neither the key nor the prompt nor the lyrics are in it.
public struct Job: Sendable, Equatable, Codable {
  /// How far a job is. A state is on the disk before the act that follows it.
  public enum State: String, Sendable, Codable, CaseIterable {
    /// The audio fits; nothing was sent.
    case prepared
    /// The request may be on its way: from here on the service may have taken it.
    case submitting
    /// The service has accepted it and told its id.
    case submitted
    /// The service is at work.
    case generating
    /// The result has a URL.
    case completed
    /// The result is here, whole.
    case downloaded
    /// The result was checked.
    case verified
    /// The service refused it or failed for good; nothing more will come.
    case failed
    /// The connection broke while the request was under way: the service may have accepted it, or not.
    case ambiguous
    /// It was given up before anything was sent.
    case cancelled
    /// Its result is gone from the service.
    case expired
    /// A word of another version of this program.
    case unknown

    /// Takes words that this version does not know for `unknown`, so that one row never hides the others.
    public init(from decoder: any Decoder) throws {
      self = State(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .unknown
    }

    /// Whether the service may still hold something that was paid for.
    public var isOpen: Bool {
      switch self {
      case .submitting, .submitted, .generating, .completed, .ambiguous: true
      case .prepared, .downloaded, .verified, .failed, .cancelled, .expired, .unknown: false
      }
    }
  }

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
  /// The presigned URL, once completed.
  public var resultURL: String?
  /// When the URL was first seen; the service keeps a result for about a day.
  public var completedAt: Date?
  /// Bytes of the downloaded result.
  public var bytes: Int?
  /// What it cost in the service's own unit, where it says so.
  public var credits: Double?
  /// What it cost in US dollars, where it says so.
  public var usd: Double?
  /// How the check of the result ended: `pass`, `warn` or `fail`; nil until it was checked.
  public var verdict: String?
  /// The last error, in words.
  public var message: String?
  /// When the job was begun.
  public var created: Date
  /// When its state last changed.
  public var updated: Date

  /// Whether asking the service again can bring something: it has told an id, and the cover is not here yet.
  public var canGoOn: Bool {
    switch state {
    case .submitted, .generating, .completed, .expired, .failed: id != nil
    case .prepared, .submitting, .downloaded, .verified, .ambiguous, .cancelled, .unknown: false
    }
  }

  /// A new job, in state `prepared`.
  public init(
    service: String, baseURL: String, input: String, inputStart: Double, inputEnd: Double, output: String,
    setting: Contract.AudioSetting, settingWasAsked: Bool, now: Date = Date()
  ) {
    job = Self.newName()
    state = .prepared
    self.service = service
    self.baseURL = baseURL
    self.input = input
    self.inputStart = inputStart
    self.inputEnd = inputEnd
    self.output = output
    self.setting = setting
    self.settingWasAsked = settingWasAsked
    created = now
    updated = now
  }

  /// 80 random bits in Crockford's base 32, which has no letters that are mistaken for digits.
  static func newName() -> String {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    return "rp-" + String((0..<16).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
  }
}
