/// The ways to go on where audio is lost between audio that is whole.
package enum SalvageMode: String, Sendable, Codable, CaseIterable {
  /// What follows a loss moves up to what precedes it.
  case close
  /// Silence of the lost length takes the place of a loss.
  case silence
}

/// A stretch of a recording that is lost.
package struct SalvageLoss: Sendable, Equatable {
  /// Start in seconds, in the recording as it was before anything was lost.
  package let start: Double
  /// End in seconds; equal to `start` if the lost length is unknown.
  package let end: Double
  /// Length in seconds of the silence in its place.
  package let filled: Double

  /// Creates a loss.
  package init(start: Double, end: Double, filled: Double = 0) {
    self.start = start
    self.end = end
    self.filled = filled
  }

  /// Length in seconds.
  package var seconds: Double { end - start }
}

/// What is left of a damaged recording, and what is not.
package struct SalvageFacts: Sendable, Equatable {
  /// The kinds of material that is kept.
  package enum Kept: Sendable, Equatable {
    /// Bytes of the samples of a wav.
    case bytes
    /// Frames of an mp3; the number of those that were packed anew, as the bytes before them are gone.
    case frames(repacked: Int)
    /// Samples of the whole frames of a flac.
    case samples
    /// Samples as far as a decoder gave them.
    case decoded(codec: String)
  }

  /// Way to go on at losses.
  package let mode: SalvageMode
  /// Kind of material that is kept.
  package let kept: Kept
  /// Losses in order.
  package let losses: [SalvageLoss]
  /// Length of what is left, in seconds, with the silence in the place of losses.
  package let seconds: Double

  /// Creates facts.
  package init(mode: SalvageMode, kept: Kept, losses: [SalvageLoss], seconds: Double) {
    self.mode = mode
    self.kept = kept
    self.losses = losses
    self.seconds = seconds
  }

  /// Length of all losses, in seconds.
  package var lostSeconds: Double { losses.reduce(0) { $0 + $1.seconds } }
  /// Length of the silence in their places, in seconds.
  package var filledSeconds: Double { losses.reduce(0) { $0 + $1.filled } }
}

extension SalvageFacts {
  /// Returns the time in the recording as it was of a time in what is left of it.
  ///
  /// - Parameters:
  ///   - time: The time, in seconds.
  ///   - isEnd: `true` for the end of a stretch, which lies before a loss that begins there.
  /// - Returns: The time, in seconds.
  package func original(_ time: Double, isEnd: Bool) -> Double {
    var shift = 0.0
    for loss in losses {
      let place = loss.start - shift + loss.filled
      guard isEnd ? time > place + SalvageFacts.tolerance : time > place - SalvageFacts.tolerance else { break }
      shift += loss.seconds - loss.filled
    }
    return time + shift
  }

  /// Returns the time in what is left of a time in the recording as it was; within a loss, that of its end.
  package func left(_ time: Double) -> Double {
    var shift = 0.0
    for loss in losses where time > loss.start {
      shift += max(min(time, loss.end) - loss.start - loss.filled, 0)
    }
    return time - shift
  }

  /// Difference of times, in seconds, that is no difference: half a frame at 768 kHz.
  private static let tolerance = 6e-7
}
