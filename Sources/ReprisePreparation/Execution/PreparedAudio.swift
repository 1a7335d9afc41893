public import RepriseAudio

/// What was made.
public struct PreparedAudio: Sendable, Equatable {
  /// Something that was done and that the plan could not say.
  package enum Remark: Sendable, Equatable {
    /// An mp3 was encoded again, with loss, as it would not be exact if it were cut by its own frames.
    case encodedAgain(FrameCutFault)
    /// A flac turned out over the service's maximum, so it was encoded as mp3.
    ///
    /// - Parameters:
    ///   - maximumBytes: the most the service takes.
    ///   - conversions: what was done instead.
    case mp3Instead(maximumBytes: Int, conversions: [Plan.Step.Detail])
    /// Decoded, its peaks went over full scale, so that it was encoded once more; everything in dB.
    ///
    /// - Parameters:
    ///   - peak: how far they went over full scale.
    ///   - by: by how much it was lowered.
    ///   - still: how far they go over full scale now; `nil` if they do not.
    case loweredAgain(peak: Double, by: Double, still: Double?)
  }

  /// Where it is. It ends in .mp3 where a .flac was asked for and turned out too large.
  public let path: String
  /// Its size.
  public let bytes: Int
  /// What it is.
  public let format: FileFormat
  /// Its length in seconds.
  public let seconds: Double
  /// Whether every sample that stayed is what it was; other than the plan's where the plan did not fit.
  public let lossless: Bool
  /// What was done other than the plan says.
  package let remarks: [Remark]

  /// A result that is as the plan says.
  public init(path: String, bytes: Int, format: FileFormat, seconds: Double, lossless: Bool = true) {
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

/// Why a part that was cut by an mp3's own frames is not handed on.
package enum FrameCutFault: Sendable, Equatable {
  /// Its frames cannot be copied.
  case refused(MP3CutRefusal)
  /// What was written does not decode to the source's own samples.
  case notProved(MP3CutFailure)
  /// Without the frames around them those that were written look damaged.
  case looksDamaged
}
