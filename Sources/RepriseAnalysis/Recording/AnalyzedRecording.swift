/// A recording as heard: its analysis, and the finer traces by which it is compared with another recording.
package struct AnalyzedRecording: Sendable {
  /// The content of the recording.
  package let analysis: Analysis
  /// The strength of each pitch class over time.
  package let pitchClasses: PitchClassTrack
  /// The details of the sound over time.
  package let fineStructure: FineStructure
  /// The level over time.
  package let levels: LevelTrack
  /// How still the pitch of the melody is held; nil if there is no note to tell by.
  package let melodySteadiness: MelodySteadiness?

  /// Creates a recording as heard.
  package init(
    analysis: Analysis, pitchClasses: PitchClassTrack, fineStructure: FineStructure,
    levels: LevelTrack = .init(values: []), melodySteadiness: MelodySteadiness? = nil
  ) {
    self.analysis = analysis
    self.pitchClasses = pitchClasses
    self.fineStructure = fineStructure
    self.levels = levels
    self.melodySteadiness = melodySteadiness
  }
}
