/// Bytes of a file that belong to no frame of audio.
public struct SkippedBytes: Sendable, Equatable, Codable {
  /// Where they begin.
  public let start: Int
  /// Where audio, or the end of the file, follows.
  public let end: Int
  /// What they are.
  public let contents: NonAudioContents

  /// Creates a stretch of bytes.
  public init(start: Int, end: Int, contents: NonAudioContents) {
    self.start = start
    self.end = end
    self.contents = contents
  }
}

/// The kinds of bytes around and between frames that are recognised.
public enum NonAudio: String, Sendable, Codable {
  case id3v1 = "ID3v1"
  case id3v2 = "ID3v2"
  case ape = "APE"
  case lyrics3 = "Lyrics3"
  case zeros
  /// Tags of any kind at the end of a file.
  case tags
}

/// What a stretch of bytes without audio holds.
public struct NonAudioContents: Sendable, Equatable, Codable {
  /// What was recognised, in the order of the file.
  public internal(set) var recognised: FirstOf<NonAudio>
  /// `true` if there are bytes that nothing explains.
  public internal(set) var hasUnexplained: Bool

  /// Creates the contents of a stretch.
  package init(recognised: FirstOf<NonAudio> = FirstOf(), hasUnexplained: Bool = false) {
    self.recognised = recognised
    self.hasUnexplained = hasUnexplained
  }
}

extension NonAudioContents: CustomStringConvertible {
  /// The contents in a few words: "ID3v2, zeros", "APE, no audio".
  public var description: String {
    let more = recognised.count - recognised.first.count
    let known = recognised.first.map(\.rawValue).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    guard hasUnexplained else { return known }
    return known.isEmpty ? "no audio" : known + ", no audio"
  }
}
