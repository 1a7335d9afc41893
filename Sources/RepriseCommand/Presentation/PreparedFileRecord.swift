import RepriseSystem
import Foundation
import RepriseLibrary
import RepriseSystem

/// The record `reprise.prepared.v1` of a file that a worker prepared, now or in an earlier run, as in `prepare --json`.
struct PreparedFileRecord: Encodable {
  private enum CodingKeys: String, CodingKey {
    case schema, path, output, steps, start, end, format, bytes, seconds, lossless, lost, gain, tags, remark, error
  }

  let path: String
  let output: String
  let facts: PreparedFacts

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode("reprise.prepared.v1", forKey: .schema)
    try fields.encode(path, forKey: .path)
    try fields.encode(output, forKey: .output)
    try fields.encode(facts.steps, forKey: .steps)
    try fields.encode(facts.start, forKey: .start)
    try fields.encode(facts.end, forKey: .end)
    try fields.encode(facts.format, forKey: .format)
    try fields.encode(facts.bytes, forKey: .bytes)
    try fields.encode(facts.seconds, forKey: .seconds)
    try fields.encode(facts.lossless, forKey: .lossless)
    try fields.encode(facts.lost ?? [], forKey: .lost)
    try fields.encode(facts.gain, forKey: .gain)
    try fields.encode(facts.tags, forKey: .tags)
    try fields.encode(facts.remark, forKey: .remark)
    try fields.encodeNil(forKey: .error)
  }

  /// Returns the line for a file of a library.
  ///
  /// - Parameters:
  ///   - item: The file.
  ///   - directory: The directory of the outputs.
  /// - Returns: The line of JSON; `nil` if nothing was done to the file.
  /// - Throws: `DecodingError` or `EncodingError`.
  static func line(_ item: PreparationItem, in directory: PreparedDirectory) throws -> String? {
    switch item.state {
    case .made, .already:
      let facts = try JSONDecoder().decode(PreparedFacts.self, from: Data(item.outcome))
      return try Console.json(
        PreparedFileRecord(path: item.source.text, output: directory.path(of: item.output), facts: facts))
    case .failed:
      let message = String(decoding: item.outcome, as: UTF8.self)
      return try Console.json(PreparationRecord(failed: item.source.text, because: message))
    case .kept, .waiting: return nil
    }
  }
}
