package import RepriseSystem

/// A file of a library that a cover can be made of, on its way through the preparation.
package struct PreparationItem: Sendable {
  /// The treatment of a file.
  package enum Need: Int, Sendable {
    /// The file is not prepared, since it can be sent unchanged.
    case none
    /// The file is prepared.
    case change
    /// The file is prepared, and copied if there is nothing to change: a manifest can't name its present path.
    case changeOrCopy
  }

  /// The outcome of a file.
  package enum State: Int, Sendable {
    case waiting, made, already, kept, failed
  }

  /// One-based position of the file in the order of paths.
  package let position: Int
  /// The file's path as it was found.
  package let source: RawPath
  /// The file's treatment.
  package let need: Need
  /// The directory of the file's output, relative to the directory of outputs.
  package let directory: String
  /// The output's name, without the extension.
  package let stem: String
  /// The file's outcome.
  package var state: State
  /// The output's path relative to the directory of outputs; empty if there is none.
  package var output: String
  /// ``PreparedFacts`` of the output as JSON, or the message with the reason why there is none.
  package var outcome: [UInt8]

  /// The output's path without its extension.
  package var base: String { directory.isEmpty ? stem : directory + "/" + stem }
}

/// The number of files of each kind.
package struct PreparationTally: Sendable {
  /// Files that this run prepared.
  package var made = 0
  /// Files that an earlier run prepared.
  package var already = 0
  /// Files that are sent unchanged.
  package var kept = 0
  /// Files not prepared because their audio can't be made to fit, or ended its decoder.
  package var unfit = 0
  /// Files not prepared because they could not be read, written or replaced.
  package var failures = 0
  /// Files that a list or a link has brought from the directory of outputs, which are left out.
  package var outputs = 0
  /// Outputs of earlier runs that this one has no source for.
  package var left = 0
}
