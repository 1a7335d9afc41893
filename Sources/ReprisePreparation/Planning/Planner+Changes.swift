import RepriseAudio
import Foundation

extension Planner {
  /// Number of channels before an encoder that takes fewer.
  var mixedChannels: Int { mix?.sources.count ?? channels }

  /// `true` if samples are changed or left out, beyond a cut, so that they have to be decoded.
  var changesSamples: Bool { hasFades || mix != nil || !excerpt.removed.isEmpty || changesLevel }

  /// `true` if the values of samples change.
  var changesValues: Bool { hasFades || !(mix?.isPick ?? true) || changesLevel }

  /// `true` if the level is changed as requested, or may be as long as it is not measured.
  private var changesLevel: Bool {
    switch options.gain {
    case nil: false
    case .decibels(let decibels): decibels != 0
    case .automatic: survey?.level(of: plainEncode) == nil || gain(for: plainEncode) != nil
    }
  }

  /// The result's samples before any encoding.
  var plainEncode: Work.Encode { encode(.wavFloat, gain: 1) }

  /// Returns the requested change of the level of samples; `nil` if there is none, or it is unknown as yet.
  func gain(for encode: Work.Encode) -> GainChange? {
    guard let choice = options.gain, let level = survey?.level(of: encode), level.truePeak > 0 else { return nil }
    let peak = 20 * log10(level.truePeak)
    switch choice {
    case .decibels(let decibels):
      guard decibels != 0 else { return nil }
      return GainChange(decibels: decibels, isAutomatic: false, truePeak: peak + decibels)
    case .automatic:
      let decibels = AutomaticGain.truePeak - peak
      guard abs(decibels) >= AutomaticGain.least else { return nil }
      return GainChange(decibels: decibels, isAutomatic: true, truePeak: AutomaticGain.truePeak)
    }
  }

  /// Applies the requested change of the level to samples.
  func withGain(_ encode: Work.Encode) -> Work.Encode {
    guard let change = gain(for: encode) else { return encode }
    var encode = encode
    encode.gain = Float(pow(10, change.decibels / 20))
    return encode
  }

  /// Throws if the level of the result cannot be changed as requested.
  ///
  /// - Parameter work: The way in which the result is made.
  /// - Throws: `PreparationError` if the level is not measured, if there is nothing but silence, or if the peaks would
  ///   be clipped.
  func checkGain(_ work: Work) throws(PreparationError) {
    guard let choice = options.gain, choice != .decibels(0) else { return }
    guard let level = survey?.level(of: plainEncode) else { throw PreparationError(.unmeasured, path: inspection.path) }
    guard !level.isSilent, level.truePeak > 0 else {
      let loudest = level.samplePeak > 0 ? 20 * log10(level.samplePeak) : -.infinity
      throw PreparationError(.nothingToAmplify(peak: loudest), path: inspection.path)
    }
    guard case .decibels(let decibels) = choice, case .encode(let encode) = work.method,
      encode.encoding != .wavFloat, let own = survey?.level(of: encode) ?? survey?.level(of: plainEncode)
    else { return }
    let peak = 20 * log10(own.samplePeak)
    // A full-scale integer has no room for rounding errors of decibels.
    guard peak + decibels > 0.001 else { return }
    throw PreparationError(.gainClips(decibels: decibels, peak: peak), path: inspection.path)
  }

  // MARK: Channels

  /// Returns the channels of the result; `nil` if they are those of the source.
  ///
  /// - Parameters:
  ///   - choice: The requested channels.
  ///   - channels: The number of channels of the source.
  ///   - facts: Measurements of the channels, for a mean of them; `nil` if there are none as yet.
  ///   - path: The path of the source, for errors.
  /// - Returns: The channels.
  /// - Throws: `PreparationError` if a channel does not exist.
  static func mix(
    _ choice: ChannelChoice?, channels: Int, facts: Survey.Channels?, path: String
  ) throws(PreparationError) -> ChannelMix? {
    switch choice {
    case nil: return nil
    case .picked(let numbers):
      for number in numbers where !(1...channels).contains(number) {
        throw PreparationError(.noChannel(number, of: channels), path: path)
      }
      let isSame = numbers == Array(1...channels)
      return isSame ? nil : ChannelMix(sources: numbers.map { [$0 - 1] })
    case .mono:
      guard channels > 1 else { return nil }
      let sounding = (0..<channels).filter { !(facts?.silent.contains($0) ?? false) }
      if facts?.areEqual == true, let first = sounding.first { return ChannelMix(sources: [[first]]) }
      return ChannelMix(sources: [sounding])
    }
  }

  /// Returns the measurement of the samples that the requested channels need and the survey lacks.
  func missingChannels() -> Measure? {
    guard options.channels == .mono, channels > 1, survey?.channels(in: excerpt.frames) == nil else { return nil }
    return .channels(excerpt.frames)
  }

  /// Returns the next measurement that shows whether anything is left in the requested channels; `nil` if there is
  /// none.
  func missingSilence() -> Measure? {
    guard mix != nil, channels > 1 else { return nil }
    guard let facts = survey?.channels(in: excerpt.frames) else { return .channels(excerpt.frames) }
    return mayBeSilent(facts) && survey?.level(of: plainEncode) == nil ? .level(plainEncode) : nil
  }

  /// Throws if the requested channels, or their mean, are silent, as far as that was measured.
  func checkChannels() throws(PreparationError) {
    guard let mix, let facts = survey?.channels(in: excerpt.frames), mayBeSilent(facts),
      survey?.level(of: plainEncode)?.isSilent == true
    else { return }
    let sources = Set(mix.sources.joined())
    if isSilent(sources, facts) {
      let sounding = (0..<channels).filter { !facts.silent.contains($0) && facts.mixRatio != nil }
      throw PreparationError(
        .silentChannels(sources.sorted().map { $0 + 1 }, of: channels, sounding: sounding.map { $0 + 1 }),
        path: inspection.path)
    }
    throw PreparationError(.channelsCancel(loss: loss(facts) ?? .infinity), path: inspection.path)
  }

  /// Returns `true` if the level of the requested channels has to be measured, since they are all silent beside others
  /// or cancel each other out.
  private func mayBeSilent(_ facts: Survey.Channels) -> Bool {
    guard let mix else { return false }
    return isSilent(Set(mix.sources.joined()), facts) || !mix.isPick && loss(facts).map { $0 > 20 } ?? true
  }

  /// Returns `true` if channels are silent; a recording without any energy has no ratio.
  private func isSilent(_ sources: Set<Int>, _ facts: Survey.Channels) -> Bool {
    facts.mixRatio == nil && facts.silent.isEmpty || sources.isSubset(of: facts.silent)
  }

  /// Returns the level of the mean of the channels with sound under that of the channels in dB, ∞ if nothing is left;
  /// `nil` if it is not known.
  private func loss(_ facts: Survey.Channels) -> Double? {
    facts.mixRatio.map { $0 > 0 ? -10 * log10($0) : .infinity }
  }

  /// The requested channels, as told in a plan; `nil` if they are those of the source.
  private var channelChange: ChannelChange? {
    guard let mix else { return nil }
    guard options.channels == .mono, let facts = survey?.channels(in: excerpt.frames) else {
      return .picked(mix.sources.flatMap { $0 }.map { $0 + 1 }, of: channels)
    }
    let sources = mix.sources.flatMap { $0 }
    if mix.isPick, let only = sources.first {
      return facts.areEqual && sources.count < channels - facts.silent.count
        ? .oneOfEqual(of: channels) : .onlySounding(only + 1, of: channels)
    }
    // Independent channels lose 3 dB in a mean of two, and accordingly more in one of more.
    let usual = 10 * log10(Double(sources.count))
    return .mean(
      of: channels, silent: facts.silent.map { $0 + 1 }, loss: loss(facts).flatMap { $0 > usual + 3 ? $0 : nil })
  }

  // MARK: Steps

  /// Returns the stretches that a result leaves out.
  func lost(_ work: Work) -> [LostStretch] {
    guard case .encode(let encode) = work.method else { return [] }
    return stretches(encode.removed)
  }

  private func stretches(_ ranges: [Range<Int>]) -> [LostStretch] {
    ranges.map {
      LostStretch(
        start: Double($0.lowerBound) / Double(rate), end: Double($0.upperBound) / Double(rate), cause: .silence)
    }
  }

  /// Returns the steps between the cut and the encoding of samples, in order of execution.
  func changeSteps(_ encode: Work.Encode) -> [Plan.Step] {
    var steps: [Plan.Step] = []
    if !encode.removed.isEmpty, let longest = options.maximumSilence {
      let cut = SilenceCut(longest: longest, level: options.silenceLevel, stretches: stretches(encode.removed))
      steps.append(Plan.Step(action: .cut, lossless: true, detail: .silenceShortened(cut)))
    }
    if let change = channelChange {
      let isPick = mix?.isPick ?? true
      steps.append(Plan.Step(action: isPick ? .cut : .convert, lossless: isPick, detail: .channels(change)))
    }
    if let change = gain(for: encode) {
      steps.append(Plan.Step(action: .convert, lossless: false, detail: .gain(change)))
    }
    if hasFades {
      steps.append(
        Plan.Step(action: .convert, lossless: false, detail: .faded(in: options.fadeIn, out: options.fadeOut)))
    }
    return steps
  }

  /// Reason for which an MP3 file is encoded again; `nil` if no change was requested.
  var requestedCause: MP3Conversion.Cause? {
    if hasFades { return .fades }
    if changesLevel { return .level }
    if mix != nil { return .channels }
    return excerpt.removed.isEmpty ? nil : .silence
  }
}
