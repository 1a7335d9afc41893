/// A stretch of a recording in which audio is wrong or missing.
public struct DamageSpan: Sendable, Equatable, Codable {
  /// Where it begins, in seconds from the start of the audio as it is played.
  public let start: Double
  /// Where what follows is whole again; the same as `start` where audio is missing and nothing stands in its place.
  public let end: Double
  /// What is wrong there, in a few words: "a frame whose checksum is wrong".
  public let what: String

  /// A stretch.
  public init(start: Double, end: Double, what: String) {
    self.start = start
    self.end = end
    self.what = what
  }
}

/// Bytes of a file that belong to no frame of audio.
public struct SkippedBytes: Sendable, Equatable, Codable {
  /// Where they begin.
  public let start: Int
  /// Where audio, or the end of the file, follows.
  public let end: Int
  /// What they are: "ID3v2", "APE", "zeros", "no audio".
  public let what: String

  /// A stretch.
  public init(start: Int, end: Int, what: String) {
    self.start = start
    self.end = end
    self.what = what
  }
}
