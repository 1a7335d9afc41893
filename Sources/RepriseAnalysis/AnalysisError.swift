import Foundation
public import RepriseSignal

/// Why a recording cannot be analysed.
public enum AnalysisError: Error, Equatable {
  /// It is shorter than what can be followed, in seconds.
  case tooShort(seconds: Double, minimum: Double)
  /// It is longer than what is taken, in seconds.
  case tooLong(seconds: Double, maximum: Double)
  /// No sample is louder than so many dBFS.
  case silent(below: Double)
  /// Its sample rate is beyond what can be resampled.
  case unsupportedAudio(SignalError)

  /// What it came from; `nil` if nothing.
  public var underlying: (any Error)? {
    if case .unsupportedAudio(let error) = self { error } else { nil }
  }
}

extension AnalysisError: CustomStringConvertible {
  /// The fact in a short phrase.
  public var description: String {
    switch self {
    case .tooShort(let seconds, _): String(format: "%.1f s of music is too little to follow", seconds)
    case .tooLong(let seconds, let maximum):
      String(format: "%.0f s is more than the engine takes (%.0f s)", seconds, maximum)
    case .silent(let level):
      String(format: "the recording is silent (its peak is below −%.0f dBFS)", -level)
    case .unsupportedAudio(let error): "the recording cannot be heard: \(error)"
    }
  }
}
