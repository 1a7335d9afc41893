/// A change to a wav that leaves its samples as they are.
package enum WaveRepair: Sendable, Equatable {
  /// Header, sizes and order of chunks are written anew.
  case header
}
