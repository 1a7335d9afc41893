import RepriseAudio

/// The bytes in front of a FLAC file's frames.
enum FLACHeader {
  /// Largest number of channels of a FLAC file.
  static let mostChannels = 8

  /// Number of bytes of "fLaC", a block header and STREAMINFO.
  static let byteCount = FLACHead.byteCount

  /// Returns a header with STREAMINFO, with the given total number of samples (RFC 9639 §8.2), and blocks.
  static func make(
    streamInfo: [UInt8], totalSamples: Int, blocks: [CarriedTags.FLACBlock] = []
  ) -> [UInt8] {
    var head = FLACHead(streamInfo: streamInfo)
    head.set(total: totalSamples)
    return head.bytes(isLast: blocks.isEmpty) + CarriedTags.bytes(blocks)
  }

  /// Returns a header of STREAMINFO alone with blocks behind it; `nil` if it is another one, or there are no blocks.
  static func adding(_ blocks: [CarriedTags.FLACBlock], to header: [UInt8]) -> [UInt8]? {
    guard !blocks.isEmpty, header.count == byteCount, header[4] == 0x80 else { return nil }
    var header = header
    header[4] = 0
    return header + CarriedTags.bytes(blocks)
  }
}
