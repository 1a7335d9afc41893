/// A change to a flac that leaves its frames as they are.
package enum FLACRepair: Sendable, Equatable {
  /// The header states the counted number of frames (samples per channel).
  case total(Int)
  /// The header states the block size of the frames, in samples.
  case blockSize(Int)
  /// The header states what the frames do.
  case property(FLACFinding.Property, Int)
  /// A STREAMINFO is written from what the frames state.
  case streamInfo
  /// The metadata blocks are marked and ordered as the format requires.
  case metadata
  /// A metadata block that cannot be read is dropped.
  case droppedBlock(FLACFinding.BlockKind)
  /// A stored MD5 that is not of all samples is dropped.
  case droppedMD5
  /// Bytes in front of the stream are dropped.
  case droppedFront(bytes: Int)
  /// Bytes behind the last frame are dropped.
  case droppedBehind(bytes: Int)
}
