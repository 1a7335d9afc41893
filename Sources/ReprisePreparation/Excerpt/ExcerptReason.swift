/// A reason for the choice of the part of a recording.
package enum ExcerptReason: Sendable, Equatable {
  /// The times were requested.
  case asked
  /// The silence around the sound was dropped.
  ///
  /// - Parameters:
  ///   - front: The silence in front of the sound, in seconds.
  ///   - behind: The silence behind the sound, in seconds.
  ///   - level: The silence threshold in dBFS.
  case withoutSilence(front: Double, behind: Double, level: Double)
  /// The part is the beginning, as long as the service accepts.
  case longest
  /// The part is the middle, as long as the service accepts.
  case middle
  /// The part was searched for in the recording.
  case passage(PassageReason)
}

/// A reason for the choice of a passage.
package struct PassageReason: Sendable, Equatable {
  /// The property that distinguishes a passage from the rest of the recording.
  package enum Merit: Sendable, Equatable {
    /// There was no choice: the passage is the beginning.
    case beginning
    /// The passage recurs `times` times as much as the whole does on average, and is louder than the whole by `louder`
    /// dB.
    case recurring(times: Double, louder: Double)
    /// Nothing clearly recurs; the passage is louder than the whole by `louder` dB.
    case loudest(louder: Double)
  }

  /// Displacements of the ends of a passage to quiet points, in seconds.
  package struct Move: Sendable, Equatable {
    /// Displacement of the start; negative for earlier.
    package let start: Double
    /// Displacement of the end; negative for earlier.
    package let end: Double

    package init(start: Double, end: Double) {
      self.start = start
      self.end = end
    }
  }

  /// Property that distinguishes the passage.
  package let merit: Merit
  /// Displacements of the ends; `nil` if neither end was moved.
  package let move: Move?

  package init(_ merit: Merit, move: Move? = nil) {
    self.merit = merit
    self.move = move
  }
}
