public import RepriseSystem

/// A file that was checked: what `inspect --json` says of it, to the byte.
public struct CheckedFile: Sendable, Equatable {
  /// The path as it was given or found.
  public let path: RawPath
  /// One line of JSON, `reprise.inspection.v1`, without its line end.
  public let record: [UInt8]

  /// Whether it was come upon in a folder and is neither named nor shaped like audio.
  public let isOther: Bool

  /// A file and its record.
  public init(path: RawPath, record: [UInt8], isOther: Bool = false) {
    self.path = path
    self.record = record
    self.isOther = isOther
  }

  /// What reports need of the record. It is read anew each time: keep it where it is used more than once.
  public var facts: CheckedFacts { CheckedFacts(record: record) }
}
