/// A range of bytes of a file that belongs to no frame of audio.
package struct SkippedBytes: Sendable, Equatable, Codable {
  /// Offset of the first byte.
  package let start: Int
  /// Offset of the following audio, or of the end of the file.
  package let end: Int
  /// Contents of the range.
  package let contents: NonAudioContents

  /// Creates a range of bytes.
  package init(start: Int, end: Int, contents: NonAudioContents) {
    self.start = start
    self.end = end
    self.contents = contents
  }
}

/// The recognised kinds of bytes before, between and after frames.
public enum NonAudio: String, Sendable, Codable {
  case id3v1 = "ID3v1"
  case id3v2 = "ID3v2"
  case ape = "APE"
  case lyrics3 = "Lyrics3"
  case zeros
  /// Tags of any kind at the end of a file.
  case tags
}

/// The contents of a range of bytes without audio.
public struct NonAudioContents: Sendable, Equatable, Codable {
  /// Recognised contents, in the order of the file.
  package internal(set) var recognised: FirstOf<NonAudio>
  /// `true` if there are bytes that were not recognised.
  package internal(set) var hasUnexplained: Bool

  /// Creates the contents of a range.
  package init(recognised: FirstOf<NonAudio> = FirstOf(), hasUnexplained: Bool = false) {
    self.recognised = recognised
    self.hasUnexplained = hasUnexplained
  }
}

extension NonAudioContents: CustomStringConvertible {
  /// Description in a few words: "ID3v2, zeros", "APE, no audio".
  public var description: String {
    let more = recognised.count - recognised.first.count
    let known = recognised.first.map(\.rawValue).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    guard hasUnexplained else { return known }
    return known.isEmpty ? "no audio" : known + ", no audio"
  }
}
