import Foundation
package import RepriseAudio

/// Seven seconds at 22.05 kHz that are no music.
package enum OddSignal: CaseIterable, Sendable {
  case noise, offset, steady, clipped, notNumbers, click, huge, manyChannels

  /// The signal's samples.
  package var audio: AudioBuffer {
    let rate = 22050
    var noise: UInt64 = 88
    func random() -> Float {
      noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(noise >> 40) / Float(1 << 23) - 1
    }
    let channels = self == .manyChannels ? 8 : 1
    var samples: [Float] = []
    samples.reserveCapacity(rate * 7 * channels)
    for index in 0..<(rate * 7) {
      let tone = Float(sin(2 * Double.pi * 330 * Double(index) / Double(rate)))
      let sample: Float =
        switch self {
        case .noise: random()
        case .offset: 0.9
        case .steady: tone * 0.5
        case .clipped: max(-1, min(1, tone * 40))
        case .notNumbers: index.isMultiple(of: 1000) ? .nan : index.isMultiple(of: 777) ? .infinity : tone * 0.5
        case .click: index == rate * 3 ? 1 : 0
        case .huge: tone * 1e30
        case .manyChannels: tone * 0.3
        }
      for _ in 0..<channels { samples.append(sample) }
    }
    return AudioBuffer(samples: samples, channels: channels, sampleRate: rate)
  }
}
