import Foundation
import FuzzSupport

/// The metadata of a radio stream between the bytes of frames (ICY).
///
/// The input's first two bytes are the interval, less 64; of the rest, every byte below 8 is a block of so many 16 bytes,
/// taken from what follows, and every other byte stands for a block without a text.
@main
enum Main {
  static func main() {
    fuzzInspection { input in
      let input = Array(input)
      guard input.count > 2 else { return input }
      let interval = 64 + (Int(input[0]) << 8 | Int(input[1]))
      let audio = frames(count: 400)
      var result: [UInt8] = []
      var place = 2
      for start in stride(from: 0, to: audio.count, by: interval) {
        result += audio[start..<min(start + interval, audio.count)]
        guard start + interval <= audio.count else { break }
        guard place < input.count else {
          result.append(0)
          continue
        }
        let count = input[place] < 8 ? Int(input[place]) : 0
        place += 1
        let text = input[place..<min(place + 16 * count, input.count)]
        place += text.count
        result += [UInt8(count)] + text + [UInt8](repeating: 0, count: 16 * count - text.count)
      }
      return result
    }
  }

  /// Frames whose bytes are no zeros: MPEG-1 layer III, 32 kbit/s, 48 kHz, mono, 96 bytes each (ISO/IEC 11172-3, 2.4.1).
  private static func frames(count: Int) -> [UInt8] {
    let frame: [UInt8] = [0xFF, 0xFB, 0x14, 0xC0] + Array(repeating: 0x11, count: 92)
    return Array(repeatElement(frame, count: count).joined())
  }
}
