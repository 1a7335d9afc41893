/// What a result should be, as far as it is known.
public struct Expectation: Sendable, Equatable {
  /// How the result should be wrapped.
  public enum Container: String, Sendable, Codable {
    /// MPEG layer III.
    case mp3
    /// RIFF WAVE.
    case wav
    /// Native FLAC.
    case flac
    /// Headerless 16-bit little-endian samples, two channels.
    case pcm
  }

  /// The container asked for; nil: any.
  public var container: Container?
  /// The sample rate asked for, in Hz; nil: any.
  public var sampleRate: Int?
  /// Whether the two above were asked for, so that another is a failure, or are the service's default.
  public var wasAsked: Bool
  /// How many bytes the service said the result has; nil: it didn't.
  public var bytes: Int?
  /// The recording the cover was made from; nil: nothing is compared.
  public var reference: Reference?

  /// A recording, or a part of one.
  public struct Reference: Sendable, Equatable {
    /// The file.
    public var path: String
    /// Where the part begins, in seconds.
    public var start: Double
    /// Where it ends, in seconds; infinity for the recording's own end.
    public var end: Double

    /// A whole recording, unless said otherwise.
    public init(path: String, start: Double = 0, end: Double = .infinity) {
      self.path = path
      self.start = start
      self.end = end
    }
  }

  /// Nothing expected, unless said.
  public init(
    container: Container? = nil, sampleRate: Int? = nil, wasAsked: Bool = true, bytes: Int? = nil,
    reference: Reference? = nil
  ) {
    self.container = container
    self.sampleRate = sampleRate
    self.wasAsked = wasAsked
    self.bytes = bytes
    self.reference = reference
  }
}
