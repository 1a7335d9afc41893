/// What a service accepts: every bound is inclusive.
public struct AudioLimits: Sendable, Equatable, Codable {
  /// The shortest audio, in seconds.
  public var minimumSeconds: Double
  /// The longest audio, in seconds.
  public var maximumSeconds: Double
  /// The largest file, in bytes, before Base64.
  public var maximumBytes: Int
  /// The formats that can be sent.
  public var formats: Set<FileFormat>

  /// Limits of 6–360 s, 50,000,000 bytes, mp3, wav and flac, unless said otherwise.
  public init(
    minimumSeconds: Double = 6, maximumSeconds: Double = 360, maximumBytes: Int = 50_000_000,
    formats: Set<FileFormat> = [.mp3, .wav, .flac]
  ) {
    self.minimumSeconds = minimumSeconds
    self.maximumSeconds = maximumSeconds
    self.maximumBytes = maximumBytes
    self.formats = formats
  }
}
