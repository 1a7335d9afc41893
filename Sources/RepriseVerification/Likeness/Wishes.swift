/// The requests for a cover that can be checked in the cover.
package struct Wishes: Sendable, Equatable, Codable {
  /// A requested tempo.
  package enum Tempo: Sendable, Equatable, Codable {
    /// A tempo or a range of tempos, in beats per minute.
    case beatsPerMinute(ClosedRange<Double>)
    /// A higher tempo than the reference's.
    case faster
    /// A lower tempo than the reference's.
    case slower
  }

  /// A requested key.
  package enum Key: Sendable, Equatable, Codable {
    /// A tonic, as a pitch class from C up, and its mode; `nil` for either mode.
    case tonic(Int, isMinor: Bool?)
    /// A distance from the reference's key, in semitones upwards.
    case transposition(Int)
  }

  /// The requested tempo; `nil` for none.
  package var tempo: Tempo?
  /// The requested key; `nil` for none.
  package var key: Key?
  /// The requested duration in seconds; `nil` for none.
  package var seconds: Double?
  /// `true` if the cover is to be instrumental.
  package var isInstrumental: Bool

  /// Creates a set of requests; by default, an empty one.
  package init(tempo: Tempo? = nil, key: Key? = nil, seconds: Double? = nil, isInstrumental: Bool = false) {
    self.tempo = tempo
    self.key = key
    self.seconds = seconds
    self.isInstrumental = isInstrumental
  }

  /// `true` if nothing is requested.
  package var isEmpty: Bool { self == Wishes() }

  /// Estimates the duration of a cover that follows the requests.
  ///
  /// - Parameters:
  ///   - reference: Duration of the reference in seconds.
  ///   - tempoRatio: The cover's tempo divided by the reference's; `nil` if it is unknown.
  /// - Returns: The duration in seconds; `nil` if the requests say nothing of it.
  func expectedSeconds(reference: Double, tempoRatio: Double?) -> Double? {
    if let seconds { return seconds }
    guard let tempo, let tempoRatio, tempoRatio > 0 else { return nil }
    switch tempo {
    case .faster where tempoRatio < 1: return nil
    case .slower where tempoRatio > 1: return nil
    case .faster, .slower, .beatsPerMinute: return reference / tempoRatio
    }
  }
}
