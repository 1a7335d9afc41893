package import RepriseAudio

/// Why a recording cannot be made to fit.
public struct PreparationError: Error, CustomStringConvertible {
  /// The kinds of trouble callers tell apart.
  public enum Code: String, Sendable {
    /// The inspection rejected it.
    case unusable
    /// The times asked for make no sense together, or not for this recording.
    case badRange
    /// What would be left is shorter than the service takes.
    case tooShort
    /// It is too long, and may not be cut.
    case tooLong
    /// No format the service takes, or the one asked for, fits.
    case noFit
    /// The output is the input.
    case sameFile
    /// The file is not the one that was inspected any more.
    case changed
    /// The plan depends on the samples, and no `survey` of them was given.
    case unmeasured
  }

  /// What was wrong, with its numbers.
  package enum Reason: Sendable, Equatable {
    /// An end of the part that was asked for.
    package enum Bound: String, Sendable {
      case start, end
    }

    /// Why the source is no longer what was inspected.
    package enum Change: Sendable, Equatable {
      /// Its size or its layout is another.
      case differs
      /// Its audio ended before the part that was planned.
      case endedEarly
      /// It lost bytes while it was read.
      case becameShorter
    }

    /// The inspection rejected it, for these reasons; for none where it holds no audio at all.
    case rejected([Inspection.Reason])
    /// The inspection is a stored record, which does not tell how the file can be cut.
    case storedInspection
    /// No stretch is louder than `level`; the loudest 20 ms reach `loudest`, −∞ for digital silence. Both in dBFS.
    case allSilent(level: Double, loudest: Double)
    /// The part that is wanted is damaged at so many places.
    case damaged(places: Int, first: DamageSpan)
    /// A time is negative or no number, in seconds.
    case notATime(Bound, Double)
    /// A time lies behind the end of the recording, in seconds.
    case beyondEnd(Bound, at: Double, length: Double)
    /// The start is not before the end, in seconds.
    case startNotBeforeEnd(start: Double, end: Double)
    /// A passage was asked for beside times.
    case passageBesideTimes(PreparationOptions.Passage)
    /// What is to count as silence is no level of −120…−10 dBFS.
    case silenceLevel(Double)
    /// The fades are longer than the part, or negative; in seconds.
    case fades(in: Double, out: Double, length: Double)
    /// What would be left is shorter than the service's minimum, in seconds.
    case tooShort(seconds: Double, minimum: Double)
    /// The part whose end was asked for is over the service's maximum, in seconds.
    case partTooLong(start: Double, end: Double, maximum: Double)
    /// It is over the service's maximum and may not be cut, in seconds.
    case mayNotBeCut(seconds: Double, maximum: Double)
    /// The service does not take the format that was asked for.
    case formatNotTaken(FileFormat, taken: [FileFormat])
    /// A part of so many seconds fits in no format that is taken, or not in the one that was wanted.
    case noFormatFits(seconds: Double, wanted: FileFormat?, taken: [FileFormat], maximumBytes: Int)
    /// What was made is over the service's maximum of bytes.
    case resultTooLarge(FileFormat, maximumBytes: Int)
    /// What was made does not fit, for these reasons.
    case resultUnfit([Inspection.Reason])
    /// Only an mp3 fits, and it would take the place of a file that nobody named.
    case unnamedOutput(String, instead: String, maximumBytes: Int)
    /// An mp3 cannot be cut by its own frames after all, and nothing else fits.
    case notExact(FrameCutFault)
    /// The output is the source.
    case sameFile(output: String)
    /// The source was changed since it was inspected.
    case changed(Change)
    /// Which part is used depends on samples that were not surveyed.
    case unmeasured
  }

  /// The recording's path as it was given.
  public let path: String
  /// What was wrong, with its numbers.
  package let reason: Reason
  /// What it came from; `nil` if nothing.
  public let underlying: (any Error)?

  package init(_ reason: Reason, path: String, underlying: (any Error)? = nil) {
    self.reason = reason
    self.path = path
    self.underlying = underlying
  }

  /// What kind of trouble.
  public var code: Code { reason.code }

  /// The path and what was wrong.
  public var description: String { "\(path): \(reason)" }
}

extension PreparationError: Equatable {
  /// Whether two errors say the same of the same file, wherever they came from.
  public static func == (one: PreparationError, other: PreparationError) -> Bool {
    one.path == other.path && one.reason == other.reason
  }
}

extension PreparationError.Reason {
  /// What kind of trouble it is.
  package var code: PreparationError.Code {
    switch self {
    case .rejected, .storedInspection, .allSilent, .damaged: .unusable
    case .notATime, .beyondEnd, .startNotBeforeEnd, .passageBesideTimes, .silenceLevel, .fades: .badRange
    case .tooShort: .tooShort
    case .partTooLong, .mayNotBeCut: .tooLong
    case .formatNotTaken, .noFormatFits, .resultTooLarge, .resultUnfit, .unnamedOutput, .notExact: .noFit
    case .sameFile: .sameFile
    case .changed: .changed
    case .unmeasured: .unmeasured
    }
  }
}

extension PreparationError.Reason: CustomStringConvertible {
  /// The fact in a short phrase.
  package var description: String {
    switch self {
    case .rejected(let reasons): "unusable: \(reasons.map(\.code.rawValue).joined(separator: ", "))"
    case .storedInspection: "the inspection is a stored record"
    case .allSilent(let level, _): "nothing is louder than \(level) dBFS"
    case .damaged(let places, let first): "damaged at \(places) places, the first at \(first.start) s"
    case .notATime(let bound, let seconds): "\(bound.rawValue) of \(seconds) s"
    case .beyondEnd(let bound, let place, let length): "\(bound.rawValue) at \(place) s of \(length) s"
    case .startNotBeforeEnd(let start, let end): "start at \(start) s, end at \(end) s"
    case .passageBesideTimes(let passage): "both times and the passage '\(passage.rawValue)'"
    case .silenceLevel(let level): "silence under \(level) dBFS"
    case .fades(let fadeIn, let fadeOut, let length): "fades of \(fadeIn) s and \(fadeOut) s in \(length) s"
    case .tooShort(let seconds, let minimum): "\(seconds) s, under \(minimum) s"
    case .partTooLong(let start, let end, let maximum): "\(end - start) s, over \(maximum) s"
    case .mayNotBeCut(let seconds, let maximum): "\(seconds) s, over \(maximum) s, and not to be cut"
    case .formatNotTaken(let format, _): "\(format.rawValue) is not taken"
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
  /// The same error about another path.
  package func at(_ path: String) -> PreparationError { PreparationError(reason, path: path, underlying: underlying) }
}
