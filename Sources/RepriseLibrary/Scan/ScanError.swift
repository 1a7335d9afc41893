/// Why a scan could not go on.
public struct ScanError: Error, Sendable, CustomStringConvertible {
  /// The kinds of trouble callers tell apart.
  public enum Code: Sendable {
    /// Workers can't be started.
    case noWorker
    /// The list of files can't be read.
    case badList
    /// No place for what must wait for its turn.
    case noRoom
    /// The cache can't be used.
    case cache
    /// The record of a folder of prepared files can't be used, or another run uses it.
    case record
    /// Where an output should be is something else, or another file system.
    case place
    /// The program that makes fingerprints is missing or does not work.
    case noFingerprinter
  }

  /// What kind of trouble.
  public let code: Code
  /// One sentence with what to do next.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
