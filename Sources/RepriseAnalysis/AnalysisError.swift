import Foundation
package import RepriseSignal

/// A reason for which a recording cannot be analysed.
package enum AnalysisError: Error, Equatable {
  /// The recording is shorter than the minimum, in seconds.
  case tooShort(seconds: Double, minimum: Double)
  /// The recording is longer than the maximum, in seconds.
  case tooLong(seconds: Double, maximum: Double)
  /// No sample is louder than the given level in dBFS.
  case silent(below: Double)
  /// The sample rate of the recording is outside the range of the resampler.
  case unsupportedAudio(SignalError)

  /// The underlying error; `nil` if there is none.
  package var underlying: (any Error)? {
    if case .unsupportedAudio(let error) = self { error } else { nil }
  }
}

extension AnalysisError: CustomStringConvertible {
  /// A short phrase that describes the error.
  package var description: String {
    switch self {
    case .tooShort(let seconds, _): String(format: "%.1f s of music is too little to follow", seconds)
    case .tooLong(let seconds, let maximum):
      String(format: "%.0f s is more than the engine takes (%.0f s)", seconds, maximum)
    case .silent(let level):
      String(format: "the recording is silent (its peak is below %.0f dBFS)", level)
    case .unsupportedAudio(let error): "the recording cannot be heard: \(error)"
    }
  }
}
