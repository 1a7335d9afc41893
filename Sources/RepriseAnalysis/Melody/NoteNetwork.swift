import Foundation
import RepriseSignal
package import RepriseSystem

/// Probabilities of the notes of a melody, frame by frame.
package struct NoteActivations: Sendable {
  /// Probabilities that a note sounds, `NoteNetwork.pitches.count` a frame.
  package var notes: [Float]
  /// Probabilities that a note begins, likewise.
  package var onsets: [Float]

  /// Creates activations of 0.
  init(frames: Int) {
    notes = Array(repeating: 0, count: frames * NoteNetwork.pitches.count)
    onsets = notes
  }
}

/// The network of basic-pitch (Bittner et al., ICASSP 2022): probabilities that each note sounds and that it begins, frame
/// by frame, over the pitches of a melody and without the original's windows of two seconds.
///
/// The network reads the spectrum stacked at the harmonics ½, 1, 2, …, 7 of each bin. As these are shifts of one
/// spectrum, its largest convolution (8 channels to 8, 3 frames, 39 bins) is one of 176 bins from one channel, computed
/// by a Fourier transform along frequency. Over the melody's pitches that is exact: the edges of the stacked channels
/// lie elsewhere.
package struct NoteNetwork: Sendable {
  /// Range of the notes, as MIDI note numbers.
  package static let pitches = 48...92
  /// The shifts of the stacked channels, in thirds of a semitone.
  private static let shifts = [-36, 0, 36, 57, 72, 84, 93, 101]
  private static let reach = 19
  // A note needs the notes beside it, these the contours up to 3 bins from their middle, these those up to 2 bins away.
  private static let firstContour = 3 * (pitches.lowerBound - 22) - 2
  private static let contours = 3 * (pitches.count + 1) + 7
  private static let firstHidden = firstContour - 2
  private static let hidden = contours + 4
  /// The first bin of the spectrum that counts.
  static let lowestBin = firstHidden + shifts[0] - reach
  private static let filter = shifts[7] + reach - shifts[0] + reach + 1
  // Hidden bins and filter together: no sum wraps around.
  private static let size = (hidden + filter) / 2 * 2
  private static let hiddenWidth = Correlation.padded(hidden)
  private static let contourWidth = Correlation.padded(contours)
  private static let noteWidth = Correlation.padded(pitches.count + 2)
  // A plane holds every third bin of the spectrum, and zeros above.
  private static let planeWidth = noteWidth + (shifts[7] - shifts[0] + 5) / 3 + noteWidth
  private static let block = 256

  /// Kernels of the spectrum.
  let kernels: OctaveSpectrum.Kernels
  private let scale: Float
  private let offset: Float
  // Transforms of the filters for each output channel and frame, `spectrumWidth` bins each.
  private let filters: (real: [Float], imaginary: [Float])
  private let hiddenBias: [Float]
  private let contourTaps: Correlation.Taps
  private let contourBias: Float
  private let noteTaps: [Correlation.Taps]
  private let noteBias: [Float]
  private let outputTaps: Correlation.Taps
  private let outputBias: Float
  private let attackTaps: [Correlation.Taps]
  private let attackBias: [Float]
  private let onsetTaps: Correlation.Taps
  private let onsetBias: Float

  private static var spectrumWidth: Int { (size / 2 + 1 + 7) / 8 * 8 }

  /// Reads the network.
  package init(_ weights: WeightFile) throws(WeightError) {
    kernels = try OctaveSpectrum.Kernels(weights)
    scale = try weights.tensor("norm.scale", [1]).values[0]
    offset = try weights.tensor("norm.offset", [1]).values[0]
    filters = Self.transformed(try weights.tensor("contour.1.kernel", [8, 8, 3, 39]).values)
    hiddenBias = try weights.tensor("contour.1.bias", [8]).values
    contourTaps = Self.taps(
      try weights.tensor("contour.2.kernel", [1, 8, 5, 5]).values, channels: 8, frames: 5, bins: 5,
      plane: Self.hiddenWidth, row: 8 * Self.hiddenWidth)
    contourBias = try weights.tensor("contour.2.bias", [1]).values[0]
    let kernel = try weights.tensor("note.1.kernel", [32, 1, 7, 7]).values
    noteTaps = (0..<32).map { channel in
      var taps = Correlation.Taps()
      for frame in 0..<7 {
        for bin in 0..<7 {
          // The contours lie in three planes of every third bin.
          taps.append(
            offset: frame * 3 * Self.noteWidth * 2 + bin % 3 * Self.noteWidth * 2 + bin / 3,
            weight: kernel[(channel * 7 + frame) * 7 + bin])
        }
      }
      return taps
    }
    noteBias = try weights.tensor("note.1.bias", [32]).values
    outputTaps = Self.taps(
      try weights.tensor("note.2.kernel", [1, 32, 7, 3]).values, channels: 32, frames: 7, bins: 3,
      plane: Self.noteWidth, row: 32 * Self.noteWidth)
    outputBias = try weights.tensor("note.2.bias", [1]).values[0]
    let attack = try weights.tensor("onset.1.kernel", [32, 8, 5, 5]).values
    attackTaps = (0..<32).map { channel in
      var taps = Correlation.Taps()
      for frame in 0..<5 {
        for (input, shift) in Self.shifts.enumerated() {
          for bin in 0..<5 {
            // The first note's bins begin one below its middle; the spectrum lies in three planes of every third bin.
            let place = Self.firstContour + 1 - Self.lowestBin + shift + bin
            taps.append(
              offset: frame * 3 * Self.planeWidth + place % 3 * Self.planeWidth + place / 3,
              weight: attack[((channel * 8 + input) * 5 + frame) * 5 + bin])
          }
        }
      }
      return taps
    }
    attackBias = try weights.tensor("onset.1.bias", [32]).values
    onsetTaps = Self.taps(
      try weights.tensor("onset.2.kernel", [1, 33, 3, 3]).values, channels: 33, frames: 3, bins: 3,
      plane: Self.noteWidth, row: 33 * Self.noteWidth)
    onsetBias = try weights.tensor("onset.2.bias", [1]).values[0]
  }

  // Rows of frames, in each the planes of the channels.
  private static func taps(
    _ kernel: [Float], channels: Int, frames: Int, bins: Int, plane: Int, row: Int
  ) -> Correlation.Taps {
    var taps = Correlation.Taps()
    for frame in 0..<frames {
      for channel in 0..<channels {
        for bin in 0..<bins {
          taps.append(
            offset: frame * row + channel * plane + bin, weight: kernel[(channel * frames + frame) * bins + bin])
        }
      }
    }
    return taps
  }

  private static func transformed(_ kernel: [Float]) -> (real: [Float], imaginary: [Float]) {
    var result = (real: [Float](), imaginary: [Float]())
    var fft = RealFFT(size: size)
    var real: [Float] = []
    var imaginary: [Float] = []
    for channel in 0..<8 {
      for frame in 0..<3 {
        var combined = [Float](repeating: 0, count: size)
        for (input, shift) in shifts.enumerated() {
          for bin in 0...(2 * reach) {
            combined[shift - shifts[0] + bin] += kernel[((channel * 8 + input) * 3 + frame) * 39 + bin] / Float(size)
          }
        }
        fft.transform(combined, real: &real, imaginary: &imaginary)
        let padding = [Float](repeating: 0, count: spectrumWidth - real.count)
        result.real += real + padding
        result.imaginary += imaginary + padding
      }
    }
    return result
  }
}

extension NoteNetwork {
  /// Runs the network.
  ///
  /// - Parameters:
  ///   - spectrum: Spectrum of the recording, from `lowestBin`.
  ///   - levels: Lowest and highest level around each frame, in dB, which the network takes as 0 and 1.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Returns: The probabilities, frame by frame.
  /// - Throws: `CancellationError`.
  func activations(
    of spectrum: OctaveSpectrum, levels: [ClosedRange<Float>], cancellation: Cancellation
  ) throws -> NoteActivations {
    precondition(spectrum.lowest == Self.lowestBin && levels.count == spectrum.frames)
    let width = Self.pitches.count
    var result = NoteActivations(frames: spectrum.frames)
    var work = Work()
    var row = [Float](repeating: 0, count: Self.noteWidth)
    for first in stride(from: 0, to: spectrum.frames, by: Self.block) {
      try cancellation.check()
      let count = min(Self.block, spectrum.frames - first)
      // Each layer needs some frames more than the next one.
      hide(spectrum, levels, first - 9, count + 18, &work)
      contour(first - 7, count + 14, of: spectrum.frames, &work)
      combine(first - 4, count + 8, of: spectrum.frames, &work)
      attack(first - 1, count + 2, of: spectrum.frames, &work)
      for frame in 0..<count {
        Correlation.apply(
          onsetTaps, to: work.attacks, at: frame * 33 * Self.noteWidth, bias: onsetBias, into: &row, at: 0,
          count: width)
        let note = (frame + 1) * 33 * Self.noteWidth + 1
        for pitch in 0..<width {
          result.notes[(first + frame) * width + pitch] = work.attacks[note + pitch]
          result.onsets[(first + frame) * width + pitch] = Self.sigmoid(row[pitch])
        }
      }
    }
    return result
  }

  private struct Work {
    var spectrum = [Float](repeating: 0, count: (block + 18) * 3 * planeWidth)
    var hidden = [Float](repeating: 0, count: (block + 18) * 8 * hiddenWidth + Correlation.lanes)
    var contours = [Float](repeating: 0, count: (block + 14) * 6 * noteWidth + Correlation.lanes)
    var notes = [Float](repeating: 0, count: (block + 8) * 32 * noteWidth + Correlation.lanes)
    // Probabilities of the notes, then 32 channels.
    var attacks = [Float](repeating: 0, count: (block + 2) * 33 * noteWidth + Correlation.lanes)
  }

  private static func sigmoid(_ value: Float) -> Float { 1 / (1 + expf(-value)) }

  // The 3 × 39 convolution of 8 stacked channels; frames outside of the recording are 0, as in the other layers.
  private func hide(
    _ spectrum: OctaveSpectrum, _ levels: [ClosedRange<Float>], _ first: Int, _ count: Int, _ work: inout Work
  ) {
    var forward = RealFFT(size: Self.size)
    var inverse = InverseRealFFT(size: Self.size)
    let width = Self.spectrumWidth
    let row = [Float](repeating: 0, count: width)
    // The transforms of three frames in a row, by frame modulo 3.
    var real = [Float](repeating: 0, count: 3 * width)
    var imaginary = real
    var values = [Float](repeating: 0, count: Self.size)
    var parts = (real: [Float](), imaginary: [Float]())
    var samples: [Float] = []
    for frame in (first - 1)...(first + count) {
      let slot = (frame - first + 1) % 3
      if frame >= 0 && frame < spectrum.frames {
        let level = levels[frame]
        let range = level.upperBound - level.lowerBound
        let factor = range > 0 ? scale / range : 0
        for bin in 0..<spectrum.width {
          values[bin] = (spectrum.decibels[frame * spectrum.width + bin] - level.lowerBound) * factor + offset
        }
        spread(values, count: spectrum.width, frame - first, of: count, &work)
        forward.transform(values, real: &parts.real, imaginary: &parts.imaginary)
        for bin in parts.real.indices {
          real[slot * width + bin] = parts.real[bin]
          imaginary[slot * width + bin] = parts.imaginary[bin]
        }
      } else {
        for bin in 0..<width {
          real[slot * width + bin] = 0
          imaginary[slot * width + bin] = 0
        }
        spread(values, count: 0, frame - first, of: count, &work)
      }
      // Three frames are there: the middle one's sum.
      let middle = frame - 1
      guard middle >= first else { continue }
      let target = (middle - first) * 8 * Self.hiddenWidth
      guard middle >= 0 && middle < spectrum.frames else {
        for index in target..<(target + 8 * Self.hiddenWidth) { work.hidden[index] = 0 }
        continue
      }
      for channel in 0..<8 {
        var sum = (real: row, imaginary: row)
        for step in 0..<3 {
          Correlation.addProducts(
            real, imaginary, at: (slot + 1 + step) % 3 * width, conjugated: filters, at: (channel * 3 + step) * width,
            count: width, to: &sum)
        }
        inverse.transform(real: sum.real, imaginary: sum.imaginary, into: &samples)
        let place = target + channel * Self.hiddenWidth
        for bin in 0..<Self.hidden { work.hidden[place + bin] = max(0, samples[bin] + hiddenBias[channel]) }
      }
    }
  }

  private func spread(_ values: [Float], count: Int, _ frame: Int, of frames: Int, _ work: inout Work) {
    guard frame >= 0 && frame < frames else { return }
    let place = frame * 3 * Self.planeWidth
    for bin in 0..<(3 * Self.planeWidth) { work.spectrum[place + bin] = 0 }
    for bin in 0..<count { work.spectrum[place + bin % 3 * Self.planeWidth + bin / 3] = values[bin] }
  }

  // The notes beyond the edges of `pitches` are taken as silent.
  private func attack(_ first: Int, _ count: Int, of frames: Int, _ work: inout Work) {
    var row = [Float](repeating: 0, count: Self.noteWidth)
    for index in 0..<count {
      let place = index * 33 * Self.noteWidth
      guard first + index >= 0 && first + index < frames else {
        for bin in place..<(place + 33 * Self.noteWidth) { work.attacks[bin] = 0 }
        continue
      }
      Correlation.apply(
        outputTaps, to: work.notes, at: index * 32 * Self.noteWidth, bias: outputBias, into: &row, at: 0,
        count: Self.pitches.count)
      for bin in place..<(place + Self.noteWidth) { work.attacks[bin] = 0 }
      for pitch in 0..<Self.pitches.count { work.attacks[place + 1 + pitch] = Self.sigmoid(row[pitch]) }
      for channel in 0..<32 {
        let target = place + (channel + 1) * Self.noteWidth
        // The spectrum's frames begin 8 before the attacks'; the kernel reaches 2 back.
        Correlation.apply(
          attackTaps[channel], to: work.spectrum, at: (index + 6) * 3 * Self.planeWidth, bias: attackBias[channel],
          into: &work.attacks, at: target, count: Self.pitches.count + 2)
        for bin in target..<(target + Self.noteWidth) { work.attacks[bin] = max(0, work.attacks[bin]) }
      }
    }
  }

  private func contour(_ first: Int, _ count: Int, of frames: Int, _ work: inout Work) {
    var row = [Float](repeating: 0, count: Self.contourWidth)
    for index in 0..<count {
      let place = index * 6 * Self.noteWidth
      let isInside = first + index >= 0 && first + index < frames
      if isInside {
        Correlation.apply(
          contourTaps, to: work.hidden, at: index * 8 * Self.hiddenWidth, bias: contourBias, into: &row, at: 0,
          count: Self.contours)
      }
      for bin in 0..<Self.contours {
        work.contours[place + bin % 3 * 2 * Self.noteWidth + bin / 3] = isInside ? Self.sigmoid(row[bin]) : 0
      }
    }
  }

  private func combine(_ first: Int, _ count: Int, of frames: Int, _ work: inout Work) {
    for index in 0..<count {
      for channel in 0..<32 {
        let place = (index * 32 + channel) * Self.noteWidth
        if first + index >= 0 && first + index < frames {
          Correlation.apply(
            noteTaps[channel], to: work.contours, at: index * 6 * Self.noteWidth, bias: noteBias[channel],
            into: &work.notes, at: place, count: Self.pitches.count + 2)
          for bin in place..<(place + Self.noteWidth) { work.notes[bin] = max(0, work.notes[bin]) }
        } else {
          for bin in place..<(place + Self.noteWidth) { work.notes[bin] = 0 }
        }
      }
    }
  }
}

extension NoteNetwork {
  /// Runs the network on a recording.
  ///
  /// - Parameters:
  ///   - signal: Samples at 22.05 kHz.
  ///   - reach: Number of frames before and after each one over which levels are taken: half of the two seconds of the
  ///     network's authors.
  ///   - cancellation: Cancellation state, checked during the work.
  /// - Returns: The probabilities, frame by frame.
  /// - Throws: `CancellationError`.
  package func activations(
    of signal: [Float], levelsWithin reach: Int = 86, cancellation: Cancellation
  ) throws -> NoteActivations {
    let spectrum = try OctaveSpectrum(
      of: signal, kernels: kernels, from: Self.lowestBin, cancellation: cancellation)
    return try activations(of: spectrum, levels: Self.levels(of: spectrum, within: reach), cancellation: cancellation)
  }

  private static func levels(of spectrum: OctaveSpectrum, within reach: Int) -> [ClosedRange<Float>] {
    let width = spectrum.width
    let own = (0..<spectrum.frames).map { frame in
      var range = spectrum.decibels[frame * width]...spectrum.decibels[frame * width]
      for value in spectrum.decibels[(frame * width)..<((frame + 1) * width)] {
        range = min(range.lowerBound, value)...max(range.upperBound, value)
      }
      return range
    }
    return own.indices.map { frame in
      var range = own[frame]
      for near in own[max(0, frame - reach)...min(own.count - 1, frame + reach)] {
        range = min(range.lowerBound, near.lowerBound)...max(range.upperBound, near.upperBound)
      }
      return range
    }
  }
}
