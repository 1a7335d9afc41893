import RepriseAudio
import RepriseService

extension ServiceDescription {
  /// What the service takes, as the audio modules know it.
  var audioLimits: AudioLimits {
    AudioLimits(
      minimumSeconds: limits.seconds.lowerBound, maximumSeconds: limits.seconds.upperBound,
      maximumBytes: limits.maximumBytes, formats: Set(limits.formats.compactMap { FileFormat(rawValue: $0) }))
  }
}
