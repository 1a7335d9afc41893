import Foundation
import RepriseAudio
import RepriseSignal
import RepriseSystem

/// One analysis of a recording: a pure function of its samples.
struct Hearing {
  /// Sample rate of the analysis, in Hz.
  static let sampleRate = 22050.0
  /// Lowest peak level of a recording that is not silent, in dBFS: below the noise of any recording of music.
  static let silence = -70.0

  let models: LearnedModels
  let cancellation: Cancellation
  /// Function called with the fraction done, 0…1.
  let progress: (Double) -> Void

  /// Analyses a recording.
  ///
  /// - Throws: `AnalysisError` if the recording is too short, too long or silent; `CancellationError`.
  func analysis(of audio: AudioBuffer) throws -> Analysis { try recording(of: audio, isCompared: false).analysis }

  /// Analyses a recording, and keeps what comparing it with another needs if `isCompared`.
  ///
  /// - Throws: `AnalysisError` if the recording is too short, too long or silent; `CancellationError`.
  func recording(of audio: AudioBuffer, isCompared: Bool = true) throws -> AnalyzedRecording {
    let signal = try Self.prepared(audio)
    progress(0.1)
    let onsets = try OnsetEnvelope(of: signal, cancellation: cancellation)
    let beatActivations = try models.beats?.activations(of: BeatFeatures(of: signal), cancellation: cancellation)
    progress(0.3)
    let pulse = PulseEvidence(onsets, beatActivations)
    let level = MetricalLevel(pulse, seconds: audio.seconds)
    let beats = level.beats
    try cancellation.check()
    let tuning = try Tuning.estimate(of: signal, cancellation: cancellation)
    let spectrum = try NoteSpectrum(of: signal, tuning: tuning, cancellation: cancellation)
    progress(0.6)
    let chroma = BeatChroma(spectrum, beats: beats, seconds: audio.seconds)
    let heard = try chordPosteriors(of: signal, tuning: tuning)
    let evidence = heard.map { ChordEvidence(chroma, $0) } ?? ChordEvidence(chroma)
    let accents = BarAccents(beats: beats, chroma: chroma, chords: evidence, onsets: onsets, pulse: pulse)
    let bars = BarFinder(accents: accents.values, isCompound: level.isCompound)
    let downbeats = bars.downbeats.map { beats[$0] }
    let decoded = ChordDecoder(
      evidence, edges: chroma.edges,
      changes: Self.changes(chroma, downbeats: downbeats, meter: bars.meter, beats: beats))
    let keys = KeyTracker(decoded.chords, edges: chroma.edges, downbeats: downbeats)
    progress(0.65)
    var texture = SoundTexture()
    var fine = FineStructure.Levels()
    let salience = try MelodySalience(of: signal, spectrum: spectrum, tuning: tuning, cancellation: cancellation) {
      texture.append($0)
      if isCompared { fine.append($0) }
    }
    let noteActivations = try models.notes?.activations(of: signal, cancellation: cancellation)
    progress(0.9)
    let melody = try MelodyTracker(
      MelodyEvidence(salience, activations: noteActivations, envelope: onsets.all), seconds: audio.seconds,
      cancellation: cancellation)
    let sections = try SectionFinder(
      chroma, texture: texture, downbeats: downbeats, seconds: audio.seconds, cancellation: cancellation
    ).sections
    let music = try MusicDetector(
      signal, texture: texture, salience: salience, cancellation: cancellation
    ).probability
    progress(1)
    let analysis = Analysis(
      seconds: audio.seconds, tempo: Self.tempo(beats), meter: bars.meter, key: keys.key, beats: beats,
      downbeats: downbeats, chords: Self.spans(chroma.edges, decoded.chords),
      melody: melody.notes, keys: keys.spans, sections: sections,
      confidence: .init(
        music: music, beats: level.confidence, key: music * keys.confidence, melody: melody.confidence),
      tuning: tuning, levels: Self.levels(signal, beats: beats))
    guard isCompared else {
      return AnalyzedRecording(analysis: analysis, pitchClasses: .init(values: []), fineStructure: .init(values: []))
    }
    return AnalyzedRecording(
      analysis: analysis, pitchClasses: PitchClassTrack(spectrum),
      fineStructure: FineStructure(fine),
      levels: LevelTrack(of: signal),
      melodySteadiness: try MelodySteadiness(
        of: signal, melody: melody.notes, tuning: tuning, cancellation: cancellation))
  }

  /// Weighs what speaks for each pitch as the melody's, as `analysis(of:)` does.
  ///
  /// - Throws: `AnalysisError` if the recording is too short, too long or silent; `CancellationError`.
  func melodyEvidence(of audio: AudioBuffer) throws -> MelodyEvidence {
    let signal = try Self.prepared(audio)
    let tuning = try Tuning.estimate(of: signal, cancellation: cancellation)
    let spectrum = try NoteSpectrum(of: signal, tuning: tuning, cancellation: cancellation)
    let salience = try MelodySalience(of: signal, spectrum: spectrum, tuning: tuning, cancellation: cancellation)
    let activations = try models.notes?.activations(of: signal, cancellation: cancellation)
    let onsets = try OnsetEnvelope(of: signal, cancellation: cancellation)
    return MelodyEvidence(salience, activations: activations, envelope: onsets.all)
  }

  // What the learned model of chords hears, if it is there.
  private func chordPosteriors(of signal: [Float], tuning: Double) throws -> ChordNetwork.Posteriors? {
    guard let network = models.chords else { return nil }
    let spectrum = try ConstantQ(of: signal, tuning: tuning, cancellation: cancellation)
    return try network.posteriors(of: spectrum, cancellation: cancellation)
  }

  // Mono at 22.05 kHz, finite, with the loudest sample at 1.
  private static func prepared(_ audio: AudioBuffer) throws(AnalysisError) -> [Float] {
    guard audio.seconds >= Analyzer.shortest else {
      throw .tooShort(seconds: audio.seconds, minimum: Analyzer.shortest)
    }
    guard audio.seconds <= Analyzer.longest else {
      throw .tooLong(seconds: audio.seconds, maximum: Analyzer.longest)
    }
    var signal = audio.mono()
    // Samples that are not numbers carry no information, and extreme ones must not overflow a sum.
    for index in signal.indices { signal[index] = signal[index].isFinite ? max(-1e6, min(1e6, signal[index])) : 0 }
    // Before resampling, which would ring where an offset begins and ends.
    let mean = Float(signal.reduce(0.0) { $0 + Double($1) } / Double(max(1, signal.count)))
    for index in signal.indices { signal[index] -= mean }
    do {
      signal = try resample(signal, channels: 1, from: Double(audio.sampleRate), to: sampleRate)
    } catch {
      throw .unsupportedAudio(error)
    }
    let peak = signal.reduce(Float(0)) { max($0, abs($1)) }
    // 3.2e-4 is −70 dBFS.
    guard peak > 3.2e-4, peak.isFinite else { throw .silent(below: silence) }
    for index in signal.indices { signal[index] /= peak }
    return signal
  }

  private static func changes(_ chroma: BeatChroma, downbeats: [Double], meter: Int, beats: [Double]) -> [Double] {
    let bars = Set(downbeats)
    var position = -1
    return chroma.treble.indices.map { stretch in
      let edge = chroma.edges[stretch]
      if bars.contains(edge) {
        position = 0
        return 0.5
      }
      if position >= 0 { position += 1 }
      return meter == 4 && position == 2 ? 0.2 : 0.08
    }
  }

  private static func spans(_ edges: [Double], _ chords: [Chord?]) -> [Analysis.ChordSpan] {
    var result: [Analysis.ChordSpan] = []
    for (index, chord) in chords.enumerated() {
      if let last = result.last, last.chord == chord {
        result[result.count - 1].end = edges[index + 1]
      } else {
        result.append(.init(start: edges[index], end: edges[index + 1], chord: chord))
      }
    }
    return result
  }

  private static func tempo(_ beats: [Double]) -> Double {
    let intervals = zip(beats, beats.dropFirst()).map { $1 - $0 }.sorted()
    // A recording has beats, unless it is too short for three.
    guard !intervals.isEmpty else { return 120 }
    // The mean of the middle half: the median alone is as coarse as the envelope's frames.
    let middle = intervals[(intervals.count / 4)..<max(intervals.count / 4 + 1, intervals.count * 3 / 4)]
    return 60 * Double(middle.count) / middle.reduce(0, +)
  }

  private static func levels(_ signal: [Float], beats: [Double]) -> [Double] {
    let powers = beats.indices.map { index -> Double in
      let start = min(signal.count, max(0, Int(beats[index] * sampleRate)))
      let until = index + 1 < beats.count ? Int(beats[index + 1] * sampleRate) : signal.count
      let end = min(signal.count, max(start, until))
      guard end > start else { return 0 }
      var sum: Float = 0
      for sample in start..<end { sum += signal[sample] * signal[sample] }
      return Double(sum) / Double(end - start)
    }
    let highest = powers.max() ?? 0
    return powers.map { highest > 0 ? ($0 / highest).squareRoot() : 0 }
  }
}
