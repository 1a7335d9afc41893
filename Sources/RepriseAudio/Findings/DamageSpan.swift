/// A stretch of a recording in which audio is damaged or missing.
public struct DamageSpan: Sendable, Equatable, Codable {
  /// The kinds of damage.
  public indirect enum Kind: Sendable, Equatable, Codable {
    // MARK: Frames of mp3 and flac

    /// A frame whose checksum is wrong.
    case checksum
    /// A frame header that is damaged.
    case frameHeader

    // MARK: mp3

    /// Bytes between frames that are not audio.
    case garbage
    /// Zeros between frames.
    case zeros
    /// A frame whose side information holds undefined values.
    case sideInformation
    /// A frame whose data begin inside the data of the previous frame.
    case overlap
    /// A frame whose data would extend beyond its end.
    case pastEnd
    /// A frame whose coded samples do not fit in it.
    case codes
    /// A frame whose data begin in frames that are missing.
    case lostReservoir

    // MARK: flac

    /// Frames that are missing, and what the decoder found instead.
    case missingFrames(Kind?)
    /// The beginning of another stream.
    case anotherStream
    /// Frames of another rate, width or number of channels.
    case foreignFrames
    /// No frame at an offset where one should begin.
    case noFrame
    /// A frame that cannot be decoded.
    case undecodable
    /// The decoder could not continue.
    case decoderGaveUp

    // MARK: wav

    /// Samples that are not numbers.
    case notNumbers
  }

  /// Start, in seconds from the start of the audio as it is played.
  public let start: Double
  /// End, from which on the audio is intact again; equal to `start` if audio is missing without a replacement.
  public let end: Double
  /// Kind of damage.
  public let kind: Kind

  /// Creates a stretch of damage.
  package init(start: Double, end: Double, kind: Kind) {
    self.start = start
    self.end = end
    self.kind = kind
  }
}

extension DamageSpan.Kind: CustomStringConvertible {
  /// Description in a few words.
  public var description: String {
    switch self {
    case .checksum: "a frame whose checksum is wrong"
    case .frameHeader: "a damaged frame header"
    case .garbage: "bytes between frames that are no audio"
    case .zeros: "zeros between frames"
    case .sideInformation: "a frame whose side information makes no sense"
    case .overlap: "a frame whose data begin inside the frame before: frames are missing before it"
    case .pastEnd: "a frame whose data would end after it"
    case .codes: "a frame whose coded samples do not fit in it"
    case .lostReservoir: "a frame whose data begin in frames that are not there"
    case .missingFrames(nil): "frames are missing"
    case .missingFrames(let cause?): "frames are missing (\(cause))"
    case .anotherStream: "another flac begins"
    case .foreignFrames: "frames of another rate, width or number of channels"
    case .noFrame: "no frame where one should begin"
    case .undecodable: "a frame that cannot be decoded"
    case .decoderGaveUp: "libFLAC gave up"
    case .notNumbers: "samples that are not numbers (NaN or infinite)"
    }
  }
}
