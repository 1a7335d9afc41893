/// Finds the mp3 stream in a wav: the bytes of its data chunk, whatever else the chunks claim.
///
/// A format chunk may claim linear samples all the same; ffmpeg then plays the mp3, and others noise.
///
/// Format tags of mmreg.h: 0x55, WAVE_FORMAT_MPEGLAYER3, and 0x50, WAVE_FORMAT_MPEG, which may also be layer I or II.
enum WaveUnwrapper {
  private static let tags = [0x50, 0x55]

  /// Returns the stream of the wav that begins at the offset; `nil` if its samples are not mp3.
  static func find(_ file: borrowing InputFile, offset: Int) throws(AudioFileError) -> Unwrapping? {
    let head = try file.bytes(at: offset, count: headBytes)
    let isDisguised = dataOffset(head).map { beginsWithFrames(head, at: $0) } ?? false
    guard isDisguised || mayHold(head), let layout = try WaveLayout(file, offset: offset), let format = layout.format,
      isDisguised || tags.contains(format.tag), let start = layout.dataOffset, layout.laterData.count == 0
    else { return nil }
    var found = Unwrapping(container: AudioContainer(layout.container), codec: .mp3)
    found.content.append(start..<start + layout.presentBytes)
    if layout.claim == .unmet {
      found.missingBytes = layout.declaredBytes - layout.presentBytes
      found.damage.append(.truncated(missingBytes: found.missingBytes))
    }
    return found.content.byteCount > 0 ? found : nil
  }

  /// Returns `false` if the first chunk certainly claims other samples, as in nearly every wav.
  private static func mayHold(_ head: [UInt8]) -> Bool {
    guard !head.has("riff"), head.has("fmt ", at: 12), let tag = head.little(at: 20, width: 2) else { return true }
    // WAVE_FORMAT_EXTENSIBLE holds the actual tag behind.
    return tags.contains(tag) || tag == 0xFFFE && head.little(at: 44, width: 2).map { tags.contains($0) } ?? true
  }

  /// Number of bytes that are read, which hold the frames below behind the usual header.
  private static let headBytes = 8192
  /// Number of frames that follow each other exactly, by which samples are known to be mp3.
  private static let wantedFrames = 4

  /// Returns the offset of the samples of a RIFF; `nil` if they begin further behind, or in another container.
  private static func dataOffset(_ head: [UInt8]) -> Int? {
    var offset = 12
    while let size = head.little(at: offset + 4, width: 4), !head.has("riff") {
      if head.has("data", at: offset) { return offset + 8 }
      offset += 8 + size + size % 2
    }
    return nil
  }

  private static func beginsWithFrames(_ head: [UInt8], at start: Int) -> Bool {
    var (offset, first) = (start, MPEGFrameHeader?.none)
    for _ in 0..<wantedFrames {
      guard let header = MPEGFrameHeader(head, at: offset), header.layer == 3, let length = header.byteCount,
        first.map({ header.continues($0) }) ?? true
      else { return false }
      first = first ?? header
      offset += length
    }
    return true
  }
}
