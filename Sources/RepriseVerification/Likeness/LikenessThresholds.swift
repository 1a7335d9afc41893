/// The bounds between pass, warn and fail of a likeness.
///
/// Bounds of agreement apply to what is kept over chance (`Likeness.Measure.kept`), so that they do not depend on the
/// kind of music (docs/analysis.md).
package struct LikenessThresholds: Sendable, Equatable {
  /// A lower bound of normal values and one of unusual ones; values below both fail.
  package struct Floor: Sendable, Equatable {
    /// The smallest value that passes.
    package var pass: Double
    /// The smallest value that warns.
    package var warn: Double

    package init(pass: Double, warn: Double) {
      self.pass = pass
      self.warn = warn
    }

    /// Returns the verdict on a value.
    package func verdict(of value: Double) -> VerificationReport.Verdict {
      value >= pass ? .pass : value >= warn ? .warn : .fail
    }
  }

  /// Bounds of the probability that there is music in the cover.
  package var music = Floor(pass: 0.5, warn: 0.3)
  /// Bounds of the share that recurs in order, kept over chance.
  package var relation = Floor(pass: 0.6, warn: 0.5)
  /// The least agreement of the tune, kept over chance, that saves from failing what recurs half as much as needed to
  /// pass.
  package var tuneSaves = 0.2
  /// The share that recurs in order from which on it does not fail, whatever chance reaches.
  package var recurring = 0.75
  /// The least agreement of the tune, kept over chance, that shows that recordings are the same piece in another order.
  package var tuneShows = 0.4
  /// Least length of the reference along which a tune must be kept to show that recordings are the same piece in
  /// another order, in seconds.
  package var shortestPath = 10.0
  /// Duration of the shorter recording in seconds under which too little matches by chance and by likeness to fail it.
  package var shortestCertain = 20.0
  /// Bounds of the agreement of the tune, kept over chance.
  package var melody = Floor(pass: 0.25, warn: 0.15)
  /// Bounds of the agreement of the triads, kept over chance; below the lower bound is a warning, too.
  package var harmony = Floor(pass: 0.15, warn: 0)
  /// Bounds of the share of the reference that is played.
  package var coverage = Floor(pass: 0.85, warn: 0.6)
  /// The highest agreement of fine structures over chance that passes.
  package var returned = 0.74
  /// `true` if a lost tune fails; it warns if the service's outputs have not been measured.
  package var tuneMayFail = false
  /// Largest deviation from a requested tempo or duration, as a share of it.
  package var wishTolerance = 0.04
  /// Least change of the tempo that counts as faster or slower.
  package var leastPaceChange = 0.02
  /// Largest deviation from a requested duration that is met anyway, in seconds.
  package var wishedSecondsTolerance = 2.0
  /// Least confidence in a key or in beats by which a request is judged.
  package var leastConfidence = 0.5

  /// Largest spread of the pitch within notes that is an instrument's, in cents; a synthetic singer with little
  /// vibrato has 7.
  package var stillPitch = 4.0
  /// Least number of notes by which a voice is judged.
  package var fewestNotes = 8

  /// Creates the bounds for the results of a service.
  package init(tuneMayFail: Bool = false) { self.tuneMayFail = tuneMayFail }
}
