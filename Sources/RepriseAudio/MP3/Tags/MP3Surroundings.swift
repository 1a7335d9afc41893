import RepriseSystem

/// The bytes before and after the frames of an mp3, divided into tags, zeros and what is neither.
struct MP3Surroundings {
  /// A stretch of one kind.
  struct Piece: Equatable {
    /// Range of bytes.
    let range: Range<Int>
    /// Kind of tag, or zeros; `nil` if it was not recognised.
    let kind: NonAudio?
  }

  /// Stretches before the first frame, in order.
  let front: [Piece]
  /// Stretches after the last frame, in order.
  let behind: [Piece]

  /// Divides the bytes around the frames of a layout.
  init(_ bytes: RawSpan, _ layout: MP3Layout) {
    front = MP3Surroundings.pieces(bytes, 0..<layout.start)
    behind =
      MP3Surroundings.pieces(bytes, layout.end..<layout.tagsStart)
      + MP3Surroundings.pieces(bytes, layout.tagsStart..<bytes.byteCount)
  }

  /// Number of pieces that are told apart; a file made of tags must not take unlimited memory.
  private static let mostPieces = 256

  private static func pieces(_ bytes: RawSpan, _ range: Range<Int>) -> [Piece] {
    var pieces: [Piece] = []
    var tags = MP3Tags()
    var place = range.lowerBound
    while place < range.upperBound {
      let rest = place..<range.upperBound
      guard pieces.count < mostPieces else {
        pieces.append(Piece(range: rest, kind: nil))
        break
      }
      if let tag = tags.tag(bytes, at: place, to: range.upperBound) {
        // The footer of an APE tag without a header is found after its items, which are not.
        pieces.append(Piece(range: place..<place + tag.length, kind: tag.kind))
        place += tag.length
        continue
      }
      let zeros = bytes.zeros(from: place, to: range.upperBound)
      if zeros >= 16 || zeros == rest.count {
        pieces.append(Piece(range: place..<place + zeros, kind: .zeros))
        place += zeros
        continue
      }
      let hasID3v1 = rest.count > 128 && bytes.has("TAG", at: range.upperBound - 128)
      let end = hasID3v1 ? range.upperBound - 128 : range.upperBound
      pieces.append(Piece(range: place..<end, kind: nil))
      place = end
    }
    return pieces
  }

  /// Number of bytes before the first frame and after the tags that every decoder passes over: an ID3v2 tag at the very
  /// start, and others right after it.
  var junkInFront: Int {
    let tags = front.prefix { $0.kind == .id3v2 }.count
    return front[tags...].reduce(0) { $0 + $1.range.count }
  }

  /// Number of bytes of the longest stretch after the frames that libmpg123 takes for no tag.
  var junkBehind: Int {
    var longest = 0
    var current = 0
    for piece in behind {
      if let kind = piece.kind, [.id3v1, .id3v2, .ape].contains(kind) {
        current = 0
      } else {
        current += piece.range.count
      }
      longest = max(longest, current)
    }
    return longest
  }

  /// Stretches after the frames that libmpg123 takes for no tag.
  var unknownBehind: [Range<Int>] { behind.filter { $0.kind == nil || $0.kind == .lyrics3 }.map(\.range) }
}
