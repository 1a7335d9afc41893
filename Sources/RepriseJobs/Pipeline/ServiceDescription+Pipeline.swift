package import RepriseAudio
internal import Foundation
package import RepriseService

extension ServiceDescription {
  /// The service's limits in the form of the audio modules.
  package var audioLimits: AudioLimits {
    AudioLimits(
      minimumSeconds: limits.seconds.lowerBound, maximumSeconds: limits.seconds.upperBound,
      maximumBytes: limits.maximumBytes, formats: Set(limits.formats.compactMap { FileFormat(rawValue: $0) }))
  }

  /// Default number of covers made at once: the number that the service allows, and for the local service at most one
  /// per core.
  package var usualWidth: Int {
    guard name == ServiceDescription.localName else { return concurrency }
    return min(ProcessInfo.processInfo.activeProcessorCount, concurrency)
  }
}
