public import RepriseAudio
internal import Foundation

/// What a report says of a file, read from its record.
public struct CheckedFacts: Codable, Sendable, Equatable {
  /// A reason as the record tells it.
  public struct Reason: Codable, Sendable, Equatable {
    /// The kind of reason.
    public let code: Inspection.Reason.Code
    /// The sentence.
    public let message: String
  }

  /// A stretch of damage as the record tells it.
  public struct Damage: Codable, Sendable, Equatable {
    /// Where it begins, in seconds.
    public let start: Double
    /// Where it ends, in seconds.
    public let end: Double
    /// What is wrong there.
    public let what: String
  }

  /// The file's size; nil if it could not be opened.
  public let bytes: Int?
  /// What it is by its content.
  public let format: FileFormat
  /// What the audio in it is, "unknown" if nothing was recognised.
  public let codec: String?
  /// In Hz.
  public let sampleRate: Int?
  /// How many.
  public let channels: Int?
  /// The true length; nil if there is no audio.
  public let seconds: Double?
  /// The same in frames.
  public let frames: Int?
  /// Bytes of audio, without tags and pictures.
  public let audioBytes: Int?
  /// Whether it can be sent.
  public let verdict: Inspection.Verdict
  /// Why.
  public let reasons: [Reason]
  /// Where audio is wrong or missing, and what is wrong there, in order.
  public let damage: [Damage]
  /// Gated loudness in LUFS, where it was measured.
  public let loudness: Double?
  /// How far the check went.
  public let checked: Inspection.Integrity.Checked

  /// The facts of a record; of bytes that are no record, that they are none.
  public init(record: [UInt8]) {
    do {
      self.init(try JSONDecoder().decode(Record.self, from: Data(record)))
    } catch {
      self.init(unreadable: error)
    }
  }

  private init(_ record: Record) {
    bytes = record.bytes
    format = record.format
    codec = record.codec
    sampleRate = record.sampleRate
    channels = record.channels
    seconds = record.duration?.seconds
    frames = record.duration?.frames
    audioBytes = record.audioBytes
    verdict = record.verdict
    reasons = record.reasons
    damage = record.integrity.damage
    loudness = record.loudness?.integrated
    checked = record.integrity.checked
  }

  private init(unreadable error: any Error) {
    bytes = nil
    format = .unknown
    codec = "unknown"
    sampleRate = nil
    channels = nil
    seconds = nil
    frames = nil
    audioBytes = nil
    verdict = .rejected
    reasons = [Reason(code: .unreadable, message: "its record can't be read (\(error)); check it again")]
    damage = []
    loudness = nil
    checked = .structure
  }
}

/// What is read of `reprise.inspection.v1`.
private struct Record: Decodable {
  struct Integrity: Decodable {
    let checked: Inspection.Integrity.Checked
    let damage: [CheckedFacts.Damage]
  }

  let bytes: Int?
  let format: FileFormat
  let codec: String
  let sampleRate: Int?
  let channels: Int?
  let duration: Inspection.Duration?
  let audioBytes: Int?
  let integrity: Integrity
  let loudness: Inspection.LoudnessFigures?
  let verdict: Inspection.Verdict
  let reasons: [CheckedFacts.Reason]
}
