public import RepriseAudio

/// What the user wants done to a recording beside making it fit.
public struct PreparationOptions: Sendable, Equatable {
  /// Which part is taken of a recording that is longer than the service takes.
  public enum Passage: String, Sendable, CaseIterable {
    /// The beginning.
    case first
    /// The middle.
    case middle
    /// The passage that recurs most and is loud, often the chorus; it has to be looked for with `survey`.
    case auto
  }

  /// Where to begin, in seconds from the start; `nil` for the start.
  public var start: Double?
  /// Where to end, in seconds from the start; `nil` for the end, or as far as the service takes it.
  public var end: Double?
  /// A fade at the beginning, in seconds; 0 for none.
  public var fadeIn = 0.0
  /// A fade at the end, in seconds; 0 for none.
  public var fadeOut = 0.0
  /// Whether a recording that is too long may be cut to a part of it. `start` and `end` are obeyed either way.
  public var mayTrim = true
  /// Which part that is; only `first` goes together with `start` or `end`.
  public var passage = Passage.first
  /// Whether silence in front of and behind the sound of the chosen part is dropped, before anything else.
  public var trimsSilence = false
  /// What is silence, in dBFS: the level of 20 ms, without any constant offset, of the loudest channel. −120…−10.
  public var silenceLevel = -60.0
  /// The format wanted; `nil` for the one that changes least.
  public var format: FileFormat?

  /// Nothing but what it takes to fit.
  public init() {}
}
