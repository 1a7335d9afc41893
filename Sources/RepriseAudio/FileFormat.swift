/// The formats of files by content, whatever their names.
public enum FileFormat: String, Sendable, Codable, CaseIterable {
  /// MPEG audio, layer III (ISO 11172-3, 13818-3).
  case mp3
  /// RIFF WAVE and its 64-bit variants: RF64, BW64, W64.
  case wav
  /// Native FLAC (RFC 9639).
  case flac
  /// Audio, or another recognised format, that the service does not accept.
  case other
  /// A format that was not recognised.
  case unknown
}
