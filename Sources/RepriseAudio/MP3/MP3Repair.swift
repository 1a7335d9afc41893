/// A change to an mp3 that leaves its frames as they are.
package enum MP3Repair: Sendable, Equatable {
  /// A header with the counted number of frames is written in front, in place of any other.
  case header
  /// A frame of silence is put in front, which decoders drop, as they drop some samples behind any header.
  case leadIn
  /// Frames with headers of single parts, inside a file that was joined, are left out.
  case innerHeaders(Int)
  /// The metadata of a radio stream are left out.
  case streamMetadata(blocks: Int, bytes: Int)
  /// Bytes in front of the first frame are left out.
  case junkInFront(bytes: Int)
  /// Bytes behind the last frame are left out.
  case junkBehind(bytes: Int)
  /// Tags between or behind the frames are left out.
  case tags(bytes: Int)
  /// An ID3v2 tag behind the frames is moved to the front.
  case movedTag(bytes: Int)
  /// The last frame, which is cut off, is left out.
  case lastFrame(bytes: Int)
}
