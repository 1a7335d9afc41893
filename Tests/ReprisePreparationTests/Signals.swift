import RepriseAudio
import Foundation
import Synchronization
import TestSupport

/// Audio made for one test.
enum Signals {
  /// Noise of 24 bits that no codec makes smaller, the same each time.
  ///
  /// It begins the same whatever its length, so that no sample is made twice in a process.
  static func noise(_ count: Int) -> [Int32] {
    drawn.withLock { drawn in
      drawn.samples.reserveCapacity(count)
      while drawn.samples.count < count {
        drawn.samples.append(Int32(truncatingIfNeeded: drawn.random.next()) & ~0xFF)
      }
      return Array(drawn.samples.prefix(count))
    }
  }

  private static let drawn = Mutex((random: Seeded(7), samples: [Int32]()))

  /// A sine of half full scale on every channel.
  static func sine(frames: Int, channels: Int, rate: Int, level: Float = 0.5) -> [Float] {
    (0..<frames * channels).map { level * Float(sin(2 * .pi * 440 * Double($0 / channels) / Double(rate))) }
  }

  /// Writes floats in blocks.
  static func write(
    _ samples: [Float], _ encoding: AudioEncoder.Encoding, rate: Int, channels: Int, to path: String
  ) throws {
    try Data().write(to: URL(fileURLWithPath: path))
    var encoder = try AudioEncoder(path: path, encoding: encoding, sampleRate: rate, channels: channels)
    try encoder.write(samples)
    try encoder.finish()
  }

  /// Writes integers.
  static func write(
    _ samples: [Int32], _ encoding: AudioEncoder.Encoding, rate: Int, channels: Int, to path: String
  ) throws {
    try Data().write(to: URL(fileURLWithPath: path))
    var encoder = try AudioEncoder(path: path, encoding: encoding, sampleRate: rate, channels: channels)
    try encoder.write(samples)
    try encoder.finish()
  }

  /// Every sample of a file, exactly.
  static func integers(of path: String) throws -> [Int32] {
    var decoder = try AudioDecoder(path: path)
    var all: [Int32] = []
    var block: [Int32] = []
    while try decoder.read(into: &block, frames: 10000) > 0 { all += block }
    return all
  }
}
