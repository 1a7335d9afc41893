import RepriseAudio

/// The bytes in front of a FLAC file's frames.
enum FLACHeader {
  /// Largest number of channels of a FLAC file.
  static let mostChannels = 8

  /// Number of bytes of "fLaC", a block header and STREAMINFO.
  static let byteCount = FLACHead.byteCount

  /// Returns a header with only STREAMINFO, with the given total number of samples (RFC 9639 §8.2).
  static func make(streamInfo: [UInt8], totalSamples: Int) -> [UInt8] {
    var head = FLACHead(streamInfo: streamInfo)
    head.set(total: totalSamples)
    return head.bytes(isLast: true)
  }
}
