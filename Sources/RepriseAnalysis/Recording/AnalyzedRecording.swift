/// A recording as heard: its analysis, and the finer traces by which it is compared with another recording.
package struct AnalyzedRecording: Sendable {
  /// The content of the recording.
  package let analysis: Analysis
  /// The strength of each pitch class over time.
  package let pitchClasses: PitchClassTrack
  /// The details of the sound over time.
  package let fineStructure: FineStructure

  /// Creates a recording as heard.
  package init(analysis: Analysis, pitchClasses: PitchClassTrack, fineStructure: FineStructure) {
    self.analysis = analysis
    self.pitchClasses = pitchClasses
    self.fineStructure = fineStructure
  }
}
