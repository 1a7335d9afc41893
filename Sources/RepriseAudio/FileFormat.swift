/// What a file is by its content, whatever its name says.
public enum FileFormat: String, Sendable, Codable, CaseIterable {
  /// MPEG audio, layer III (ISO 11172-3, 13818-3).
  case mp3
  /// RIFF WAVE and its 64-bit kin: RF64, BW64, W64.
  case wav
  /// Native FLAC (RFC 9639).
  case flac
  /// Audio, or something else known, that the service does not take.
  case other
  /// Nothing that is known.
  case unknown
}
