/// Why the engine could not analyse a recording or make a cover of it.
public struct EngineError: Error, Equatable, CustomStringConvertible {
  /// The kinds of trouble callers tell apart.
  public enum Code: String, Sendable {
    /// No SoundFont is installed where the engine looks.
    case noSoundFont
    /// The SoundFont cannot be loaded.
    case badSoundFont
    /// The recording is shorter than the engine can follow.
    case tooShort
    /// The recording is longer than the engine takes.
    case tooLong
    /// The recording holds next to nothing that can be heard.
    case silent
    /// The recording's sample rate or channels are beyond what can be processed.
    case unsupportedAudio
    /// A library failed while the cover was made.
    case synthesis
  }

  /// What kind of trouble.
  public let code: Code
  /// One sentence: what was wrong, by how much, and what to do next.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
