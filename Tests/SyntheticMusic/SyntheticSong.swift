import Foundation
package import RepriseAnalysis
package import RepriseAudio

/// A song made by adding sinusoids and noise, whose beats, chords and tune are known because we wrote them.
package struct SyntheticSong: Sendable, Hashable, CustomStringConvertible {
  package var tempo: Double
  package var meter: Int
  package var key: Triad
  /// Triads, one a bar.
  package var progression: [String]
  package var bars: Int
  package var sampleRate: Int
  package var channels: Int
  /// In semitones.
  package var detuned: Double
  package var drums: Bool

  package init(
    tempo: Double = 100, meter: Int = 4, key: Triad = Triad(root: 0, isMinor: false),
    progression: [String] = ["C:maj", "A:min", "F:maj", "G:maj"], bars: Int = 16, sampleRate: Int = 22050,
    channels: Int = 1, detuned: Double = 0, drums: Bool = true
  ) {
    self.tempo = tempo
    self.meter = meter
    self.key = key
    self.progression = progression
    self.bars = bars
    self.sampleRate = sampleRate
    self.channels = channels
    self.detuned = detuned
    self.drums = drums
  }

  package var description: String { "\(key) \(tempo) bpm \(meter)/4 \(sampleRate) Hz \(channels) ch \(detuned)" }

  package static let several = [
    SyntheticSong(),
    SyntheticSong(
      tempo: 132, meter: 3, key: Triad(root: 9, isMinor: true), progression: ["A:min", "F:maj", "G:maj", "E:maj"],
      bars: 20),
    SyntheticSong(
      tempo: 88, key: Triad(root: 3, isMinor: false), progression: ["D#:maj", "G#:maj", "C:min", "A#:maj"], bars: 12,
      sampleRate: 96000, channels: 2),
    SyntheticSong(
      tempo: 116, key: Triad(root: 4, isMinor: true), progression: ["E:min", "C:maj", "A:min", "B:maj"],
      sampleRate: 8000,
      detuned: -0.35),
  ]

  package var beat: Double { 60 / tempo }
  package var start: Double { 0.4 }
  package var seconds: Double { start + Double(bars * meter) * beat + 0.5 }
  package var beats: [Double] { (0..<(bars * meter)).map { start + Double($0) * beat } }

  package var chords: [Analysis.ChordSpan] {
    (0..<bars).map { bar in
      let from = start + Double(bar * meter) * beat
      return .init(start: from, end: from + Double(meter) * beat, chord: Chord(progression[bar % progression.count]))
    }
  }

  // Chord tones and steps between them, quarters and eighths; the sequence is fixed, not random.
  package var melody: [Analysis.MelodyNote] {
    var notes: [Analysis.MelodyNote] = []
    let shapes: [[Double]] = [[1, 1, 0.5, 0.5, 1], [0.5, 0.5, 1, 1, 1], [1.5, 0.5, 1, 1]]
    let tones = [0, 2, 1, 2, 0, 1]
    var count = 0
    for (bar, span) in chords.enumerated() {
      guard let chord = span.chord else { continue }
      var at = 0.0
      for length in shapes[bar % shapes.count] {
        let left = min(length, Double(meter) - at)
        guard left > 0.1 else { break }
        let pitchClass = chord.pitchClasses[tones[count % tones.count]]
        let pitch = 67 + ((pitchClass - 67) % 12 + 12) % 12
        notes.append(
          .init(start: span.start + at * beat, end: span.start + (at + left * 0.92) * beat, pitch: pitch))
        at += length
        count += 1
      }
    }
    return notes
  }

  package var analysis: Analysis {
    Analysis(
      seconds: seconds, tempo: tempo, meter: meter, key: key, beats: beats,
      downbeats: stride(from: 0, to: beats.count, by: meter).map { beats[$0] }, chords: chords, melody: melody,
      confidence: .init(), tuning: detuned, levels: beats.map { _ in 1 })
  }

  package var audio: AudioBuffer {
    let frames = Int(seconds * Double(sampleRate))
    var mono = [Float](repeating: 0, count: frames)
    for note in melody { add(pitch: note.pitch, from: note.start, to: note.end, level: 0.2, decay: 0.8, to: &mono) }
    for span in chords {
      guard let chord = span.chord else { continue }
      for beatInBar in 0..<meter {
        let from = span.start + Double(beatInBar) * beat
        for pitchClass in chord.pitchClasses {
          add(pitch: 48 + pitchClass, from: from, to: from + beat, level: 0.05, decay: 3, to: &mono)
        }
      }
      add(pitch: 36 + chord.root, from: span.start, to: span.end, level: 0.15, decay: 1.5, to: &mono)
    }
    if drums {
      var noise: UInt32 = 1
      for time in beats {
        let first = Int(time * Double(sampleRate))
        for index in 0..<min(sampleRate / 25, max(0, frames - first)) {
          noise = noise &* 1_664_525 &+ 1_013_904_223
          let fade = exp(-Double(index) / Double(sampleRate) * 120)
          mono[first + index] += Float(0.12 * fade) * (Float(noise >> 8) / Float(1 << 23) - 1)
        }
      }
    }
    let samples = channels == 1 ? mono : mono.flatMap { [Float](repeating: $0, count: channels) }
    return AudioBuffer(samples: samples, channels: channels, sampleRate: sampleRate)
  }

  private func add(pitch: Int, from: Double, to: Double, level: Double, decay: Double, to output: inout [Float]) {
    let hertz = 440 * pow(2, (Double(pitch) + detuned - 69) / 12)
    let first = Int(from * Double(sampleRate))
    let count = min(Int((to - from) * Double(sampleRate)), output.count - first)
    for harmonic in 1...6 where hertz * Double(harmonic) < Double(sampleRate) * 0.45 {
      let step = 2 * Double.pi * hertz * Double(harmonic) / Double(sampleRate)
      let amplitude = level / Double(harmonic)
      for index in 0..<max(0, count) {
        let time = Double(index) / Double(sampleRate)
        let edge = min(1, time / 0.008, (to - from - time) / 0.02)
        output[first + index] += Float(amplitude * exp(-decay * time) * edge * sin(step * Double(index)))
      }
    }
  }
}
