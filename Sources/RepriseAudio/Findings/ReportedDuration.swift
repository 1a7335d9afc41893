/// A length that other tools report for a file, and the way they determine it.
public struct ReportedDuration: Sendable, Equatable, Codable {
  /// The ways in which tools determine a length (measured in November 2026: ffprobe, soxi, mutagen, tinytag, mediainfo,
  /// libsndfile).
  package enum Reporter: Sendable, Equatable, Codable {
    /// Tools that rely on the claim of the header.
    case header
    /// Tools that ignore encoder delay and padding.
    case untrimmed
    /// Tools that also play the frame that holds the header.
    case headerFrame
    /// Tools that multiply the number of frames that the header claims: ffprobe.
    case claimedFrames
    /// Tools that divide the bytes from the first frame on by its bit rate: mutagen.
    case bitRate
    /// Tools that divide all bytes of the file by the size of the first frame: libsndfile.
    case bitRateWithTags
  }

  /// Reported length, in seconds.
  public let seconds: Double
  /// Way in which the length is determined.
  package let reporter: Reporter

  /// Creates a length that some tools report.
  package init(seconds: Double, reporter: Reporter) {
    self.seconds = seconds
    self.reporter = reporter
  }
}
