public import RepriseAudio
public import RepriseSystem

/// A recording of which nothing can be made: it is not audio, is damaged, or can't be read.
public struct UnusableRecording: Error, CustomStringConvertible {
  /// What was found.
  public let inspection: Inspection

  /// Refuses what can't be used.
  ///
  /// - Parameter inspection: What was found.
  /// - Throws: `UnusableRecording` where that is a rejection.
  package static func check(_ inspection: Inspection) throws(UnusableRecording) {
    guard inspection.verdict != .rejected else { throw UnusableRecording(inspection: inspection) }
  }

  /// Creates an error from what was found.
  package init(inspection: Inspection) { self.inspection = inspection }

  /// The file, and the codes of what was found.
  public var description: String {
    let codes = inspection.reasons.map(\.code.rawValue)
    return "\(inspection.path): unusable" + (codes.isEmpty ? "" : " (\(codes.joined(separator: ", ")))")
  }
}

/// Why a recording could not be planned or prepared.
public enum AudioPreparerError: Error, CustomStringConvertible {
  /// The recording can't be used at all.
  case unusable(UnusableRecording)
  /// No change makes it fit, or the times and formats that were asked for make no sense for it.
  case unfit(PreparationError)
  /// It could not be read.
  case unreadable(AudioFileError)
  /// The output could not be written.
  case unwritable(FileError)
  /// The task was cancelled.
  case cancelled
  /// Something else, which no stage of the preparation names.
  case failed(any Error)

  /// Creates the error of a stage that failed.
  package init(_ error: any Error) {
    self =
      switch error {
      case let error as AudioPreparerError: error
      case let error as UnusableRecording: .unusable(error)
      case let error as PreparationError: .unfit(error)
      case let error as AudioFileError: error.code == .cancelled ? .cancelled : .unreadable(error)
      case let error as FileError: .unwritable(error)
      case is CancellationError: .cancelled
      default: .failed(error)
      }
  }

  /// The error of the stage that failed; `nil` for a cancellation.
  public var underlying: (any Error)? {
    switch self {
    case .unusable(let error): error
    case .unfit(let error): error
    case .unreadable(let error): error
    case .unwritable(let error): error
    case .failed(let error): error
    case .cancelled: nil
    }
  }

  /// What went wrong, in a short phrase.
  public var description: String { underlying.map { "\($0)" } ?? "cancelled" }
}
