/// A change to a flac that leaves its frames as they are.
package enum FLACRepair: Sendable, Equatable {
  /// The metadata blocks are written anew.
  case metadata
}
