package import RepriseAudio
internal import Foundation
package import RepriseService

extension ServiceDescription {
  /// What the service takes, as the audio modules know it.
  package var audioLimits: AudioLimits {
    AudioLimits(
      minimumSeconds: limits.seconds.lowerBound, maximumSeconds: limits.seconds.upperBound,
      maximumBytes: limits.maximumBytes, formats: Set(limits.formats.compactMap { FileFormat(rawValue: $0) }))
  }

  /// How many covers are made at once where nobody says: what the service allows, and here one a core.
  package var usualWidth: Int {
    guard name == ServiceDescription.localName else { return concurrency }
    return min(ProcessInfo.processInfo.activeProcessorCount, concurrency)
  }
}
