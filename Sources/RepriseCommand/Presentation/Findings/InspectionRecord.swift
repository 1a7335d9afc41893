package import RepriseAudio
import Foundation

/// The record `reprise.inspection.v1`: a file's line of `inspect --json`, with its findings as sentences.
package struct InspectionRecord: Encodable {
  /// Name and version of the record.
  package static let schema = "reprise.inspection.v1"

  private let inspection: Inspection
  private let decoders: [DecoderReading]?

  /// Creates the record of an inspection.
  ///
  /// - Parameters:
  ///   - inspection: The inspection.
  ///   - decoders: What the decoders of other programs make of the file; `nil` if they were not asked.
  package init(_ inspection: Inspection, decoders: [DecoderReading]? = nil) {
    self.inspection = inspection
    self.decoders = decoders
  }

  /// Returns the line of JSON, without its line end.
  package func line() throws -> String { try Console.json(self) }

  /// Returns a file's record and its rows of text, as stored by the scan of a library.
  @Sendable package static func rendered(_ inspection: Inspection) throws -> (record: [UInt8], rows: String) {
    (Array(try InspectionRecord(inspection).line().utf8), InspectionTable.rows(inspection))
  }

  private enum CodingKeys: String, CodingKey {
    case schema, path, bytes, format, container, codec, sampleRate, channels, duration, audioBytes, integrity, signal
    case loudness, gapless, verdict, reasons, decoders
  }

  /// Encodes every field, `null` if there is no value, so that each record has the same keys.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(Self.schema, forKey: .schema)
    try fields.encode(inspection.path, forKey: .path)
    try fields.encode(inspection.bytes, forKey: .bytes)
    try fields.encode(inspection.format, forKey: .format)
    try fields.encode(inspection.container, forKey: .container)
    try fields.encode(inspection.codec, forKey: .codec)
    try fields.encode(inspection.sampleRate, forKey: .sampleRate)
    try fields.encode(inspection.channels, forKey: .channels)
    try fields.encode(inspection.duration, forKey: .duration)
    try fields.encode(inspection.audioBytes, forKey: .audioBytes)
    try fields.encode(Integrity(inspection.integrity, path: inspection.path), forKey: .integrity)
    try fields.encode(inspection.signal, forKey: .signal)
    try fields.encode(inspection.loudness, forKey: .loudness)
    try fields.encode(inspection.gapless, forKey: .gapless)
    try fields.encode(inspection.verdict, forKey: .verdict)
    let reasons = inspection.reasons.enumerated().map { index, reason in
      Reason(
        code: reason.code,
        message: SalvageAdvice.sentence(inspection, index, reason.finding.sentence(path: inspection.path)))
    }
    try fields.encode(reasons, forKey: .reasons)
    try fields.encode(decoders?.map { DecoderRecord($0) }, forKey: .decoders)
  }
}

extension InspectionRecord {
  /// A reason: its code, and fact and advice as a sentence.
  private struct Reason: Encodable {
    let code: Inspection.Reason.Code
    let message: String
  }

  /// A damaged stretch.
  private struct Damage: Encodable {
    let start: Double
    let end: Double
    let what: String

    init(_ span: DamageSpan) {
      start = span.start
      end = span.end
      what = span.kind.description
    }
  }

  /// Bytes that belong to no frame.
  private struct Skipped: Encodable {
    let start: Int
    let end: Int
    let what: String

    init(_ bytes: SkippedBytes) {
      start = bytes.start
      end = bytes.end
      what = bytes.contents.description
    }
  }

  /// What a skim has read.
  private struct Skim: Encodable {
    let bytesRead: Int
    let probes: Int
    let estimated: Bool

    init(_ skim: Inspection.Integrity.Skim) {
      bytesRead = skim.bytesRead
      probes = skim.probes
      estimated = skim.isEstimate
    }
  }

  /// The integrity of the audio.
  private struct Integrity: Encodable {
    private enum CodingKeys: String, CodingKey {
      case checked, damaged, problems, damage, skipped, md5, musicCRC, skim
    }

    let integrity: Inspection.Integrity
    let path: String

    init(_ integrity: Inspection.Integrity, path: String) {
      self.integrity = integrity
      self.path = path
    }

    func encode(to encoder: any Encoder) throws {
      var fields = encoder.container(keyedBy: CodingKeys.self)
      try fields.encode(integrity.checked, forKey: .checked)
      try fields.encode(integrity.damaged, forKey: .damaged)
      try fields.encode(integrity.problems.map { $0.sentence(path: path) }, forKey: .problems)
      try fields.encode(integrity.damage.map(Damage.init), forKey: .damage)
      try fields.encode(integrity.skipped.map(Skipped.init), forKey: .skipped)
      try fields.encode(integrity.md5, forKey: .md5)
      try fields.encode(integrity.musicCRC, forKey: .musicCRC)
      try fields.encode(integrity.skim.map(Skim.init), forKey: .skim)
    }
  }
}
