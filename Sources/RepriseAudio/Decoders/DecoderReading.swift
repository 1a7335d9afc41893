/// What a decoder that other programs use makes of a file on this machine.
package struct DecoderReading: Sendable, Equatable {
  /// The samples that a decoder returned.
  package struct Decoded: Sendable, Equatable {
    /// Number of frames.
    package let frames: Int
    /// Sample rate in Hz, that of the beginning.
    package let sampleRate: Int
    /// Number of channels, that of the beginning.
    package let channels: Int
    /// Comparison with the samples of our own decoder; `nil` if they cannot be compared.
    package let comparison: DecodedComparison.Result?
    /// Number of errors that the decoder reported.
    package let complaints: Int
    /// First error that the decoder reported.
    package let message: String?
  }

  /// The outcomes of decoding.
  package enum Outcome: Sendable, Equatable {
    /// The decoder is not installed.
    case missing
    /// The decoder does not read files of this format.
    case notItsFormat
    /// The decoder returned nothing, with its message.
    case refused(String)
    /// The decoder did not end in time and was stopped.
    case overdue(seconds: Int)
    /// The decoder returned samples, or none without an error.
    case decoded(Decoded)
  }

  /// Decoder.
  package let decoder: Misreading.Decoder
  /// Version of the decoder; `nil` if it tells none.
  package let version: String?
  /// Outcome of decoding.
  package let outcome: Outcome

  /// Creates a reading.
  package init(_ decoder: Misreading.Decoder, version: String?, _ outcome: Outcome) {
    self.decoder = decoder
    self.version = version
    self.outcome = outcome
  }
}
