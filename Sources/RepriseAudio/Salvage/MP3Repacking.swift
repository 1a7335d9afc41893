/// Frames of an mp3 that are written anew where those before them are damaged or missing.
struct MP3Repacking {
  /// Kind of the frames.
  let kind: MP3FrameKind
  /// Number of bytes of side information.
  let side: Int

  /// Creates the means to write frames of a stream.
  init(kind: MP3FrameKind, like word: UInt32) {
    self.kind = kind
    side = MPEGFrameHeader(word: Int(word))?.sideInformation ?? 32
  }

  /// Returns the offset of the main data in a frame.
  func mainOffset(_ word: UInt32) -> Int { 4 + (word >> 16 & 1 == 0 ? 2 : 0) + side }

  /// Returns a frame of silence in the place of another, whose bytes stay as those that the next frames need.
  ///
  /// - Parameters:
  ///   - frame: The frame.
  ///   - word: The header of the frame.
  ///   - begin: The number of bytes before it at which its data, of no length, begin: not behind those of the next frame.
  /// - Returns: The frame.
  func silenced(_ frame: [UInt8], word: UInt32, begin: Int) -> [UInt8] {
    var frame = frame
    let main = mainOffset(word)
    guard main <= frame.count else { return frame }
    for index in main - side..<main { frame[index] = 0 }
    if word >> 19 & 1 == 1 {
      frame[main - side] = UInt8(truncatingIfNeeded: begin >> 1)
      frame[main - side + 1] = UInt8(begin & 1) << 7
    } else {
      frame[main - side] = UInt8(truncatingIfNeeded: begin)
    }
    protect(&frame, word: word)
    return frame
  }

  /// Returns a frame of silence without anything else.
  func silence(like word: UInt32) -> [UInt8] {
    // Without padding and mode extension.
    let plain = word & 0xFFFF_FDCF
    var frame = [UInt8](repeating: 0, count: kind.length(plain))
    put(plain, in: &frame)
    protect(&frame, word: plain)
    return frame
  }

  /// Returns a frame with the bytes that it needs of those before it; `nil` if no frame has room for them.
  ///
  /// - Parameters:
  ///   - frame: The frame.
  ///   - word: The header of the frame.
  ///   - reservoir: The main data before it that belong to it.
  ///   - dataBytes: The number of bytes of its main data.
  /// - Returns: The frame at the lowest bit rate with room, whose data begin in itself.
  func repacked(_ frame: [UInt8], word: UInt32, reservoir: [UInt8], dataBytes: Int) -> [UInt8]? {
    let main = mainOffset(word)
    guard main <= frame.count else { return nil }
    let data = reservoir + frame[main...]
    let plain = word & 0xFFFF_FDFF
    for index in max(Int(word >> 12 & 15), 1)..<15 {
      let header = plain & 0xFFFF_0FFF | UInt32(index) << 12
      let room = kind.length(header) - main
      guard room >= data.count else { continue }
      var made = Array(frame[..<main])
      put(header, in: &made)
      // The data begin in the frame itself: 9 bits, 8 in MPEG-2 (ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7).
      made[main - side] = 0
      if word >> 19 & 1 == 1 { made[main - side + 1] &= 0x7F }
      // What the next frames need stays at the end.
      let own = min(dataBytes, data.count)
      made += data[..<own] + [UInt8](repeating: 0, count: room - data.count) + data[own...]
      protect(&made, word: header)
      return made
    }
    return nil
  }

  private func put(_ word: UInt32, in frame: inout [UInt8]) {
    for index in 0..<min(4, frame.count) { frame[index] = UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32(index))) }
  }

  /// Writes the CRC of the header and side information, if the frame has one.
  private func protect(_ frame: inout [UInt8], word: UInt32) {
    guard word >> 16 & 1 == 0, frame.count >= 6 + side else { return }
    let covered = Array(frame[2..<4]) + Array(frame[6..<6 + side])
    let crc = CRC16.frame(unsafe covered.span.bytes, 0..<covered.count, from: 0xFFFF)
    frame[4] = UInt8(crc >> 8)
    frame[5] = UInt8(crc & 0xFF)
  }
}
