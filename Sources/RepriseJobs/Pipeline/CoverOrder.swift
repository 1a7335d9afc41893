package import RepriseService
internal import Foundation
package import RepriseSystem

/// An order for one cover.
package struct CoverOrder: Sendable {
  /// Path of the recording.
  package let input: String
  /// Path of the recording as the caller named it, which may be relative to a manifest.
  package let shown: String
  /// Path of the cover's file, as the caller or `names` named it.
  package var output: String
  /// The brief of the cover.
  package let brief: CoverBrief
  /// The encoding, with the service's defaults for options that were left open.
  package let setting: Contract.AudioSetting
  /// `true` if a file at `output` may be replaced.
  package let replacing: Bool
  /// `true` to buy the cover even if the same was bought before.
  package let again: Bool
  /// The manifest or the run of several files to which the order belongs.
  package var batch: String?
  /// A key that distinguishes the order from the other rows of `batch`, and from covers made under another name.
  package var key: String?
  /// Number of the order in its run, from 1.
  package var number = 1
  /// Names of the output by take, from 1; `nil` if the user has named the file.
  package var names: (@Sendable (_ take: Int) -> String)?
  /// `true` if the directory of the output is created when it is missing.
  package var makesDirectory = false
  /// `true` if the order is skipped because its output exists.
  package var isSkipped = false

  /// Creates an order.
  ///
  /// - Parameters:
  ///   - input: Path of the recording.
  ///   - shown: Path of the recording as the caller named it; `nil` for `input`.
  ///   - output: Path of the cover's file.
  ///   - brief: The brief of the cover.
  ///   - setting: The encoding; `nil` for the brief's, or the service's default.
  ///   - replacing: `true` if a file at `output` may be replaced.
  ///   - again: `true` to buy the cover even if the same was bought before.
  ///   - batch: The run of several files to which the order belongs.
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

  /// `true` if the program, and not the user, has named the output.
  package var isNamedHere: Bool { names != nil }

  /// Absolute path of the recording.
  package var absoluteInput: String { Self.absolute(input) }
  /// Absolute path of the output.
  package var absoluteOutput: String { Self.absolute(output) }

  /// Returns a path made absolute against the current directory.
  package static func absolute(_ path: String) -> String {
    PathText.absolute(path, in: FileManager.default.currentDirectoryPath)
  }

  /// Checks the output before anything is prepared or paid for.
  ///
  /// - Parameter directories: The record of created directories.
  /// - Throws: `CoverPipelineError.outputIsInput`, or `FileError` if the output cannot be written.
  package func check(making directories: NewDirectories) throws {
    try Self.checkDistinct(output: output, input: input)
    if makesDirectory { try directories.make(PathText.directory(of: output)) }
    _ = try TemporaryFile(for: output, replacing: replacing, isNameless: true)
  }

  /// Throws an error if the output is the recording, under any name.
  static func checkDistinct(output: String, input: String) throws(CoverPipelineError) {
    guard let target = FileIdentity(at: output), FileIdentity(at: input) == target else { return }
    throw .outputIsInput(output: output, input: input)
  }
}
