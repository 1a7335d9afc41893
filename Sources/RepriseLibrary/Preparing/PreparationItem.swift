package import RepriseSystem

/// A file of a library that a cover can be made of, on its way through the preparation.
package struct PreparationItem: Sendable {
  /// What is done with it.
  package enum Need: Int, Sendable {
    /// Nothing: it can be sent as it is.
    case none
    /// It is prepared.
    case change
    /// It is prepared, and copied if there is nothing to change: a manifest can't name it where it is.
    case changeOrCopy
  }

  /// What became of it.
  package enum State: Int, Sendable {
    case waiting, made, already, kept, failed
  }

  /// One-based position of the file in the order of paths.
  package let position: Int
  /// As it was found.
  package let source: RawPath
  /// What is done with it.
  package let need: Need
  /// Where its output goes, below the folder of outputs.
  package let folder: String
  /// Its output's name, without the extension.
  package let stem: String
  /// What became of it.
  package var state: State
  /// Its output, below the folder of outputs; empty if there is none.
  package var output: String
  /// ``PreparedFacts`` of what was made as JSON, or the message that was made of why nothing was.
  package var outcome: [UInt8]

  /// The output without its extension.
  package var base: String { folder.isEmpty ? stem : folder + "/" + stem }
}

/// How many files there were of each kind.
package struct PreparationTally: Sendable {
  /// Made by this run.
  package var made = 0
  /// Made by an earlier run.
  package var already = 0
  /// Sent as they are.
  package var kept = 0
  /// Not prepared since their audio can't be made to fit, or ended its decoder.
  package var unfit = 0
  /// Not prepared since they could not be read, written or replaced.
  package var troubles = 0
  /// Files that a list or a link has brought from the directory of outputs: left out.
  package var outputs = 0
  /// Outputs of earlier runs that this one has no source for.
  package var left = 0
}
