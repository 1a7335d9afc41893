/// How long other tools take a file to be, and how they come to it.
public struct ReportedDuration: Sendable, Equatable, Codable {
  /// The ways in which tools come to a length (measured in November 2026: ffprobe, soxi, mutagen, tinytag, mediainfo,
  /// libsndfile).
  public enum Reporter: Sendable, Equatable, Codable {
    /// Tools that believe the header's claim.
    case header
    /// Tools that take no notice of encoder delay and padding: sox, old players.
    case untrimmed
    /// Tools that also play the frame that holds the header.
    case headerFrame
    /// Tools that multiply the frames that the header claims: ffprobe, soxi.
    case claimedFrames
    /// Tools that divide the bytes from the first frame on by its bit rate: mutagen, ffprobe.
    case bitRate
    /// Tools that also count the bytes in front of the first frame: libsndfile.
    case bitRateWithTags
  }

  /// The length that is reported, in seconds.
  public let seconds: Double
  /// How it is come to.
  public let reporter: Reporter

  /// Creates a length as some tools report it.
  public init(seconds: Double, reporter: Reporter) {
    self.seconds = seconds
    self.reporter = reporter
  }
}
