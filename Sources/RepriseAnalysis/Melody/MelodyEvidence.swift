import Foundation

/// What speaks for each pitch as the melody's, frame by frame: the salience, and the activations of the note network
/// where there is one.
///
/// The weights are those of logistic regressions (a softmax over the pitches and a rest) on the frames of 33 synthetic
/// songs whose melody is known, so that the scores are logarithms of odds against a rest. Benchmarks/ears/fit_melody.py
/// fits them.
package struct MelodyEvidence: Sendable {
  /// The weights of the regressions.
  struct Weights: Sendable {
    /// For the logarithm of the smoothed product of salience and activation.
    var product: Float
    /// For the logarithm of the share of the frame's highest salience.
    var share: Float
    /// For the logarithm of the highest product above the pitch.
    var above: Float
    /// For the logarithm of the smoothed activation an octave below, of which the pitch may be the overtone.
    var octave: Float
    /// For the activation of an onset nearby.
    var onset: Float
    /// For the distance from the melody's register, in units of 7 semitones, and its square, at most 6.
    var register: (linear: Float, square: Float)
    var bias: Float
    /// The same before a register is known: the distance from MIDI 66 in units of 10 semitones.
    var first: (product: Float, above: Float, linear: Float, square: Float, bias: Float)
    /// For a held pitch to be struck again: onset, rise of the salience, rise of the activation, onset envelope.
    var stroke: (onset: Float, salience: Float, activation: Float, envelope: Float, bias: Float)

    /// With the note network.
    static let learned = Weights(
      product: 2.45, share: -0.58, above: -0.48, octave: -0.18, onset: 2.64, register: (0.42, -1.11), bias: 1.99,
      first: (2.5, -0.58, 0.4, -0.63, 2.7), stroke: (3.64, 0.55, 2.31, 1.86, -6.37))
    /// With the salience alone.
    static let plain = Weights(
      product: 2.18, share: -0.4, above: -0.29, octave: 0, onset: 2.47, register: (-0.37, -0.65), bias: 2.8,
      first: (2.17, -0.35, -0.51, -0.61, 2.82), stroke: (5.94, 0.04, 0.04, 1.6, -4.8))
  }

  /// Number of pitches in a frame.
  static let width = MelodySalience.pitches.count

  /// Number of frames.
  let frames: Int
  /// Salience, `width` values a frame, as all that follow.
  let salience: [Float]
  /// Activation of the notes.
  let notes: [Float]
  /// Activation of their onsets.
  let onsets: [Float]
  /// Fine pitch, as in `MelodySalience.offsets`.
  let offsets: [Int8]
  /// Logarithm of the smoothed product of salience and activation.
  let product: [Float]
  /// Logarithm of the share of the frame's highest salience.
  let share: [Float]
  /// Logarithm of the highest product two semitones above the pitch or more.
  let above: [Float]
  /// Logarithm of the smoothed activation an octave below.
  let octave: [Float]
  /// Logarithm of the odds that the pitch is struck here.
  let strokes: [Float]
  // The highest activation of an onset nearby.
  private let wideOnsets: [Float]
  private let strokeCues: StrokeCues
  private let weights: Weights

  /// Weighs the evidence.
  ///
  /// - Parameters:
  ///   - salience: Salience of the candidate pitches.
  ///   - activations: What the note network says; nil without it.
  ///   - envelope: Onset envelope with the same frames as the salience.
  init(_ salience: MelodySalience, activations: NoteActivations?, envelope: [Float]) {
    let frames = salience.frames
    let values = salience.values
    let weights = activations == nil ? Weights.plain : .learned
    let notes = activations?.notes ?? values
    let rise = Self.rises(values)
    let onsets = activations?.onsets ?? Self.onsets(rise, envelope)
    let reach = activations == nil ? 3 : 2
    let wide = Self.highest(onsets, width: Self.width, back: reach, on: reach)
    let cues = StrokeCues(
      salience: rise, activation: activations == nil ? rise : Self.rises(notes),
      envelope: Self.highest(envelope, width: 1, back: 3, on: 3))
    strokeCues = cues
    var strokes = [Float](repeating: 0, count: values.count)
    for index in strokes.indices {
      strokes[index] =
        weights.stroke.bias + weights.stroke.onset * wide[index] + weights.stroke.salience * cues.salience[index]
        + weights.stroke.activation * cues.activation[index]
        + weights.stroke.envelope * cues.struck(index / Self.width)
    }
    self.strokes = strokes
    let products = values.indices.map { values[$0] * notes[$0] }
    product = Self.smoothed(products).map { logf($0 + 0.01) }
    var above = [Float](repeating: logf(0.02), count: values.count)
    var share = above
    for frame in 0..<frames {
      let row = frame * Self.width
      var top: Float = 0
      var highest: Float = 0
      for pitch in stride(from: Self.width - 3, through: 0, by: -1) {
        top = max(top, products[row + pitch + 2])
        above[row + pitch] = logf(top + 0.02)
      }
      for pitch in 0..<Self.width { highest = max(highest, values[row + pitch]) }
      for pitch in 0..<Self.width { share[row + pitch] = logf((values[row + pitch] + 0.02) / (highest + 0.02)) }
    }
    let smooth = Self.smoothed(notes)
    octave = values.indices.map { logf(0.05 + ($0 % Self.width < 12 ? 0 : smooth[$0 - 12])) }
    self.above = above
    self.share = share
    self.frames = frames
    self.salience = values
    self.notes = notes
    self.onsets = onsets
    self.weights = weights
    self.wideOnsets = wide
    offsets = salience.offsets
  }

  /// Weighs each pitch against a rest.
  ///
  /// - Parameter register: The melody's register at each frame, as an index of the pitch; nil if it is not known.
  /// - Returns: The logarithms of the odds.
  func scores(register: [Float]?) -> [Float] {
    let centre = 66 - Float(MelodySalience.pitches.lowerBound)
    var result = [Float](repeating: 0, count: product.count)
    for frame in 0..<frames {
      for pitch in 0..<Self.width {
        let index = frame * Self.width + pitch
        if let register {
          let distance = (Float(pitch) - register[frame]) / 7
          result[index] =
            weights.bias + weights.product * product[index] + weights.share * share[index]
            + weights.above * above[index] + weights.octave * octave[index] + weights.onset * wideOnsets[index]
            + weights.register.linear * distance + weights.register.square * min(6, distance * distance)
        } else {
          let distance = (Float(pitch) - centre) / 10
          result[index] =
            weights.first.bias + weights.first.product * product[index] + weights.first.above * above[index]
            + weights.first.linear * distance + weights.first.square * distance * distance
        }
      }
    }
    return result
  }

  /// The cues that are weighed, by name: what the weights are fitted on.
  ///
  /// One value a pitch and frame each, as `salience`.
  package var cues: [(name: String, values: [Float])] {
    [
      ("product", product), ("share", share), ("above", above), ("octave", octave), ("onset", wideOnsets),
      ("salienceRise", strokeCues.salience), ("activationRise", strokeCues.activation),
      ("envelope", product.indices.map { strokeCues.struck($0 / Self.width) }),
    ]
  }

  /// What speaks for a held pitch to be struck again, apart from the onset.
  private struct StrokeCues: Sendable {
    /// Rise of the salience.
    let salience: [Float]
    /// Rise of the activation.
    let activation: [Float]
    /// Highest onset envelope nearby, one value a frame.
    let envelope: [Float]

    /// Returns the logarithm of 1 + the onset envelope near a frame.
    func struck(_ frame: Int) -> Float { frame < envelope.count ? log1pf(max(0, envelope[frame])) : 0 }
  }

  // Without a network a note begins where its salience rises at an onset.
  private static func onsets(_ rises: [Float], _ envelope: [Float]) -> [Float] {
    let near = highest(envelope, width: 1, back: 2, on: 0)
    return rises.indices.map { index in
      let frame = index / width
      let struck = frame < near.count ? max(0, min(1, near[frame] / 4)) : 0
      return max(0, min(1, rises[index])) * struck
    }
  }

  // The highest value of six frames from each one on, less the lowest of six up to it.
  private static func rises(_ values: [Float]) -> [Float] {
    let highest = highest(values, width: width, back: 0, on: 5)
    let lowest = self.highest(values.map { -$0 }, width: width, back: 5, on: 0)
    return values.indices.map { highest[$0] + lowest[$0] }
  }

  private static func highest(_ values: [Float], width: Int, back: Int, on: Int) -> [Float] {
    var result = values
    for shift in -back...on where shift != 0 {
      let offset = shift * width
      for index in max(0, -offset)..<max(0, -offset, min(values.count, values.count - offset)) {
        result[index] = max(result[index], values[index + offset])
      }
    }
    return result
  }

  // The mean of five frames, the first and the last repeated.
  private static func smoothed(_ values: [Float]) -> [Float] {
    let frames = values.count / width
    var result = [Float](repeating: 0, count: values.count)
    for frame in 0..<frames {
      for shift in -2...2 {
        let row = max(0, min(frames - 1, frame + shift)) * width
        for pitch in 0..<width { result[frame * width + pitch] += values[row + pitch] / 5 }
      }
    }
    return result
  }
}
