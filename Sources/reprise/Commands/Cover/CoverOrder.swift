import CoverService
import Foundation
import Platform

/// One cover that is wanted.
struct CoverOrder: Sendable {
  /// The recording.
  let input: String
  /// The recording as it was named, which may be relative to a manifest.
  let shown: String
  /// The cover's file, as it was named.
  let output: String
  /// The words and the encoding; what is sent is filled in once it is prepared.
  let request: CoverRequest
  /// The encoding, with the service's defaults for what was left open.
  let setting: Contract.AudioSetting
  /// Whether a file at `output` may be replaced.
  let replacing: Bool
  /// Whether it is bought even if the same was bought before.
  let again: Bool
  /// The manifest, or the run of several files, that it belongs to.
  var batch: String?
  /// What tells it from the other rows of `batch`.
  var key: String?

  var absoluteInput: String { Self.absolute(input) }
  var absoluteOutput: String { Self.absolute(output) }

  static func absolute(_ path: String) -> String {
    PathText.absolute(path, in: FileManager.default.currentDirectoryPath)
  }

  /// Refuses what can't end well before anything is prepared or paid for.
  func check() throws {
    try OutputGuard.check(output, isNone: [input])
    _ = try TemporaryFile(for: output, replacing: replacing, isNameless: true)
  }
}
