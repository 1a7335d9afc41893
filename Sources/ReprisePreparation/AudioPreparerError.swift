public import RepriseAudio
public import RepriseSystem

/// An error for a recording that cannot be used: not audio, damaged, or unreadable.
public struct UnusableRecording: Error, CustomStringConvertible {
  /// Inspection of the recording.
  public let inspection: Inspection

  /// Throws if the inspection rejects the recording.
  ///
  /// - Parameter inspection: The inspection of the recording.
  /// - Throws: `UnusableRecording` if the verdict is a rejection.
  package static func check(_ inspection: Inspection) throws(UnusableRecording) {
    guard inspection.verdict != .rejected else { throw UnusableRecording(inspection: inspection) }
  }

  /// Creates an error from an inspection.
  package init(inspection: Inspection) { self.inspection = inspection }

  /// Path of the file and codes of the findings.
  public var description: String {
    let codes = inspection.reasons.map(\.code.rawValue)
    return "\(inspection.path): unusable" + (codes.isEmpty ? "" : " (\(codes.joined(separator: ", ")))")
  }
}

/// An error that prevented a recording from being planned or prepared.
public enum AudioPreparerError: Error, CustomStringConvertible {
  /// The recording cannot be used at all.
  case unusable(UnusableRecording)
  /// No change makes the recording fit, or the requested times or formats are invalid for it.
  case unfit(PreparationError)
  /// The recording could not be read.
  case unreadable(AudioFileError)
  /// The output could not be written.
  case unwritable(FileError)
  /// The task was cancelled.
  case cancelled
  /// Another error, which no stage of the preparation defines.
  case failed(any Error)

  /// Creates the error for the failure of a stage.
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

  /// Error of the stage that failed; `nil` for a cancellation.
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

  /// Short description of the failure.
  public var description: String { underlying.map { "\($0)" } ?? "cancelled" }
}
