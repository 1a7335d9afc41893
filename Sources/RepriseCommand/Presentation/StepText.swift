import RepriseAudio
import Foundation
package import ReprisePreparation
import RepriseSystem

/// The text of a plan's steps.
package enum StepText {
  /// Returns the texts of a plan's steps, in order.
  package static func texts(_ steps: [Plan.Step]) -> [String] {
    steps.enumerated().map { index, step in
      text(step.detail, isChanged: steps[..<index].contains { !$0.lossless })
    }
  }

  /// Returns the change and its reason as text.
  ///
  /// - Parameters:
  ///   - detail: The change.
  ///   - isChanged: `true` if a step before it changes samples.
  /// - Returns: The text.
  package static func text(_ detail: Plan.Step.Detail, isChanged: Bool = false) -> String {
    switch detail {
    case .kept: "it fits as it is; not a byte is changed"
    case .stripped(let bytes, let chunks):
      "tags, pictures and padding are dropped (\(describe(bytes: bytes))); the audio's bytes stay" + without(chunks)
    case .newHeader(let chunks):
      "a header that other programs understand is written before the audio's bytes" + without(chunks)
    case .mended(let repairs): RepairText.text(repairs)
    case .unwrapped(let stream):
      "\(stream.codec.rawValue) is taken out of its container, \(stream.container.rawValue); its frames stay as they "
        + "are: nothing is encoded again"
    case .joined(let facts): SalvageText.text(facts)
    case .salvaged(let facts): SalvageText.text(facts)
    case .cut(let cut):
      "\(describe(seconds: cut.start)) to \(describe(seconds: cut.end)), "
        + "\(cut.reasons.map(text).joined(separator: "; ")), \(text(cut.method))"
    case .silenceShortened(let cut): SignalChangeText.text(cut)
    case .channels(let change): SignalChangeText.text(change)
    case .gain(let change): SignalChangeText.text(change)
    case .faded(let fadeIn, let fadeOut): faded(in: fadeIn, out: fadeOut)
    case .flac(.same) where isChanged: "to flac, which keeps the changed samples exactly"
    case .flac(let conversion): "to flac" + text(conversion)
    case .mp3(let conversion): text(conversion)
    case .wav(let bits, let level, let isAsked):
      "to wav of \(bits) bits, \(isAsked ? "as was asked for" : "since all decoders read flac of at most 24")"
        + (level.map { "; " + text($0) } ?? "")
    case .either(let detail, let bytes, let other):
      "\(text(detail, isChanged: isChanged)), if that fits \(describe(bytes: bytes)); else \(text(other, isChanged: isChanged))"
    }
  }

  private static func without(_ chunks: [RemovedChunk]) -> String {
    chunks.isEmpty ? "" : "; without the chunks \(chunks.map(\.name).joined(separator: ", "))"
  }

  private static func faded(in fadeIn: Double, out fadeOut: Double) -> String {
    let fades = [("in", fadeIn), ("out", fadeOut)].filter { $0.1 > 0 }
      .map { "\($0.0) over \(describe(seconds: $0.1))" }
    return "faded \(fades.joined(separator: " and ")), as was asked for; the samples in between stay"
  }

  /// Returns the contents of a stretch that is left out.
  package static func text(_ cause: LostStretch.Cause) -> String {
    switch cause {
    case .silence: "silence"
    case .damage(let filled): SalvageText.text(filled: filled)
    }
  }

  // MARK: Cuts

  private static func text(_ method: Cut.Method) -> String {
    switch method {
    case .bytes(let chunks): "by its bytes, without loss" + without(chunks)
    case .frames: "to the sample by its own frames, nothing encoded again"
    case .losslessSamples: "to the sample, without loss"
    case .samples: "to the sample"
    }
  }

  private static func text(_ reason: ExcerptReason) -> String {
    switch reason {
    case .asked: return "as was asked for"
    case .withoutSilence(let front, let behind, let level):
      let sides = [("before", front), ("after", behind)].filter { $0.1 > 0 }
        .map { "\(describe(seconds: $0.1)) \($0.0)" }
      return String(format: "without its silence (%@, under %g dBFS)", sides.joined(separator: " and "), level)
    case .longest: return "the most the service takes"
    case .middle: return "its middle, as much as the service takes"
    case .passage(let reason): return text(reason)
    }
  }

  private static func text(_ reason: PassageReason) -> String {
    let merit =
      switch reason.merit {
      case .beginning: "its beginning"
      case .recurring(let times, let louder):
        String(
          format:
            "the passage that represents it best: it recurs %.1f times as much as the whole does on average, and is ",
          times) + loudness(louder)
      case .loudest(let louder): "nothing in it clearly recurs, so the loudest passage: \(loudness(louder))"
      }
    guard let move = reason.move else { return merit }
    return merit
      + String(format: "; its ends lie at quiet points, %+.2f and %+.2f s from there", move.start, move.end)
  }

  private static func loudness(_ louder: Double) -> String {
    String(format: "%.1f dB %@ than the whole", abs(louder), louder < 0 ? "softer" : "louder")
  }

  // MARK: Conversions

  private static func text(_ conversion: FLACConversion) -> String {
    switch conversion {
    case .same: ", without loss"
    case .narrowed(let bits, let used, let source):
      " of \(bits) bits, without loss: its \(name(source)) hold no more than \(used) bits"
    case .rounded(let source, let level):
      "; \(name(source)) are rounded to 24 bits, by half a step at most, 144 dB under full scale and under the noise of any "
        + "converter" + (level.map { "; " + text($0) } ?? "")
    case .clipped(let bits, let samples):
      " of \(bits) bits: \(counted(samples, "sample")) beyond their range \(samples == 1 ? "is" : "are") clipped to it"
    case .decoded(let bits, let codec, let wasAsked, let level):
      " of \(bits) bits, \(wasAsked ? "as was asked for" : "so that nothing is lost again"); what \(codec) has lost stays lost"
        + (level.map { "; " + text($0) } ?? "")
    }
  }

  private static func name(_ encoding: SampleEncoding) -> String {
    switch encoding {
    case .float(let bits): "\(bits)-bit floats"
    case .integer(let bits): "\(bits)-bit integers"
    case .lossy: "lossy samples"
    }
  }

  private static func text(_ conversion: MP3Conversion) -> String {
    var parts = ["to mp3 at \(conversion.bitrate / 1000) kbit/s"]
    if let surplus = conversion.surplus {
      parts.append(
        "so few bits leave no room for its exact length: up to \(describe(seconds: surplus)) of silence stay around it")
    }
    if let level = conversion.level { parts.append(text(level)) }
    if let rates = conversion.resampling {
      parts.append("resampled from \(rates.from) to \(rates.to) Hz, which mp3 has")
    }
    if let channels = conversion.mixedChannels {
      parts.append("mixed from \(channels) channels to 2, the most mp3 has")
    }
    if let sections = conversion.sections { parts += text(sections) }
    switch conversion.again {
    case nil: break
    case .fades: parts.append("encoded again for the fades")
    case .level: parts.append("encoded again for the level")
    case .channels: parts.append("encoded again for the channels")
    case .silence: parts.append("encoded again without the silence")
    case .refusal(let refusal): parts.append("encoded again since \(PreparedText.text(refusal))")
    case .size: parts.append("encoded again to fit")
    }
    return parts.joined(separator: "; ")
  }

  private static func text(_ sections: MP3Conversion.Sections) -> [String] {
    var parts: [String] = []
    if sections.sampleRates.count > 1, let rate = sections.sampleRates.last {
      let others = sections.sampleRates.dropLast().map { "\($0)" }.joined(separator: " and ")
      parts.append("its sections of \(others) Hz are resampled to \(rate) Hz, the highest that occurs")
    }
    if sections.channels.count > 1 { parts.append("its mono sections are played on both channels") }
    return parts
  }

  private static func text(_ change: LevelChange) -> String {
    switch change {
    case .lowered(let decibels):
      return String(
        format: "its level is lowered by %.1f dB, since its peaks are that much over full scale", decibels)
    case .watched(let peak):
      return String(
        format: "its peaks reach %.1f dB; should coding raise them over full scale, it is lowered by as much", peak)
    case .loweredForCoding(let decibels, let peak, let location, let rise):
      let cause =
        switch location {
        case .ownDecoding:
          String(format: "since its own decoding goes %.1f dB over full scale, where players clip it,", peak)
        case .samples: String(format: "since its peaks go %.1f dB over full scale", peak)
        case .betweenSamples: String(format: "since its peaks go %.1f dB over full scale between the samples", peak)
        }
      return String(
        format: "its level is lowered by %.1f dB, %@ and coding raises such peaks by up to %.1f dB", decibels, cause,
        rise)
    }
  }
}
