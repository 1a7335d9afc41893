import RepriseAudio
import Foundation

extension Planner {
  /// Returns the next measurement of the samples on which the plan depends; `nil` if there is none.
  ///
  /// - Parameters:
  ///   - inspection: The inspection of the recording.
  ///   - limits: The limits of the service.
  ///   - options: The requested changes.
  ///   - survey: The measurements made so far.
  /// - Returns: The next measurement; `nil` if there is none.
  /// - Throws: `PreparationError`, as `makePlan`.
  static func measure(
    _ inspection: Inspection, limits: AudioLimits, options: PreparationOptions, survey: Survey
  ) throws(PreparationError) -> Measure? {
    let inspection = inspection.ofStream
    if inspection.verdict != .rejected || WholePart.isRequested(inspection, options),
      let duration = inspection.duration, let rate = inspection.sampleRate, rate > 0,
      inspection.notes.encoding != nil
    {
      let request = try ExcerptRequest(inspection, duration: duration, rate: rate, limits: limits, options: options)
      if let measure = try request.measure(survey) { return measure }
    }
    return try Planner(inspection, limits: limits, options: options, survey: survey).missing()
  }

  private func missing() throws(PreparationError) -> Measure? {
    if let measure = missingChannels() ?? missingSilence() { return measure }
    if options.gain != nil, options.gain != .decibels(0), survey?.level(of: plainEncode) == nil {
      return .level(plainEncode)
    }
    let rungs = try rungs()
    // A FLAC file may fit until it is known that it does not.
    let chosen = rungs.first { work in
      if fits(work) { return true }
      guard case .encode(let encode) = work.method, work.format == .flac else { return false }
      return survey?.size(of: encode).map(isDoubtful) ?? true
    }
    guard let chosen, case .encode(let encode) = chosen.method, let survey else { return nil }
    switch encode.encoding {
    // The size of a FLAC file of more than 24 bits is not predicted: its predictors need sums of more than 32 bits.
    case .flac(let width) where width > 24: return nil
    case .flac:
      if isFinerThanFLAC, !changesValues, survey.bits(in: encode.frames) == nil { return .exactness(encode.frames) }
      if mayExceedIntegers, survey.level(of: encode) == nil { return .level(encode) }
      let isExecuted = survey.purpose == .execution
      guard let size = survey.size(of: encode) else {
        if isExecuted, chosen.predictedBytes <= limits.maximumBytes { return nil }
        let counted = isExecuted ? Planner.fewBlocks : Planner.countedBlocks
        return .size(encode, group: FLACSize.blocks(frames: encode.frames.count) / counted)
      }
      guard isDoubtful(size) else { return nil }
      // A result that probably fits is made; if it does not, it is thrown away for the next rung.
      return isExecuted && size.likely <= limits.maximumBytes ? nil : .size(encode, group: 1)
    case .mp3: return survey.level(of: encode) == nil ? .level(encode) : nil
    case .wav, .pcm16: return mayExceedIntegers && survey.level(of: encode) == nil ? .level(encode) : nil
    case .wavFloat: return nil
    }
  }

  /// Returns `true` if a predicted size leaves open whether the file fits, and counting would tell.
  private func isDoubtful(_ size: FLACSize.Foreseen) -> Bool {
    let margin = size.most - size.likely
    return !size.isCounted && size.likely - margin <= limits.maximumBytes && size.most > limits.maximumBytes
  }

  /// Approximate number of blocks encoded where a sample of them suffices: three minutes at 44.1 kHz.
  private static let countedBlocks = 1024
  /// Approximate number of blocks encoded where only the choice between two formats depends on them.
  private static let fewBlocks = 128

  /// `true` if the samples have, or may have, more bits than a FLAC file made by Reprise.
  var isFinerThanFLAC: Bool {
    switch encoding {
    case .integer(let bits): bits > 24
    case .float: true
    case .lossy: false
    }
  }

  /// `true` if samples may exceed the range of integers by an unknown amount.
  private var mayExceedIntegers: Bool {
    switch encoding {
    case .integer: false
    case .float: (inspection.notes.peak ?? 1) > 1 && (excerpt.isCut || changesSamples)
    case .lossy: true
    }
  }

  // MARK: Sample conversion

  /// Returns the form of the samples in a FLAC file.
  func flacForm() -> (width: Int, isExact: Bool, gain: Float, conversion: FLACConversion) {
    if let beyond = inspection.samplesBeyond, case .integer(let bits) = encoding, bits <= 24 {
      let width = bits <= 8 ? 8 : bits <= 16 ? 16 : 24
      return (width, false, 1, .clipped(to: bits, samples: beyond))
    }
    switch encoding {
    // Every decoder supports 8, 16 and 24 bits.
    case .integer(let bits) where bits <= 24: return (bits <= 8 ? 8 : bits <= 16 ? 16 : 24, true, 1, .same)
    case .integer, .float:
      if !changesValues, let bits = survey?.bits(in: excerpt.frames), bits <= 24 {
        let width = bits <= 16 ? 16 : 24
        return (width, true, 1, .narrowed(to: width, used: bits, from: encoding))
      }
      let lowered = integerLevel(of: encode(.flac(bitsPerSample: 24), gain: 1))
      return (24, false, lowered?.gain ?? 1, .rounded(from: encoding, level: lowered?.change))
    case .lossy:
      let lowered = integerLevel(of: encode(.flac(bitsPerSample: 16), gain: 1))
      let conversion = FLACConversion.decoded(
        bits: 16, from: inspection.codec, wasAsked: inspection.format == .mp3, level: lowered?.change)
      return (16, false, lowered?.gain ?? 1, conversion)
    }
  }

  /// Returns the reduction of samples that exceed the range of integers; `nil` if there are none.
  func integerLevel(of encode: Work.Encode) -> (gain: Float, change: LevelChange)? {
    // A requested level is checked by itself.
    guard gain(for: encode) == nil else { return nil }
    let peak: Double
    if let level = survey?.level(of: encode) {
      peak = level.samplePeak
    } else if case .float = encoding {
      peak = Double(inspection.notes.peak ?? 1)
    } else {
      return nil
    }
    guard peak > 1 else { return nil }
    return (Float(1 / peak), .lowered(by: Planner.decibels(peak)))
  }

  /// Returns the reduction that keeps the decoded MP3 signal below full scale; `nil` if there is nothing to report.
  ///
  /// A signal that exceeds full scale is reduced by the excess and by the known rise of coding. Any other signal is
  /// unchanged, and reduced by the exact amount needed if its decoded form exceeds full scale after all.
  func codedLevel(of encode: Work.Encode, bitrate: Int) -> (gain: Float, change: LevelChange)? {
    guard let level = survey?.level(of: encode) else { return integerLevel(of: encode) }
    let rise = CodedLevel.rise(bitrate: bitrate, channels: encode.channels, sampleRate: encode.sampleRate)
    if let change = gain(for: encode) {
      return change.truePeak + rise > 0 ? (1, .watched(peak: change.truePeak)) : nil
    }
    let peak = Planner.decibels(level.truePeak)
    guard peak > 0 else { return peak + rise > 0 ? (1, .watched(peak: peak)) : nil }
    let isAtSamples = level.samplePeak > 1
    let location: LevelChange.Location =
      !isAtSamples ? .betweenSamples : inspection.format == .mp3 ? .ownDecoding : .samples
    let change = LevelChange.loweredForCoding(by: peak + rise, peak: peak, location: location, rise: rise)
    return (Float(pow(10, -(peak + rise) / 20)), change)
  }

  private static func decibels(_ factor: Double) -> Double { 20 * log10(factor) }
}

extension Inspection {
  /// Number of samples of a FLAC file beyond the range of their width; `nil` if there are none.
  fileprivate var samplesBeyond: Int? {
    for case .notPortable(let portability) in reasons.map(\.finding) {
      if case .flac(.samplesBeyond(_, let samples, _)) = portability.cause { return samples }
    }
    return nil
  }
}
