/// The format and true length of a file, how the length was determined, and whether the file can be sent.
public struct Inspection: Sendable, Equatable, Codable {
  /// The verdicts on sending a file.
  public enum Verdict: String, Sendable, Codable {
    /// The file can be sent as it is.
    case ready
    /// The file can be sent once it is prepared.
    case preparable
    /// The file cannot be prepared so that it can be sent.
    case rejected
  }

  /// A reason for the verdict, or a remark.
  public struct Reason: Sendable, Equatable, Codable {
    /// The kinds of reasons.
    public enum Code: String, Sendable, Codable, CaseIterable {
      /// Audio shorter than the service accepts.
      case tooShort = "too-short"
      /// Audio longer than the service accepts.
      case tooLong = "too-long"
      /// A file larger than the service accepts.
      case tooLarge = "too-large"
      /// The file ends before its audio does.
      case truncated
      /// Parts of the file are invalid.
      case corrupt
      /// The content is not audio.
      case notAudio = "not-audio"
      /// Audio of a format that the service does not accept.
      case unsupportedFormat = "unsupported-format"
      /// The header claims a length other than that of the audio.
      case headerLies = "header-lies"
      /// The audio is whole, and some decoders misread it.
      case notPortable = "not-portable"
      /// Other tools may report a length on the other side of a limit.
      case boundaryRisk = "boundary-risk"
      /// No sample is louder than −80 dBFS, and what there is are the steps of the encoding or steady noise.
      case silent
      /// The fraction of samples in flat tops exceeds 0.001.
      case clipped
      /// The file could not be opened or read.
      case unreadable
    }

    /// Kind of reason.
    public let code: Code
    /// Finding with its numbers.
    public let finding: Finding
  }

  /// A length as declared, counted and decoded, and the one on which the verdict is based.
  public struct Duration: Sendable, Equatable, Codable {
    /// The sources of a length.
    public enum Basis: String, Sendable, Codable {
      /// The claim of a header, or of the file's size, that a skim found nothing against.
      case declared
      /// The frames or bytes that are present.
      case counted
      /// All samples, decoded.
      case decoded
    }

    /// True length in seconds, as determined by `basis`.
    public let seconds: Double
    /// True length in frames (samples per channel), as determined by `basis`.
    package let frames: Int
    /// Source of the length.
    public let basis: Basis
    /// Length that the header claims, read literally, in seconds; `nil` if it claims none.
    package let declaredSeconds: Double?
    /// Counted length without encoder delay and padding, in seconds; `nil` if nothing was counted.
    package let countedSeconds: Double?
    /// Decoded length in seconds; `nil` unless everything was decoded.
    package let decodedSeconds: Double?
  }

  /// The integrity of the audio.
  public struct Integrity: Sendable, Equatable, Codable {
    /// The extents of a check.
    package enum Checked: String, Sendable, Codable {
      /// Both ends and a few probes: damage elsewhere is not known.
      case skim
      /// Headers, frames and sizes.
      case structure
      /// Every sample and every checksum.
      case full
    }

    /// What a skim has read of a file.
    package struct Skim: Sendable, Equatable, Codable {
      /// Number of bytes that were read.
      package let bytesRead: Int
      /// Number of places at which they were read.
      package let probes: Int
      /// `true` if the length is estimated from the bit rates of the probes, as no header tells it.
      package let isEstimate: Bool
    }

    /// The results of comparing the samples with their stored MD5.
    package enum MD5: String, Sendable, Codable {
      /// The samples are those that were encoded.
      case matches
      /// The samples are not those that were encoded.
      case differs
      /// The header has no MD5, so that nothing can be compared.
      case unset
    }

    /// The results of comparing the frames of an mp3 with the CRC in LAME's tag.
    package enum MusicCRC: String, Sendable, Codable {
      /// The frames are those that were encoded, identical to the bit.
      case matches
      /// The frames are not those that were encoded: they were changed by a gain tool or an editor, or are damaged.
      case differs
    }

    /// Extent of the check.
    package let checked: Checked
    /// `true` if audio is missing or damaged.
    public let damaged: Bool
    /// All findings, including harmless ones and those that are reasons.
    public let problems: [Finding]
    /// Stretches in which audio is damaged or missing, the first hundred; empty if there are none or nothing was
    /// checked.
    public let damage: [DamageSpan]
    /// Ranges of an mp3 that belong to no frame (tags, padding, garbage), the first hundred.
    package let skipped: [SkippedBytes]
    /// Result for a flac that was decoded completely; `nil` for all other files.
    package let md5: MD5?
    /// Result for an mp3 of which every frame was examined; `nil` for all other files, and without LAME's tag.
    package let musicCRC: MusicCRC?
    /// What was read of a file that was skimmed; `nil` if every frame was located.
    package var skim: Skim?
  }

  /// Path as it was given.
  package var path: String
  /// Size of the file in bytes; `nil` if it could not be opened.
  public let bytes: Int?
  /// Format by content.
  public let format: FileFormat
  /// Kind of wav ("RIFF", "RF64", "BW64" or "W64"), or container of other formats, such as "m4a" or "ogg"; `nil` for mp3
  /// and flac.
  package let container: String?
  /// Encoding of the audio, such as "mp3", "flac", "pcm_s16le" or "opus"; "unknown" if nothing was recognised.
  package let codec: String
  /// Claimed sample rate, in Hz; `nil` if none is claimed.
  public let sampleRate: Int?
  /// Claimed number of channels; `nil` if none is claimed.
  public let channels: Int?
  /// Length of the audio; `nil` if there is no audio.
  public let duration: Duration?
  /// Number of bytes of audio, without tags, pictures and padding; `nil` if there is no audio.
  package let audioBytes: Int?
  /// Integrity of the audio.
  public let integrity: Integrity
  /// Statistics of the samples; `nil` unless all were decoded.
  public let signal: SignalFigures?
  /// Loudness; `nil` unless it was measured.
  public let loudness: LoudnessFigures?
  /// Verdict on sending the file.
  public let verdict: Verdict
  /// Reasons for the verdict.
  public let reasons: [Reason]

  /// Samples that the encoder of an mp3 put before and after the recording; `nil` for other formats.
  package var gapless: Gapless?
  /// Error that prevented the inspection, because the file could not be read or has none of the formats; `nil` if the
  /// file was inspected, and if its beginning is damaged.
  package let failure: AudioFileError?
  /// Data for planning that are not part of the record.
  package var notes = Notes()

  /// The notes are not encoded: a decoded inspection cannot be used for planning.
  private enum CodingKeys: String, CodingKey {
    case path, bytes, format, container, codec, sampleRate, channels, duration, audioBytes, integrity, signal, loudness
    case verdict, reasons, gapless, failure
  }
}

extension Inspection {
  /// The facts about a file that only planning a preparation needs.
  package struct Notes: Sendable, Equatable {
    /// Notes without any facts.
    package static let empty = Notes()

    /// Encoding of the samples.
    package var encoding: SampleEncoding?
    /// Largest sample of a float encoding.
    package var peak: Float?
    /// Range from the first byte of audio (an mp3's Info header, a flac's first frame) to the last.
    package var audioRange: Range<Int>?
    /// Body of the format chunk of a wav.
    package var waveFormat: [UInt8]?
    /// Facts for copying the frames of an mp3.
    package var frames: MP3FrameFacts?
    /// `true` if other programs cannot read the file unless it is rewritten.
    package var mustRewrite = false
    /// Way to rewrite the file so that every decoder reads it alike; `nil` if none is needed or known.
    package var mending: Mending?
    /// Container around the stream to which the other notes refer; `nil` if there is none.
    package var unwrapping: Unwrapping.Facts?
    /// Chunks of a wav that are not audio.
    package var sideChunks = FirstOf<SideBlock<String>>()
    /// `true` if the samples are decoded by libsndfile or ffmpeg, so that none of the file's bytes can be used.
    package var isForeign = false
  }
}

extension Inspection.Reason: CustomStringConvertible {
  /// Description of the finding in a few words.
  public var description: String { finding.description }
}

extension Inspection.Duration {
  private enum CodingKeys: String, CodingKey {
    case seconds, frames, basis, declaredSeconds, countedSeconds, decodedSeconds
  }

  /// Encodes every field, `null` for `nil`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(frames, forKey: .frames)
    try container.encode(basis, forKey: .basis)
    try container.encode(declaredSeconds, forKey: .declaredSeconds)
    try container.encode(countedSeconds, forKey: .countedSeconds)
    try container.encode(decodedSeconds, forKey: .decodedSeconds)
  }
}
