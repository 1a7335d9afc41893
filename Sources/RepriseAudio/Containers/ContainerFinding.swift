import RepriseSystem

/// A fact about the container around an mp3 or flac stream.
///
/// Offsets and sizes are in bytes of the file, times in seconds.
public enum ContainerFinding: Sendable, Equatable, Codable {
  /// The file holds an mp3 or flac stream that can be taken out without encoding.
  case wrapped(container: String, codec: FileFormat)

  // MARK: Fatal

  /// The container claims bytes of the stream that the file does not have.
  case truncated(missingBytes: Int)
  /// The last page of an Ogg file is cut off by the end of the file.
  case lastPageCut(offset: Int)
  /// The structure of the container is invalid at an offset; nothing after it was read.
  case damaged(offset: Int)
  /// Ranges of the stream overlap, or are more than the file can hold.
  case overlapping
  /// Bytes between the pages of an Ogg file that are in no page.
  case lostPages(bytes: Int, offset: Int)
  /// Pages of an Ogg file with wrong checksums.
  case pageChecksums(Int, first: Int)
  /// Places of an Ogg file at which pages are missing.
  case missingPages(Int, first: Int)

  // MARK: Harmless

  /// Other audio tracks, which are not taken out.
  case otherTracks(Int)
  /// Samples at the beginning and at the end of the stream that the container leaves out.
  case leavesOut(front: Double, back: Double)
  /// The container plays the stream in several pieces, or after a pause.
  case edited(pieces: Int)
}

extension ContainerFinding: CustomStringConvertible {
  /// Description in a few words.
  public var description: String {
    switch self {
    case .wrapped(let container, let codec): "\(codec.rawValue) in \(container)"
    case .truncated(let bytes): "the last \(counted(bytes, "byte")) are missing"
    case .lastPageCut(let offset): "last page cut off at byte \(offset)"
    case .damaged(let offset): "container invalid at byte \(offset)"
    case .overlapping: "ranges of audio that overlap"
    case .lostPages(let bytes, let offset): "\(counted(bytes, "byte")) in no page, at byte \(offset)"
    case .pageChecksums(let count, let first):
      "\(counted(count, "page")) with a wrong checksum, the first at byte \(first)"
    case .missingPages(let count, let first): "pages missing at \(counted(count, "place")), the first at byte \(first)"
    case .otherTracks(let count): "\(counted(count, "other audio track"))"
    case .leavesOut(let front, let back):
      "container leaves out \(describe(seconds: front)) in front and \(describe(seconds: back)) behind"
    case .edited(let pieces): "container plays \(counted(pieces, "piece"))"
    }
  }
}
