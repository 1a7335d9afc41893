/// A property of an mp3 that some decoders misread.
package enum MP3Portability: Sendable, Equatable, Codable {
  /// Free format: frames whose bit rate the header does not state.
  case freeFormat
}

extension MP3Portability: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch self {
    case .freeFormat: "free format"
    }
  }
}
