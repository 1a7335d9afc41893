import RepriseSystem

/// A property of a wav that some decoders misread.
package enum WavePortability: Sendable, Equatable, Codable {
  /// Fewer valid bits than the samples have.
  case validBits(Int, of: Int)
}

extension WavePortability: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch self {
    case .validBits(let bits, let width): "\(counted(bits, "valid bit")) in samples of \(width)"
    }
  }
}
