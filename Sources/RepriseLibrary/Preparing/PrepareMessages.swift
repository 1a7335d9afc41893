package import Foundation

/// What a worker is asked to prepare.
package struct PrepareRequest: Codable, Sendable {
  /// The recording's path.
  package var source: Data
  /// Where the result goes, without its extension.
  package var staged: String
  /// Where it will be in the end, without its extension: what errors call it.
  package var shown: String
  /// Extensions of files that are there and may not be replaced.
  package var taken: [String]
  /// Whether a recording that needs no change is copied.
  package var copies: Bool
}

/// What became of it: made, kept as it is (none of them), or a failure.
package struct PrepareAnswer: Codable, Sendable {
  /// The kinds of trouble that a run tells apart.
  package enum Failure: String, Codable, Sendable {
    /// The recording can't be made to fit.
    case audio
    /// It can't be read, or its output can't be written.
    case trouble
    /// The disk is full.
    case full
  }

  /// A file that was made.
  package struct Made: Codable, Sendable {
    /// Where it is.
    package var path: String
    /// SHA-256 of its bytes.
    package var digest: Data
    /// What it is.
    package var facts: PreparedFacts

    /// A file.
    package init(path: String, digest: Data, facts: PreparedFacts) {
      self.path = path
      self.digest = digest
      self.facts = facts
    }
  }

  /// What was made.
  package var made: Made?
  /// Why nothing was.
  package var failure: Failure?
  /// The same for people, with the file's name.
  package var words: String = ""

  /// A recording that is kept as it is.
  package init() {}
}

/// What was done to a recording: the fields of `reprise.prepared.v1` beside the names.
package struct PreparedFacts: Codable, Sendable {
  /// One change.
  package struct Step: Codable, Sendable {
    /// keep, strip, cut, convert or copy.
    package var action: String
    /// What and why.
    package var detail: String
    /// Whether every sample that stays is what it was.
    package var lossless: Bool

    /// A change.
    package init(action: String, detail: String, lossless: Bool) {
      self.action = action
      self.detail = detail
      self.lossless = lossless
    }
  }

  /// The changes, in order.
  package var steps: [Step]
  /// Where it begins in the recording, in seconds.
  package var start: Double
  /// Where it ends.
  package var end: Double
  /// mp3, wav or flac.
  package var format: String
  /// Its size.
  package var bytes: Int
  /// Its length.
  package var seconds: Double
  /// Whether every sample that stayed is what it was.
  package var lossless: Bool
  /// What was done other than planned.
  package var remark: String?

  /// Facts.
  package init(
    steps: [Step], start: Double, end: Double, format: String, bytes: Int, seconds: Double, lossless: Bool,
    remark: String?
  ) {
    self.steps = steps
    self.start = start
    self.end = end
    self.format = format
    self.bytes = bytes
    self.seconds = seconds
    self.lossless = lossless
    self.remark = remark
  }
}
