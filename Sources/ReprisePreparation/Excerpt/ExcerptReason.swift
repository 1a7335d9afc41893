/// Why a part of a recording is the one that is used.
package enum ExcerptReason: Sendable, Equatable {
  /// Its times were asked for.
  case asked
  /// The silence around the sound was dropped.
  ///
  /// - Parameters:
  ///   - front: the silence in front of it, in seconds.
  ///   - behind: the silence behind it, in seconds.
  ///   - level: what counts as silence, in dBFS.
  case withoutSilence(front: Double, behind: Double, level: Double)
  /// It is the beginning, as long as the service takes.
  case longest
  /// It is the middle, as long as the service takes.
  case middle
  /// It was looked for in the recording.
  case passage(PassageReason)
}

/// Why a passage was chosen.
package struct PassageReason: Sendable, Equatable {
  /// What it has over the rest.
  package enum Merit: Sendable, Equatable {
    /// There was nothing to choose from: it is the beginning.
    case beginning
    /// It recurs so many times as much as the whole does on average, and is louder than it by so many dB.
    case recurring(times: Double, louder: Double)
    /// Nothing clearly recurs; it is louder than the whole by so many dB.
    case loudest(louder: Double)
  }

  /// How far its ends were moved to quiet points, in seconds.
  package struct Move: Sendable, Equatable {
    /// Of the beginning; negative for earlier.
    package let start: Double
    /// Of the end.
    package let end: Double

    package init(start: Double, end: Double) {
      self.start = start
      self.end = end
    }
  }

  /// What it has over the rest.
  package let merit: Merit
  /// How far its ends were moved; `nil` if they were not.
  package let move: Move?

  package init(_ merit: Merit, move: Move? = nil) {
    self.merit = merit
    self.move = move
  }
}
