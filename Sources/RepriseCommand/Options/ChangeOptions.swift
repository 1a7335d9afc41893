import ArgumentParser
import RepriseAudio
import ReprisePreparation

/// The changes to a recording before it is sent.
struct ChangeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Start of the part: seconds or m:ss.sss.", valueName: "time"))
  var start: TimeText?

  @Option(help: ArgumentHelp("End of the part: seconds or m:ss.sss.", valueName: "time"))
  var end: TimeText?

  @Option(
    help: ArgumentHelp(
      "What to take of a recording that is too long: first, middle, or auto, which looks for the passage that recurs and"
        + " is loud. (default: first)",
      valueName: "first|middle|auto"))
  var excerpt: ExcerptChoice?

  @Flag(help: "Drop silence before and after the sound, before anything else.")
  var trimSilence = false

  // A level is negative and so resembles another option.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Level below which --trim-silence and --max-silence find silence, in dBFS. (default: -60)", valueName: "dB"))
  var silenceLevel: Double?

  @Option(
    help: ArgumentHelp(
      "Shorten silence inside the part that is longer than this to this, in seconds; nothing else is changed.",
      valueName: "seconds"))
  var maxSilence: Double?

  @Option(
    help: ArgumentHelp(
      "Channels to take: mono (the mean of all that are not silent), left, right, or their numbers.",
      valueName: "mono|left|right|N,M"))
  var channels: ChannelOption?

  // A level is negative and so resembles another option.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Change the level: by -60 to 60 dB, or auto, which brings the true peak to -1 dBTP.", valueName: "auto|dB"))
  var gain: GainOption?

  @Option(help: ArgumentHelp("Length of the fade-in in seconds.", valueName: "seconds"))
  var fadeIn: Double = 0

  @Option(help: ArgumentHelp("Length of the fade-out in seconds.", valueName: "seconds"))
  var fadeOut: Double = 0

  @Option(
    help: ArgumentHelp(
      "Go on with what is whole of a damaged recording: close moves up what follows a loss, silence puts silence of the"
        + " lost length in its place. Every loss is told. (without a value: close)", valueName: "close|silence"))
  var salvage: SalvageOption?

  @Flag(help: "Refuse a recording that is too long instead of taking a part of it.")
  var noTrim = false

  @Flag(help: "Leave out tags, pictures, chapters and cue points instead of carrying them over.")
  var noTags = false

  func validate() throws {
    for (value, option) in [(fadeIn, "--fade-in"), (fadeOut, "--fade-out")] where !(0...30).contains(value) {
      throw ValidationError("\(option) takes 0 to 30 seconds, not \(NumberText.plain(value))")
    }
    if let excerpt {
      if start != nil || end != nil {
        throw ValidationError(
          "--excerpt \(excerpt.rawValue) chooses the part, and so do --start and --end; leave one of them out")
      }
      if noTrim { throw ValidationError("--excerpt takes a part and --no-trim forbids it; leave one of them out") }
    }
    if let silenceLevel {
      guard trimSilence || maxSilence != nil else {
        throw ValidationError("--silence-level belongs to --trim-silence or --max-silence; add one of them")
      }
      guard (-120 ... -10).contains(silenceLevel) else {
        throw ValidationError("--silence-level takes -120 to -10 dBFS, not \(NumberText.plain(silenceLevel))")
      }
    }
    if let maxSilence, !MaximumSilence.range.contains(maxSilence) {
      throw ValidationError("--max-silence takes 0.1 to 3600 seconds, not \(maxSilence)")
    }
    if let start, let end, start.seconds >= end.seconds {
      throw ValidationError(
        "--start \(TimeText.text(start.seconds)) is not before --end \(TimeText.text(end.seconds)); swap or change them"
      )
    }
  }
}

/// The way to go on where a recording is damaged.
enum SalvageOption: String, CaseIterable, ExpressibleByArgument {
  case close, silence

  /// Name of the option.
  static let name = "--salvage"

  var mode: SalvageMode {
    switch self {
    case .close: .close
    case .silence: .silence
    }
  }

  /// Returns arguments with the value that the option has if none is given.
  ///
  /// The parser knows no options whose value can be left out.
  static func completed(_ arguments: [String]) -> [String] {
    var result: [String] = []
    for (index, argument) in arguments.enumerated() {
      if argument == "--" { return result + arguments[index...] }
      let next = index + 1 < arguments.count ? arguments[index + 1] : ""
      let isBare = argument == name && SalvageOption(rawValue: next) == nil
      result.append(isBare ? "\(name)=\(SalvageOption.close.rawValue)" : argument)
    }
    return result
  }
}

/// The part of a recording that is too long.
enum ExcerptChoice: String, ExpressibleByArgument {
  case first, middle, auto

  var passage: PreparationOptions.Passage {
    switch self {
    case .first: .first
    case .middle: .middle
    case .auto: .auto
    }
  }
}
