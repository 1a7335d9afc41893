package import RepriseAudio

/// An error for a recording that cannot be made to fit.
public struct PreparationError: Error, CustomStringConvertible {
  /// Kinds of failure that callers distinguish.
  public enum Code: String, Sendable {
    /// The inspection rejected the recording.
    case unusable
    /// The requested times are inconsistent, or invalid for this recording.
    case badRange
    /// The result would be shorter than the service's minimum.
    case tooShort
    /// The recording is too long and must not be cut.
    case tooLong
    /// No format that the service accepts fits, or the requested format does not.
    case noFit
    /// The output is the input.
    case sameFile
    /// The file is no longer the one that was inspected.
    case changed
    /// The plan depends on the samples, and no `survey` was passed.
    case unmeasured
  }

  /// The cause of the failure, with its values.
  package enum Reason: Sendable, Equatable {
    /// A boundary of the requested part.
    package enum Bound: String, Sendable {
      case start, end
    }

    /// A way in which the source differs from the inspected file.
    package enum Change: Sendable, Equatable {
      /// The size or the layout differs.
      case differs
      /// The audio ended before the end of the planned part.
      case endedEarly
      /// The file became shorter while being read.
      case becameShorter
    }

    /// The inspection rejected the recording for these reasons; without reasons if the file holds no audio at all.
    case rejected([Inspection.Reason])
    /// Nothing whole was found in a recording that was rejected for these reasons, or it is not known what is damaged.
    case nothingSalvaged([Inspection.Reason])
    /// Several files in one cannot be joined.
    case notJoined(Joiner.Refusal)
    /// What is left of a damaged recording does not fit, for these reasons.
    case salvageUnfit(SalvageFacts, [Inspection.Reason])
    /// The inspection is a stored record, which lacks the layout needed for cutting.
    case storedInspection
    /// No window is louder than `level`; the loudest 20 ms reach `loudest`, −∞ for digital silence. Both in dBFS.
    case allSilent(level: Double, loudest: Double)
    /// The requested part is damaged in `places` stretches, of which the earliest is `first`.
    case damaged(places: Int, first: DamageSpan)
    /// A time, in seconds, is negative or not a number.
    case notATime(Bound, Double)
    /// A time lies beyond the end of the recording, in seconds.
    case beyondEnd(Bound, at: Double, length: Double)
    /// The start is not before the end, in seconds.
    case startNotBeforeEnd(start: Double, end: Double)
    /// A passage was requested together with times.
    case passageBesideTimes(PreparationOptions.Passage)
    /// The silence threshold is outside −120…−10 dBFS.
    case silenceLevel(Double)
    /// The length to which silence is shortened, in seconds, is outside `MaximumSilence.range`.
    case maximumSilence(Double)
    /// The recording has no channel with this number, counted from 1.
    case noChannel(Int, of: Int)
    /// The requested channels, counted from 1, are silent; those with sound.
    case silentChannels([Int], of: Int, sounding: [Int])
    /// The mean of the channels is silent, since they cancel each other out; its level under theirs in dB, ∞ if nothing
    /// is left.
    case channelsCancel(loss: Double)
    /// There is only silence, whose level cannot be changed; the peak is in dBFS, −∞ for digital silence.
    case nothingToAmplify(peak: Double)
    /// The requested change of the level would raise the sample peak, in dBFS, over full scale.
    case gainClips(decibels: Double, peak: Double)
    /// The fades are longer than the part, or negative, in seconds.
    case fades(in: Double, out: Double, length: Double)
    /// The result would be shorter than the service's minimum, in seconds.
    case tooShort(seconds: Double, minimum: Double)
    /// The part, whose end was given explicitly, is longer than the service's maximum, in seconds.
    case partTooLong(start: Double, end: Double, maximum: Double)
    /// The recording is longer than the service's maximum and must not be cut, in seconds.
    case mayNotBeCut(seconds: Double, maximum: Double)
    /// The service does not accept the requested format.
    case formatNotTaken(FileFormat, taken: [FileFormat])
    /// The requested format, or the only one that the service accepts, has fewer channels than the recording.
    case channels(Int, format: FileFormat, most: Int)
    /// A part of `seconds` fits in no accepted format, or not in the requested one.
    case noFormatFits(seconds: Double, wanted: FileFormat?, taken: [FileFormat], maximumBytes: Int)
    /// The result is larger than the service's maximum size in bytes.
    case resultTooLarge(FileFormat, maximumBytes: Int)
    /// The result does not fit, for these reasons.
    case resultUnfit([Inspection.Reason])
    /// Only an MP3 file fits, and it would replace a file that the caller did not name.
    case unnamedOutput(String, instead: String, maximumBytes: Int)
    /// An MP3 file cannot be cut at its own frames after all, and nothing else fits.
    case notExact(FrameCutFault)
    /// The output is the source.
    case sameFile(output: String)
    /// The source was changed after the inspection.
    case changed(Change)
    /// The choice of the part depends on samples that were not surveyed.
    case unmeasured
  }

  /// Path of the recording, as given.
  package let path: String
  /// Cause of the failure, with its values.
  package let reason: Reason
  /// Underlying error; `nil` if there is none.
  public let underlying: (any Error)?

  package init(_ reason: Reason, path: String, underlying: (any Error)? = nil) {
    self.reason = reason
    self.path = path
    self.underlying = underlying
  }

  /// Kind of the failure.
  public var code: Code { reason.code }

  /// Path and cause.
  public var description: String { "\(path): \(reason)" }
}

extension PreparationError: Equatable {
  /// Returns `true` if two errors state the same reason for the same path, whatever their underlying errors.
  public static func == (one: PreparationError, other: PreparationError) -> Bool {
    one.path == other.path && one.reason == other.reason
  }
}

extension PreparationError.Reason {
  /// Kind of the failure.
  package var code: PreparationError.Code {
    switch self {
    case .rejected, .notJoined, .nothingSalvaged, .salvageUnfit, .storedInspection, .allSilent, .nothingToAmplify,
      .damaged, .silentChannels, .channelsCancel:
      .unusable
    case .notATime, .beyondEnd, .startNotBeforeEnd, .passageBesideTimes, .silenceLevel, .fades, .maximumSilence,
      .noChannel,
      .gainClips:
      .badRange
    case .tooShort: .tooShort
    case .partTooLong, .mayNotBeCut: .tooLong
    case .formatNotTaken, .channels, .noFormatFits, .resultTooLarge, .resultUnfit, .unnamedOutput, .notExact: .noFit
    case .sameFile: .sameFile
    case .changed: .changed
    case .unmeasured: .unmeasured
    }
  }
}

extension PreparationError.Reason: CustomStringConvertible {
  /// Short description of the cause.
  package var description: String {
    switch self {
    case .rejected(let reasons): "unusable: \(reasons.map(\.code.rawValue).joined(separator: ", "))"
    case .notJoined(let refusal): "not joined: \(refusal)"
    case .nothingSalvaged(let reasons): "nothing whole: \(reasons.map(\.code.rawValue).joined(separator: ", "))"
    case .salvageUnfit(let facts, let reasons):
      "\(facts.seconds) s are left: \(reasons.map(\.code.rawValue).joined(separator: ", "))"
    case .storedInspection: "the inspection is a stored record"
    case .allSilent(let level, _): "nothing is louder than \(level) dBFS"
    case .damaged(let places, let first): "damaged at \(places) places, the first at \(first.start) s"
    case .notATime(let bound, let seconds): "\(bound.rawValue) of \(seconds) s"
    case .beyondEnd(let bound, let time, let length): "\(bound.rawValue) at \(time) s of \(length) s"
    case .startNotBeforeEnd(let start, let end): "start at \(start) s, end at \(end) s"
    case .passageBesideTimes(let passage): "both times and the passage '\(passage.rawValue)'"
    case .silenceLevel(let level): "silence under \(level) dBFS"
    case .maximumSilence(let seconds): "silence of at most \(seconds) s"
    case .noChannel(let number, let count): "channel \(number) of \(count)"
    case .silentChannels(let channels, let count, _):
      "channels \(channels.map(String.init).joined(separator: ", ")) of \(count) are silent"
    case .channelsCancel(let loss): "the mean of the channels is \(loss) dB softer than they are"
    case .nothingToAmplify(let peak): "nothing but silence, peak at \(peak) dBFS"
    case .gainClips(let decibels, let peak): "\(decibels) dB on a peak of \(peak) dBFS"
    case .fades(let fadeIn, let fadeOut, let length): "fades of \(fadeIn) s and \(fadeOut) s in \(length) s"
    case .tooShort(let seconds, let minimum): "\(seconds) s, under \(minimum) s"
    case .partTooLong(let start, let end, let maximum): "\(end - start) s, over \(maximum) s"
    case .mayNotBeCut(let seconds, let maximum): "\(seconds) s, over \(maximum) s, and not to be cut"
    case .formatNotTaken(let format, _): "\(format.rawValue) is not taken"
    case .channels(let channels, let format, let most): "\(channels) channels, \(format.rawValue) has \(most) at most"
    case .noFormatFits(let seconds, _, _, let bytes): "\(seconds) s fit in no format of at most \(bytes) bytes"
    case .resultTooLarge(let format, let bytes): "as \(format.rawValue) over \(bytes) bytes"
    case .resultUnfit(let reasons): "the result is \(reasons.map(\.code.rawValue).joined(separator: ", "))"
    case .unnamedOutput(let output, let named, _): "'\(output)' is in the way, and '\(named)' was named"
    case .notExact: "not exact if cut by its frames"
    case .sameFile(let output): "the output '\(output)' is the source"
    case .changed: "changed since it was inspected"
    case .unmeasured: "its samples were not surveyed"
    }
  }
}

extension PreparationError {
  /// Returns this error for another path.
  package func at(_ path: String) -> PreparationError { PreparationError(reason, path: path, underlying: underlying) }
}
