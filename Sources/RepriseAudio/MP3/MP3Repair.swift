/// A change to an mp3 that leaves its frames as they are.
package enum MP3Repair: Sendable, Equatable {
  /// A header with the counted number of frames is written in front, in place of any other.
  case header
}
