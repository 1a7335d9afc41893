package import RepriseService
internal import Foundation
package import RepriseSystem

/// One cover that is wanted.
package struct CoverOrder: Sendable {
  /// The recording.
  package let input: String
  /// The recording as it was named, which may be relative to a manifest.
  package let shown: String
  /// The cover's file, as it was named, or as `names` names it.
  package var output: String
  /// What the cover should be like.
  package let brief: CoverBrief
  /// The encoding, with the service's defaults for what was left open.
  package let setting: Contract.AudioSetting
  /// Whether a file at `output` may be replaced.
  package let replacing: Bool
  /// Whether it is bought even if the same was bought before.
  package let again: Bool
  /// The manifest, or the run of several files, that it belongs to.
  package var batch: String?
  /// What tells it from the other rows of `batch`, and from what was made under another name.
  package var key: String?
  /// Its number in its run, from 1.
  package var number = 1
  /// The output's name by take, from 1; `nil` where a person has named the file.
  package var names: (@Sendable (_ take: Int) -> String)?
  /// Whether the directory of the output is made where it is missing.
  package var makesDirectory = false
  /// Whether it is left out, since its output is there.
  package var isSkipped = false

  /// Creates an order.
  ///
  /// - Parameters:
  ///   - input: The recording.
  ///   - shown: The recording as it was named; `nil` takes `input`.
  ///   - output: The cover's file.
  ///   - brief: What the cover should be like.
  ///   - setting: The encoding; `nil` takes the brief's, or the service's default.
  ///   - replacing: Whether a file at `output` may be replaced.
  ///   - again: Whether it is bought even if the same was bought before.
  ///   - batch: The run of several files that it belongs to.
  package init(
    input: String, shown: String? = nil, output: String, brief: CoverBrief, setting: Contract.AudioSetting? = nil,
    replacing: Bool = false, again: Bool = false, batch: String? = nil
  ) {
    self.input = input
    self.shown = shown ?? input
    self.output = output
    self.brief = brief
    self.setting = setting ?? brief.setting ?? Contract.AudioSetting()
    self.replacing = replacing
    self.again = again
    self.batch = batch
  }

  /// Whether nobody has asked for this very file.
  package var isNamedHere: Bool { names != nil }

  /// The recording's absolute path.
  package var absoluteInput: String { Self.absolute(input) }
  /// The output's absolute path.
  package var absoluteOutput: String { Self.absolute(output) }

  /// A path made absolute against the current directory.
  package static func absolute(_ path: String) -> String {
    PathText.absolute(path, in: FileManager.default.currentDirectoryPath)
  }

  /// Refuses what can't end well before anything is prepared or paid for.
  ///
  /// - Parameter directories: Where directories that are made are noted.
  /// - Throws: `CoverPipelineError.outputIsInput`, or `FileError` where the output can't be written.
  package func check(making directories: NewDirectories) throws {
    try Self.checkDistinct(output: output, input: input)
    if makesDirectory { try directories.make(PathText.folder(of: output)) }
    _ = try TemporaryFile(for: output, replacing: replacing, isNameless: true)
  }

  /// Refuses an output that is the recording, under whatever name.
  static func checkDistinct(output: String, input: String) throws(CoverPipelineError) {
    guard let target = FileIdentity(at: output), FileIdentity(at: input) == target else { return }
    throw .outputIsInput(output: output, input: input)
  }
}
