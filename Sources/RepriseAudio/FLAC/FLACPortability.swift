/// A property of a flac that some decoders misread.
package enum FLACPortability: Sendable, Equatable, Codable {
  /// The header claims another number of frames (samples per channel) than there are.
  case total(declared: Int, counted: Int)
}

extension FLACPortability: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch self {
    case .total(let declared, let counted): "header claims \(declared) frames, there are \(counted)"
    }
  }
}
