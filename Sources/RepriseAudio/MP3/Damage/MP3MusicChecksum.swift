/// The two checksums in LAME's tag: that of the tag, and that of all frames after it.
///
/// "mp3 info tag revision 1": 36 bytes after the Xing fields, the last eight of which are the length of the music, its
/// CRC and that of the tag.
struct MP3MusicChecksum {
  /// Number of bytes of frames that the checksum covers.
  private let length: Int
  private let wanted: UInt16
  private let tagMatches: Bool
  /// Checksums of all frames so far, and of the number of bytes in the tag.
  private var crc: UInt16 = 0
  private var crcOfLength: UInt16 = 0
  private var done = 0

  /// Reads the tag; `nil` if there is none, or no checksum in it.
  init?(_ bytes: RawSpan, _ layout: MP3Layout) {
    let frame = layout.headerFrame
    guard layout.header?.delay != nil else { return nil }
    let side = layout.first.sideInformation
    let candidates = [frame.lowerBound + 4 + side, frame.lowerBound + 6 + side]
    guard let start = candidates.first(where: { bytes.has("Xing", at: $0) || bytes.has("Info", at: $0) }),
      let flags = bytes.big32(at: start + 4)
    else { return nil }
    let extra =
      start + 8 + (flags & 1 != 0 ? 4 : 0) + (flags & 2 != 0 ? 4 : 0) + (flags & 4 != 0 ? 100 : 0)
      + (flags & 8 != 0 ? 4 : 0)
    guard extra + 36 <= frame.upperBound, let music = bytes.big32(at: extra + 28),
      let both = bytes.big32(at: extra + 32), Int(music) > frame.count
    else { return nil }
    length = Int(music) - frame.count
    wanted = UInt16(both >> 16)
    let own = UInt16(truncatingIfNeeded: both)
    // LAME covers the bytes before the checksum; others take the number 190, valid for stereo, literally.
    let ends = [extra + 34, min(frame.lowerBound + 190, frame.upperBound)]
    tagMatches = ends.contains { CRC16.tag(bytes, frame.lowerBound..<$0, from: 0) == own }
  }

  /// Adds the next frames.
  mutating func add(_ bytes: RawSpan, _ range: Range<Int>) {
    let end = min(range.upperBound, bytes.byteCount)
    let middle = min(max(length - done, 0) + range.lowerBound, end)
    crc = CRC16.tag(bytes, range.lowerBound..<middle, from: crc)
    if done < length { crcOfLength = crc }
    crc = CRC16.tag(bytes, middle..<end, from: crc)
    done += end - range.lowerBound
  }

  /// Adds the result to the evidence.
  ///
  /// A mismatch alone is not damage: gain tools and editors change frames and leave the tag.
  func tell(_ evidence: inout Evidence) {
    guard tagMatches else {
      evidence.problems.append(.mp3(.tagChecksum))
      return
    }
    // The length is that of the frames only from LAME 3.99 on (3.98 subtracts 128 bytes), and the frames may be
    // followed by another mp3. Therefore either checksum is accepted.
    evidence.musicCRC = crc == wanted || crcOfLength == wanted ? .matches : .differs
    guard evidence.musicCRC == .differs else { return }
    evidence.problems.append(
      .mp3(done < length ? .checksumBeyondEnd(bytes: done, of: length) : .framesChanged))
  }
}
