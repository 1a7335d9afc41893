import Foundation

/// The strength of each pitch class over time, of the whole texture and of the bass: 24 values every 46 ms.
package struct PitchClassTrack: Sendable, Equatable {
  /// Number of values in a frame: twelve pitch classes of the texture from C up, then twelve of the bass.
  package static let width = 24
  /// Frames per second; frame *i* is centred on *i* / `rate` seconds.
  package static let rate = Hearing.sampleRate / Double(NoteSpectrum.hop)

  /// `width` values a frame, 0 or more, frame after frame.
  package let values: [Float]

  /// Number of frames.
  package var frames: Int { values.count / Self.width }

  /// Creates a track of finished values.
  package init(values: [Float]) {
    precondition(values.count.isMultiple(of: Self.width))
    self.values = values
  }

  /// Folds the notes of a spectrum into pitch classes, with the weights of `BeatChroma`.
  init(_ spectrum: NoteSpectrum) {
    let treble = NoteSpectrum.notes.map { Float(BeatChroma.trebleWeight($0)) }
    let bass = NoteSpectrum.notes.map { Float(BeatChroma.bassWeight($0)) }
    var values = [Float](repeating: 0, count: spectrum.frames.count * Self.width)
    for (frame, notes) in spectrum.frames.enumerated() {
      let base = frame * Self.width
      for (index, value) in notes.enumerated() where value > 0 {
        let pitchClass = (NoteSpectrum.notes.lowerBound + index) % 12
        values[base + pitchClass] += value * treble[index]
        values[base + 12 + pitchClass] += value * bass[index]
      }
    }
    self.values = values
  }
}
