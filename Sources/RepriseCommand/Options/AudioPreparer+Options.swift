import RepriseAudio
import ReprisePreparation

extension AudioPreparer {
  /// Creates a preparer from the options of a command.
  init(change: ChangeOptions, limits: AudioLimits, format: FileFormat? = nil) {
    var options = PreparationOptions()
    options.start = change.start?.seconds
    options.end = change.end?.seconds
    options.fadeIn = change.fadeIn
    options.fadeOut = change.fadeOut
    options.mayTrim = !change.noTrim
    options.passage = change.excerpt?.passage ?? .first
    options.trimsSilence = change.trimSilence
    options.silenceLevel = change.silenceLevel ?? options.silenceLevel
    options.gain = change.gain?.choice
    options.channels = change.channels?.choice
    options.maximumSilence = change.maxSilence
    options.keepsTags = !change.noTags
    options.salvage = change.salvage?.mode
    options.format = format
    self.init(limits: limits, options: options)
  }
}
