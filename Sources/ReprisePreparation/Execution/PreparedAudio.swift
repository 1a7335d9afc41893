public import RepriseAudio

/// The result of a preparation.
public struct PreparedAudio: Sendable, Equatable {
  /// A deviation of the result from the plan.
  package enum Remark: Sendable, Equatable {
    /// An MP3 file was encoded again, with loss, as a cut at its own frames would not be exact.
    case encodedAgain(FrameCutFault)
    /// A FLAC file turned out larger than the service's maximum and was encoded as MP3 instead.
    ///
    /// - Parameters:
    ///   - maximumBytes: The service's maximum size in bytes.
    ///   - conversions: The steps performed instead.
    case mp3Instead(maximumBytes: Int, conversions: [Plan.Step.Detail])
    /// The peaks of the decoded signal exceeded full scale, so the signal was encoded once more at a lower level.
    ///
    /// - Parameters:
    ///   - peak: The peak level above full scale, in dB.
    ///   - by: The reduction of the level, in dB.
    ///   - still: The remaining peak level above full scale, in dB; `nil` if there is none.
    case loweredAgain(peak: Double, by: Double, still: Double?)
    /// With its tags the result would be larger than the service accepts.
    ///
    /// - Parameters:
    ///   - bytes: The size of the tags in bytes.
    ///   - maximumBytes: The service's maximum size in bytes.
    case withoutTags(bytes: Int, maximumBytes: Int)
  }

  /// Path of the file.
  ///
  /// The path ends in .mp3 where a .flac file was requested and turned out too large.
  package let path: String
  /// Size in bytes.
  public let bytes: Int
  /// Format of the file.
  public let format: FileFormat
  /// Length in seconds.
  public let seconds: Double
  /// `true` if every remaining sample is unchanged; may differ from the plan's value where the plan did not fit.
  package let lossless: Bool
  /// Deviations from the plan.
  package internal(set) var remarks: [Remark]
  /// Tags of the file; `nil` if the source has none, or its own are kept as they are.
  package internal(set) var tags: CarriedTags?

  /// Creates a result without deviations from the plan.
  package init(path: String, bytes: Int, format: FileFormat, seconds: Double, lossless: Bool = true) {
    self.init(path: path, bytes: bytes, format: format, seconds: seconds, lossless: lossless, remarks: [])
  }

  package init(
    path: String, bytes: Int, format: FileFormat, seconds: Double, lossless: Bool, remarks: [Remark]
  ) {
    self.path = path
    self.bytes = bytes
    self.format = format
    self.seconds = seconds
    self.lossless = lossless
    self.remarks = remarks
  }
}

/// A reason to reject a result that was made of the source's own bytes.
package enum FrameCutFault: Sendable, Equatable {
  /// The frames cannot be copied.
  case refused(MP3CutRefusal)
  /// The result does not decode to the source's own samples.
  case notProved(MP3CutFailure)
  /// The copied frames appear damaged without the surrounding ones.
  case looksDamaged
  /// The rewritten file does not decode to the source's own samples.
  case notSame(SpliceFailure)
}
