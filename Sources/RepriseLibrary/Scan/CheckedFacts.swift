public import RepriseAudio
internal import Foundation

/// What a report says of a file.
public struct CheckedFacts: Codable, Sendable, Equatable {
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
  public let reasons: [Inspection.Reason]
  /// Where audio is wrong or missing, and what is wrong there, in order.
  public let damage: [DamageSpan]
  /// Gated loudness in LUFS, where it was measured.
  public let loudness: Double?
  /// How far the check went.
  public let checked: Inspection.Integrity.Checked

  /// The facts of a record; of bytes that are no record, that they are none.
  public init(record: [UInt8]) {
    do {
      self.init(try JSONDecoder().decode(Inspection.self, from: Data(record)))
    } catch {
      self.init(failedInspection("its record can't be read (\(error)); check it again", path: ""))
    }
  }

  /// The facts of an inspection.
  public init(_ inspection: Inspection) {
    bytes = inspection.bytes
    format = inspection.format
    codec = inspection.codec
    sampleRate = inspection.sampleRate
    channels = inspection.channels
    seconds = inspection.duration?.seconds
    frames = inspection.duration?.frames
    audioBytes = inspection.audioBytes
    verdict = inspection.verdict
    reasons = inspection.reasons
    damage = inspection.integrity.damage
    loudness = inspection.loudness?.integrated
    checked = inspection.integrity.checked
  }
}
