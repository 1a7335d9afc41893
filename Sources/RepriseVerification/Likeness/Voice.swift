import RepriseAnalysis

extension Likeness {
  /// What seems to carry the melody of a recording.
  ///
  /// A pitch that is held still is an instrument's. A pitch that moves is a voice's, a violin's or a saxophone's: the
  /// contour does not tell them apart, so nothing is said to be sung.
  package enum Voice: String, Sendable {
    /// An instrument.
    case played
    /// An instrument or a singing voice: it cannot be told.
    case unclear
  }
}

extension Likeness.Voice {
  /// Judges a recording by how still its melody's pitch is held.
  init(of recording: AnalyzedRecording, _ thresholds: LikenessThresholds) {
    guard let steadiness = recording.melodySteadiness, steadiness.notes >= thresholds.fewestNotes else {
      self = .unclear
      return
    }
    self = steadiness.spread <= thresholds.stillPitch ? .played : .unclear
  }
}
