import Foundation

/// The pitches that a stretch of some seconds holds: those of a tune lie on a scale, those of speech do not.
struct HeldPitches: Sendable {
  /// The share of the time that sounds in notes held for 0.3 s or longer, times how near these are to the semitones of
  /// one tuning, 0…1, times the entropy of their pitch classes; 0 without such notes or with one pitch alone.
  let scale: Double

  // Semitones within which a note's pitch stays, frames that may lie elsewhere, and the shortest note in seconds.
  private static let width: Float = 0.6
  private static let misses = 2
  private static let shortest = 0.3

  /// Finds the pitches.
  ///
  /// - Parameters:
  ///   - salience: Salience of the melody's pitches in the recording.
  ///   - frames: Frames of the recording's `SoundTexture`.
  init(_ salience: MelodySalience, _ frames: Range<Int>) {
    // Both spectra have the same window.
    let step = SoundTexture.hop / MelodySalience.hop
    let places = frames.map { min(salience.frames - 1, $0 * step) }
    guard salience.frames > 0, !places.isEmpty else {
      scale = 0
      return
    }
    let pitches = places.map { salience.strongest[$0] }
    let strengths = places.map { salience.strengths[$0] }
    let floor = 0.1 * strengths.sorted()[strengths.count * 95 / 100]
    let sounds = strengths.map { $0 > floor }
    var sums = (along: 0.0, across: 0.0, count: 0.0)
    let notes = Self.notes(pitches, sounds: sounds)
    for note in notes {
      sums.along += note.length * cos(2 * Double.pi * note.pitch)
      sums.across += note.length * sin(2 * Double.pi * note.pitch)
      sums.count += note.length
    }
    guard sums.count > 0 else {
      scale = 0
      return
    }
    let tuning = atan2(sums.across, sums.along) / (2 * Double.pi)
    var classes = [Double](repeating: 0, count: 12)
    for note in notes { classes[Int((note.pitch - tuning).rounded()).modulo(12)] += note.length / sums.count }
    let entropy = classes.reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
    let concentration = (sums.along * sums.along + sums.across * sums.across).squareRoot()
    scale = concentration / Double(sounds.filter(\.self).count) * entropy
  }

  // Lengths in frames and middle pitches.
  private static func notes(_ pitches: [Float], sounds: [Bool]) -> [(length: Double, pitch: Double)] {
    var result: [(length: Double, pitch: Double)] = []
    var start = 0
    while start < pitches.count {
      guard sounds[start] else {
        start += 1
        continue
      }
      var (low, high) = (pitches[start], pitches[start])
      var (end, missed) = (start, 0)
      for frame in (start + 1)..<max(start + 1, pitches.count) {
        guard sounds[frame] else { break }
        let middle = (low + high) / 2
        var pitch = pitches[frame]
        // Another octave is a mistake of the harmonic sum.
        if abs(pitch - middle) > 6 { pitch -= 12 * ((pitch - middle) / 12).rounded() }
        if max(high, pitch) - min(low, pitch) <= width + 1e-4 {
          (low, high, end, missed) = (min(low, pitch), max(high, pitch), frame, 0)
        } else {
          missed += 1
          if missed > misses { break }
        }
      }
      if Double(end + 1 - start) >= shortest * SoundTexture.rate {
        result.append((Double(end + 1 - start), Double(low + high) / 2))
      }
      start = end + 1
    }
    return result
  }
}
