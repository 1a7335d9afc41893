/// Finds the mp3 stream in a wav: the bytes of its data chunk, whatever else the chunks claim.
///
/// Format tags of mmreg.h: 0x55, WAVE_FORMAT_MPEGLAYER3, and 0x50, WAVE_FORMAT_MPEG, which may also be layer I or II.
enum WaveUnwrapper {
  private static let tags = [0x50, 0x55]

  /// Returns the stream of the wav that begins at the offset; `nil` if its samples are not mp3.
  static func find(_ file: borrowing InputFile, offset: Int) throws(AudioFileError) -> Unwrapping? {
    guard try mayHold(file, at: offset), let layout = try WaveLayout(file, offset: offset), let format = layout.format,
      tags.contains(format.tag), let start = layout.dataOffset, layout.laterData.count == 0
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
  private static func mayHold(_ file: borrowing InputFile, at offset: Int) throws(AudioFileError) -> Bool {
    let head = try file.bytes(at: offset, count: 48)
    guard !head.has("riff"), head.has("fmt ", at: 12), let tag = head.little(at: 20, width: 2) else { return true }
    // WAVE_FORMAT_EXTENSIBLE holds the actual tag behind.
    return tags.contains(tag) || tag == 0xFFFE && head.little(at: 44, width: 2).map { tags.contains($0) } ?? true
  }
}
