public import RepriseAudio

/// The changes wanted beyond making a recording fit.
public struct PreparationOptions: Sendable, Equatable {
  /// The part taken of a recording that is longer than the service accepts.
  public enum Passage: String, Sendable, CaseIterable {
    /// The beginning.
    case first
    /// The middle.
    case middle
    /// The passage that recurs most and is loud, often the chorus; `survey` searches for it.
    case auto
  }

  /// Start in seconds; `nil` for the start of the recording.
  public var start: Double?
  /// End in seconds; `nil` for the end of the recording, or the service's maximum length.
  public var end: Double?
  /// Length of the fade-in, in seconds; 0 for none.
  public var fadeIn = 0.0
  /// Length of the fade-out, in seconds; 0 for none.
  public var fadeOut = 0.0
  /// `true` if a recording that is too long may be cut; `start` and `end` apply in any case.
  public var mayTrim = true
  /// Part taken of a recording that is too long; only `first` can be combined with `start` or `end`.
  public var passage = Passage.first
  /// `true` if silence in front of and behind the sound of the chosen part is dropped, before any other change.
  public var trimsSilence = false
  /// Silence threshold in dBFS, −120…−10.
  ///
  /// At the ends of the part, the threshold applies to the level of 20 ms of the loudest channel, without any constant offset.
  package var silenceLevel = -60.0
  /// Requested change of the level; `nil` for none.
  package var gain: GainChoice?
  /// Requested channels; `nil` for those of the recording.
  package var channels: ChannelChoice?
  /// Length in seconds to which longer silence inside the part is shortened; `nil` to keep it.
  ///
  /// Silence is where no sample exceeds `silenceLevel`.
  package var maximumSilence: Double?
  /// `true` if tags, pictures, chapters and cue points are carried over where the result's format can hold them; `false`
  /// if they are left out.
  package var keepsTags = true
  /// Way to go on where a recording is damaged; `nil` to refuse such a recording.
  package var salvage: SalvageMode?
  /// Requested format; `nil` for the one that changes least.
  public var format: FileFormat?

  /// Creates options without any change beyond making the recording fit.
  public init() {}
}
