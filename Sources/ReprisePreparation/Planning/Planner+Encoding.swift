import RepriseAudio
import Foundation

/// The rungs that encode.
extension Planner {
  /// A WAV file other than the source's own bytes: with changed samples, or because WAV was requested.
  func encodeWave() -> Work? {
    guard isAllowed(.wav), isLinearWave ? changesSamples : options.format == .wav || isFinerThanAnyFLAC else {
      return nil
    }
    let (target, width): (AudioEncoder.Encoding, Int)
    switch encoding {
    case .integer(let bits):
      width = max((bits + 7) / 8 * 8, 16)
      target = .wav(bitsPerSample: width)
    case .float:
      width = 32
      target = .wavFloat
    case .lossy:
      width = 16
      target = .wav(bitsPerSample: 16)
    }
    let lowered = encoding == .lossy ? integerLevel(of: encode(target, gain: 1)) : nil
    let encode = withGain(encode(target, gain: lowered?.gain ?? 1))
    var steps = cutSteps(.samples) + changeSteps(encode)
    // Floats of 64 bits become floats of 32.
    let isExact = encoding != .lossy && encoding != .float(bits: 64)
    if !isLinearWave || !isExact && !changesValues {
      let detail = Plan.Step.Detail.wav(bits: width, level: lowered?.change, isAsked: options.format == .wav)
      steps.append(Plan.Step(action: .convert, lossless: isExact, detail: detail))
    }
    let size = excerpt.keptFrames * mixedChannels * width / 8 + 128
    return work(.encode(encode), .wav, steps, size)
  }

  /// Rung 5: FLAC, with a FLAC file's own samples or a WAV file's without loss.
  func encodeFLAC() -> Work? {
    // A FLAC file that is neither cut nor faded would have the same size again.
    let isSame = inspection.format == .flac && !excerpt.isCut && !changesSamples && !mustEncode
    guard isAllowed(.flac), !isSame, mixedChannels <= FLACHeader.mostChannels,
      inspection.format != .mp3 || options.format == .flac
    else {
      return nil
    }
    let form = flacForm()
    let encode = withGain(encode(.flac(bitsPerSample: form.width), gain: form.gain))
    var steps = cutSteps(.losslessSamples) + changeSteps(encode)
    if inspection.format != .flac || mustEncode {
      steps.append(Plan.Step(action: .convert, lossless: form.isExact, detail: .flac(form.conversion)))
    }
    // Verbatim subframes are the worst case of the format: the samples themselves and a header for each block.
    let samples = excerpt.keptFrames * mixedChannels * ((form.width + 7) / 8)
    let size = samples + samples / 256 + 8192
    guard let foreseen = survey?.size(of: encode) else { return work(.encode(encode), .flac, steps, size) }
    var made = work(.encode(encode), .flac, steps, min(size, foreseen.most))
    made.likelyBytes = foreseen.likely
    return made
  }

  /// Rung 6: MP3 at the highest quality that fits.
  func encodeMP3() throws(PreparationError) -> Work? {
    guard isAllowed(.mp3) else { return nil }
    let target = MP3Choice.sampleRate(for: rate)
    let excerpt = kept(inside: MP3Choice.margin(sampleRate: target))
    guard
      let choice = MP3Choice(
        sampleRate: target, channels: mixedChannels, seconds: excerpt.seconds, maximumBytes: limits.maximumBytes)
    else { return nil }
    var conversion = MP3Conversion(bitrate: choice.bitrate)
    if !choice.statesLength { conversion.surplus = choice.longestSurplus }
    var encode = encode(.mp3(bitrate: choice.bitrate), gain: 1)
    encode.frames = excerpt.frames
    encode.removed = excerpt.removed
    encode.sampleRate = choice.sampleRate
    encode.channels = choice.channels
    if let lowered = codedLevel(of: encode, bitrate: choice.bitrate) {
      encode.gain = lowered.gain
      conversion.level = lowered.change
    }
    encode = withGain(encode)
    if let level = survey?.level(of: encode), level.truePeak * Double(encode.gain) < 0.6 { encode.mayClip = false }
    if target != rate { conversion.resampling = MP3Conversion.Resampling(from: rate, to: target) }
    if mixedChannels > 2 { conversion.mixedChannels = mixedChannels }
    if inspection.format == .mp3 {
      if let forms = inspection.notes.frames?.forms, forms.sampleRates.count > 1 || forms.channels.count > 1 {
        conversion.sections = MP3Conversion.Sections(sampleRates: forms.sampleRates, channels: forms.channels)
      }
      conversion.again =
        requestedCause ?? inspection.notes.frames?.refusal.map(MP3Conversion.Cause.refusal) ?? .size
    }
    let steps =
      (excerpt.isCut ? [Planner.cutStep(excerpt, .samples)] : []) + changeSteps(encode) + [
        Plan.Step(action: .convert, lossless: false, detail: .mp3(conversion))
      ]
    return work(.encode(encode), .mp3, steps, choice.bytes, end: excerpt.end)
  }

  // MARK: Parts of rungs

  /// `true` for a FLAC file whose own frames some decoders misread.
  private var mustEncode: Bool {
    inspection.format == .flac && inspection.notes.mustRewrite && inspection.notes.mending == nil
  }

  /// `true` for a recording that is not a WAV file and uses more bits than the 24 of the FLAC files that every decoder
  /// reads.
  private var isFinerThanAnyFLAC: Bool {
    guard inspection.format == .flac || isForeign, isFinerThanFLAC, options.format == nil else { return false }
    // Samples that nobody has measured have all the bits that their format has.
    guard let survey else { return true }
    return (survey.bits(in: excerpt.frames) ?? 0) > 24
  }
}
