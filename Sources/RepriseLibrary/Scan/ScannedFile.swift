package import RepriseAudio
internal import Foundation
package import RepriseSystem

/// A file that was checked, with its record.
package struct ScannedFile: Sendable, Equatable {
  /// The path as it was named or found.
  package let path: RawPath
  /// One line of JSON, `reprise.inspection.v1`, without its line end.
  package let record: [UInt8]
  /// `true` if the file was found in a directory and is neither named nor shaped like audio.
  package let isOther: Bool

  /// A file and its record.
  package init(path: RawPath, record: [UInt8], isOther: Bool = false) {
    self.path = path
    self.record = record
    self.isOther = isOther
  }

  /// What reports need of the record. It is decoded anew each time: keep it where it is used more than once.
  package var facts: ScannedFacts { ScannedFacts(record: record) }
}

/// What reports say of a file, decoded from its record.
package struct ScannedFacts: Sendable, Equatable {
  /// Why the verdict is what it is, or what is worth knowing beside it.
  package struct Reason: Sendable, Equatable, Decodable {
    /// The kind of reason: "too-long".
    package let code: String
    /// A sentence with the numbers.
    package let message: String
  }

  /// A stretch of audio that is wrong or missing.
  package struct Damage: Sendable, Equatable, Decodable {
    /// Where it begins, in seconds.
    package let start: Double
    /// Where it ends, in seconds.
    package let end: Double
    /// What is wrong there.
    package let what: String
  }

  /// The file's size; `nil` if it could not be opened.
  package var bytes: Int?
  /// What it is by its content.
  package var format = FileFormat.unknown
  /// What the audio in it is, "unknown" if nothing was recognised.
  package var codec: String?
  /// In Hz.
  package var sampleRate: Int?
  /// The number of channels.
  package var channels: Int?
  /// The true length; `nil` if there is no audio.
  package var seconds: Double?
  /// The true length in frames.
  package var frames: Int?
  /// Bytes of audio, without tags and pictures.
  package var audioBytes: Int?
  /// Whether it can be sent.
  package var verdict = Inspection.Verdict.rejected
  /// Why.
  package var reasons: [Reason]
  /// Where audio is wrong or missing, in order.
  package var damage: [Damage] = []
  /// Gated loudness in LUFS, where it was measured.
  package var loudness: Double?
  /// How far the check went.
  package var checked = Inspection.Integrity.Checked.structure

  /// Decodes the facts from a JSON record. Bytes that are no record yield the facts of a rejected file.
  package init(record: [UInt8]) {
    guard let found = try? JSONDecoder().decode(Record.self, from: Data(record)),
      found.schema == "reprise.inspection.v1",
      let verdict = Inspection.Verdict(rawValue: found.verdict), let format = FileFormat(rawValue: found.format),
      let checked = Inspection.Integrity.Checked(rawValue: found.integrity.checked)
    else {
      reasons = [Reason(code: "unreadable", message: "its record can't be read")]
      return
    }
    bytes = found.bytes
    self.format = format
    codec = found.codec
    sampleRate = found.sampleRate
    channels = found.channels
    seconds = found.duration?.seconds
    frames = found.duration?.frames
    audioBytes = found.audioBytes
    self.verdict = verdict
    reasons = found.reasons
    damage = found.integrity.damage
    loudness = found.loudness?.integrated
    self.checked = checked
  }

  /// The fields of a record that reports need.
  private struct Record: Decodable {
    struct Duration: Decodable { let seconds: Double, frames: Int }
    struct Integrity: Decodable { let checked: String, damage: [Damage] }
    struct Loudness: Decodable { let integrated: Double? }

    let schema: String
    let bytes: Int?
    let format: String
    let codec: String
    let sampleRate: Int?
    let channels: Int?
    let duration: Duration?
    let audioBytes: Int?
    let integrity: Integrity
    let loudness: Loudness?
    let verdict: String
    let reasons: [Reason]
  }
}

/// A file of a group whose files hold the same audio, or nearly the same.
package struct GroupedFile: Sendable {
  /// Its path.
  package let path: RawPath
  /// Zero-based position of the file in scan order; also its row in reports.
  package let row: Int
  /// `true` for the first file of each group.
  package let startsGroup: Bool
}
