/// The limits of a service, all of them inclusive.
public struct AudioLimits: Sendable, Equatable, Codable {
  /// Shortest audio, in seconds.
  package var minimumSeconds: Double
  /// Longest audio, in seconds.
  package var maximumSeconds: Double
  /// Largest file, in bytes before Base64 encoding.
  package var maximumBytes: Int
  /// Formats that the service accepts.
  package var formats: Set<FileFormat>

  /// Creates limits, by default of 6–360 s, 50,000,000 bytes, mp3, wav and flac.
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
