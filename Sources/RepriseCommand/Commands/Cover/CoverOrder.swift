import RepriseService
import Foundation
import RepriseSystem

/// One cover that is wanted.
struct CoverOrder: Sendable {
  /// The recording.
  let input: String
  /// The recording as it was named, which may be relative to a manifest.
  let shown: String
  /// The cover's file, as it was named, or as `names` names it.
  var output: String
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
  /// What tells it from the other rows of `batch`, and from what was made under another name.
  var key: String?
  /// Its number in its run, from 1.
  var number = 1
  /// The output's name by take, from 1; nil where a person has named the file.
  var names: (@Sendable (_ take: Int) -> String)?
  /// Whether the directory of the output is made where it is missing.
  var makesDirectory = false
  /// Whether it is left out, since its output is there.
  var isSkipped = false

  /// Whether nobody has asked for this very file.
  var isNamedHere: Bool { names != nil }

  var absoluteInput: String { Self.absolute(input) }
  var absoluteOutput: String { Self.absolute(output) }

  static func absolute(_ path: String) -> String {
    PathText.absolute(path, in: FileManager.default.currentDirectoryPath)
  }

  /// Refuses what can't end well before anything is prepared or paid for.
  func check() throws {
    try OutputGuard.check(output, isNone: [input])
    if makesDirectory { try NewDirectories.make(PathText.folder(of: output)) }
    _ = try TemporaryFile(for: output, replacing: replacing, isNameless: true)
  }
}
