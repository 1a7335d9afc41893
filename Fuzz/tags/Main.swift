import Foundation
import FuzzSupport

/// Tags before and behind the frames of an mp3: ID3v2, ID3v1, APE, Lyrics3.
///
/// The input's first byte is the share of the rest that stands before the frames, in 255ths, so that a change to a tag
/// leaves the audio whole.
@main
enum Main {
  static func main() {
    let frames = silence(count: 24)
    fuzzInspection { input in
      guard let share = input.first else { return frames }
      let rest = input.dropFirst()
      let before = rest.count * Int(share) / 255
      return Array(rest.prefix(before)) + frames + Array(rest.dropFirst(before))
    }
  }

  /// Frames of nothing: MPEG-1 layer III, 32 kbit/s, 48 kHz, mono, 96 bytes each (ISO/IEC 11172-3, 2.4.1).
  private static func silence(count: Int) -> [UInt8] {
    let frame: [UInt8] = [0xFF, 0xFB, 0x14, 0xC0] + Array(repeating: 0, count: 92)
    return Array(repeatElement(frame, count: count).joined())
  }
}
