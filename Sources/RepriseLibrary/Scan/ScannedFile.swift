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

  /// Creates a file with its record.
  package init(path: RawPath, record: [UInt8], isOther: Bool = false) {
    self.path = path
    self.record = record
    self.isOther = isOther
  }

  /// The facts of the record that reports need.
  ///
  /// The record is decoded at each call: store the value if it is used more than once.
  package var facts: ScannedFacts { ScannedFacts(record: record) }
}

/// The facts of a file that reports show, decoded from its record.
package struct ScannedFacts: Sendable, Equatable {
  /// A reason for the verdict, or a fact worth knowing beside it.
  package struct Reason: Sendable, Equatable, Decodable {
    /// The kind of reason: "too-long".
    package let code: String
    /// A sentence with the numbers.
    package let message: String
  }

  /// A stretch of audio that is wrong or missing.
  package struct Damage: Sendable, Equatable, Decodable {
    /// Start of the stretch, in seconds.
    package let start: Double
    /// End of the stretch, in seconds.
    package let end: Double
    /// The kind of damage.
    package let what: String
  }

  /// The file's size in bytes; `nil` if the file could not be opened.
  package var bytes: Int?
  /// The file's format, by its content.
  package var format = FileFormat.unknown
  /// The codec of the audio, "unknown" if nothing was recognised.
  package var codec: String?
  /// Sample rate in Hz.
  package var sampleRate: Int?
  /// The number of channels.
  package var channels: Int?
  /// The true length in seconds; `nil` if there is no audio.
  package var seconds: Double?
  /// The true length in frames.
  package var frames: Int?
  /// Number of bytes of audio, without tags and pictures.
  package var audioBytes: Int?
  /// The verdict: if the file can be sent.
  package var verdict = Inspection.Verdict.rejected
  /// The reasons for the verdict.
  package var reasons: [Reason]
  /// The stretches of audio that are wrong or missing, in order.
  package var damage: [Damage] = []
  /// Gated loudness in LUFS, if measured.
  package var loudness: Double?
  /// The depth of the check.
  package var checked = Inspection.Integrity.Checked.structure

  /// Decodes the facts from a JSON record.
  ///
  /// Bytes that are no record yield the facts of a rejected file.
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
  /// The file's path.
  package let path: RawPath
  /// Zero-based position of the file in scan order; also its row in reports.
  package let row: Int
  /// `true` for the first file of each group.
  package let startsGroup: Bool
}
