/// A change to a wav that leaves its samples as they are.
package enum WaveRepair: Sendable, Equatable {
  /// The format chunk is written as every decoder reads it: channels, sample rate in Hz and bits of a sample.
  case format(channels: Int, sampleRate: Int, bits: Int)
  /// The sizes are those of the `bytes` bytes of samples that are there.
  case sizes(bytes: Int)
  /// The format chunk precedes the samples.
  case order
  /// The samples of several data chunks become one.
  case joinedData(chunks: Int)
  /// The file becomes a RIFF, or an RF64 if it is too large for one.
  case container(from: String)
  /// Bytes in front of the header are dropped.
  case droppedFront(bytes: Int)
  /// Bytes of unknown content behind the samples are dropped.
  case dropped(bytes: Int)
  /// Chunks other than format and samples stay: names in the order of the file.
  case kept(FirstOf<String>)
}
