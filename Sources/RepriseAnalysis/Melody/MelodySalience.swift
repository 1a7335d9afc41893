import Foundation
import RepriseSystem
import RepriseSignal

/// Salience of each pitch as the melody, frame by frame.
///
/// The salience is the sum of the spectral peaks at the harmonics of the pitch (Salamon and Gómez, IEEE TASLP 20(6),
/// 2012).
struct MelodySalience: Sendable {
  static let hop = 256
  /// Range of candidate pitches, as MIDI note numbers.
  static let pitches = NoteNetwork.pitches
  /// Frames per second.
  static let rate = Hearing.sampleRate / Double(hop)

  /// `pitches.count` values per frame, frame after frame; about 0…1 after division by the local maximum.
  let values: [Float]
  /// The strongest pitch within each semitone, in fifths of a semitone from its middle, −2…2; as `values`.
  let offsets: [Int8]
  /// The pitch of the highest harmonic sum of each frame, in semitones from the lowest of `pitches`, in fifths.
  let strongest: [Float]
  /// That sum, without any weight.
  let strengths: [Float]
  /// Number of frames.
  let frames: Int

  private static let window = 2048
  private static let binsPerSemitone = 5
  private static let harmonics = 8
  private static let decay: Float = 0.8
  private static let compression: Float = 0.6
  private static let spectrumShare: Float = 0.25

  /// Computes the salience of a signal.
  ///
  /// - Parameters:
  ///   - signal: Samples at `Hearing.sampleRate`.
  ///   - spectrum: Note spectrum of the same signal.
  ///   - tuning: Deviation of the tuning in semitones, as `Tuning.estimate` returns it.
  ///   - cancellation: Cancellation state, checked during the work.
  ///   - share: A function called with the magnitudes of every other frame, which are those of `SoundTexture` and
  ///     `FineStructure`.
  /// - Throws: `CancellationError`.
  init(
    of signal: [Float], spectrum: NoteSpectrum, tuning: Double, cancellation: Cancellation,
    sharing share: (_ magnitudes: [Float]) -> Void = { _ in }
  ) throws {
    let semitones = Self.pitches.count
    let count = semitones * Self.binsPerSemitone
    var transform = ShortTimeSpectrum(window: Self.window, hop: Self.hop)
    let width = Hearing.sampleRate / Double(Self.window)
    let bins = Int(110 / width)...Int(9000 / width)
    let lowest = Double(Self.pitches.lowerBound) + tuning
    let steps = (1...Self.harmonics).map { 12 * log2(Double($0)) * Double(Self.binsPerSemitone) }
    let shares = (0..<Self.harmonics).map { powf(Self.decay, Float($0)) }
    var values: [Float] = []
    var offsets: [Int8] = []
    values.reserveCapacity(transform.frames(in: signal.count) * semitones)
    offsets.reserveCapacity(transform.frames(in: signal.count) * semitones)
    var strongest: [Float] = []
    var strengths: [Float] = []
    strongest.reserveCapacity(transform.frames(in: signal.count))
    strengths.reserveCapacity(transform.frames(in: signal.count))
    var fine = [Float](repeating: 0, count: count)
    try transform.forEachFrame(of: signal) { frame, magnitudes in
      if frame.isMultiple(of: 1024) { try cancellation.check() }
      if frame.isMultiple(of: SoundTexture.hop / Self.hop) { share(magnitudes) }
      for index in fine.indices { fine[index] = 0 }
      let floor = (magnitudes[bins].max() ?? 0) * 0.003
      for bin in bins where magnitudes[bin] > floor {
        let (left, centre, right) = (magnitudes[bin - 1], magnitudes[bin], magnitudes[bin + 1])
        guard centre > left, centre >= right else { continue }
        let hertz = (Double(bin) + Peak.offset(left, centre, right)) * width
        let pitch = 69 + 12 * log2(hertz / 440) - lowest
        // Bin 2 of a semitone's 5 is its middle.
        let position = (pitch + 0.5) * Double(Self.binsPerSemitone) - 0.5
        let amount = powf(centre, Self.compression)
        for harmonic in 0..<Self.harmonics {
          let target = Int((position - steps[harmonic]).rounded())
          if target + 1 < 0 { break }
          if target - 1 >= count { continue }
          let share = amount * shares[harmonic]
          if target >= 0 && target < count { fine[target] += share }
          if target > 0 && target - 1 < count { fine[target - 1] += share * 0.5 }
          if target + 1 >= 0 && target + 1 < count { fine[target + 1] += share * 0.5 }
        }
      }
      var top = 0
      for index in fine.indices where fine[index] > fine[top] { top = index }
      strongest.append(Float(top - Self.binsPerSemitone / 2) / Float(Self.binsPerSemitone))
      strengths.append(fine[top])
      for semitone in 0..<semitones {
        var best: Float = 0
        var place = Self.binsPerSemitone / 2
        for offset in 0..<Self.binsPerSemitone where fine[semitone * Self.binsPerSemitone + offset] > best {
          best = fine[semitone * Self.binsPerSemitone + offset]
          place = offset
        }
        offsets.append(Int8(place - Self.binsPerSemitone / 2))
        // Of two voices the upper is more likely to be the melody, with a weak weight.
        let pitch = Float(Self.pitches.lowerBound + semitone)
        values.append(best / (1 + expf(-(pitch - 56) / 3)))
      }
    }
    frames = values.count / semitones
    self.offsets = offsets
    self.strongest = strongest
    self.strengths = strengths
    Self.weigh(&values, by: spectrum, frames: frames)
    self.values = Self.normalised(values, frames: frames, width: semitones)
  }

  // The harmonic sum alone mistakes overtones and undertones for notes; the templates explain all notes of a frame
  // together and do not, but blur time. Their product has the best of both.
  private static func weigh(_ values: inout [Float], by spectrum: NoteSpectrum, frames: Int) {
    guard !spectrum.frames.isEmpty else { return }
    let width = pitches.count
    let offset = pitches.lowerBound - NoteSpectrum.notes.lowerBound
    let ratio = NoteSpectrum.hop / hop
    for frame in 0..<frames {
      let position = Float(frame) / Float(ratio)
      let left = min(spectrum.frames.count - 1, Int(position))
      let right = min(spectrum.frames.count - 1, left + 1)
      let share = position - Float(left)
      var top: Float = 1e-9
      var row = [Float](repeating: 0, count: width)
      for pitch in 0..<width {
        row[pitch] =
          spectrum.frames[left][pitch + offset] * (1 - share) + spectrum.frames[right][pitch + offset] * share
        top = max(top, row[pitch])
      }
      for pitch in 0..<width {
        values[frame * width + pitch] *= powf(0.02 + row[pitch] / top, spectrumShare)
      }
    }
  }

  // By the highest value within three seconds before or after, so that a quiet verse counts like a loud chorus.
  private static func normalised(_ values: [Float], frames: Int, width: Int) -> [Float] {
    let tops = (0..<frames).map { frame in values[(frame * width)..<((frame + 1) * width)].max() ?? 0 }
    let block = max(1, Int(rate / 4))
    let coarse = stride(from: 0, to: frames, by: block).map { tops[$0..<min(frames, $0 + block)].max() ?? 0 }
    let overall = tops.max() ?? 0
    var result = values
    for frame in 0..<frames {
      let middle = frame / block
      let around = coarse[max(0, middle - 12)...min(coarse.count - 1, middle + 12)].max() ?? 0
      let scale = 1 / max(around, overall * 0.05, 1e-9)
      for index in (frame * width)..<((frame + 1) * width) { result[index] *= scale }
    }
    return result
  }
}
