public import RepriseAudio
internal import Foundation

/// Records as lines of JSON.
public enum RecordText {
  /// The line that `inspect --json` prints of an inspection, without its line end.
  public static func line(_ inspection: Inspection) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(inspection))
  }
}
