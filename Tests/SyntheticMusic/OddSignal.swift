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
    let samples = (0..<(rate * 7)).flatMap { index -> [Float] in
      let tone = Float(sin(2 * Double.pi * 330 * Double(index) / Double(rate)))
      switch self {
      case .noise: return [random()]
      case .offset: return [0.9]
      case .steady: return [tone * 0.5]
      case .clipped: return [max(-1, min(1, tone * 40))]
      case .notNumbers: return [index.isMultiple(of: 1000) ? .nan : index.isMultiple(of: 777) ? .infinity : tone * 0.5]
      case .click: return [index == rate * 3 ? 1 : 0]
      case .huge: return [tone * 1e30]
      case .manyChannels: return [Float](repeating: tone * 0.3, count: 8)
      }
    }
    return AudioBuffer(samples: samples, channels: self == .manyChannels ? 8 : 1, sampleRate: rate)
  }
}
