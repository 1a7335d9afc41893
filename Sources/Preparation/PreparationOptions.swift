public import AudioFiles

/// What the user wants done to a recording beside making it fit.
public struct PreparationOptions: Sendable, Equatable {
  /// Where to begin, in seconds from the start; `nil` for the start.
  public var start: Double?
  /// Where to end, in seconds from the start; `nil` for the end, or as far as the service takes it.
  public var end: Double?
  /// A fade at the beginning, in seconds; 0 for none.
  public var fadeIn = 0.0
  /// A fade at the end, in seconds; 0 for none.
  public var fadeOut = 0.0
  /// Whether a recording that is too long may be cut to its first part. `start` and `end` are obeyed either way.
  public var mayTrim = true
  /// The format wanted; `nil` for the one that changes least.
  public var format: FileFormat?

  /// Nothing but what it takes to fit.
  public init() {}
}
