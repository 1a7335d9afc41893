/// What a file is, how long it really is, how that is known, and whether it can be sent.
public struct Inspection: Sendable, Equatable, Codable {
  /// Whether a file can be sent.
  public enum Verdict: String, Sendable, Codable {
    /// It can be sent as it is.
    case ready
    /// It fits once it is prepared.
    case preparable
    /// It cannot be made to fit.
    case rejected
  }

  /// Why the verdict is what it is, or what is worth knowing beside it.
  public struct Reason: Sendable, Equatable, Codable {
    /// The kinds of reasons.
    public enum Code: String, Sendable, Codable, CaseIterable {
      /// Under the shortest the service takes.
      case tooShort = "too-short"
      /// Over the longest the service takes.
      case tooLong = "too-long"
      /// Over the most bytes the service takes.
      case tooLarge = "too-large"
      /// The file ends before its audio does.
      case truncated
      /// Parts of it make no sense.
      case corrupt
      /// No audio at all.
      case notAudio = "not-audio"
      /// Audio the service does not take.
      case unsupportedFormat = "unsupported-format"
      /// The header claims another length than is there.
      case headerLies = "header-lies"
      /// Other tools may see a length on the other side of a limit.
      case boundaryRisk = "boundary-risk"
      /// No sample is louder than −80 dBFS.
      case silent
      /// More than one sample in a thousand stands in a run at full scale.
      case clipped
      /// The file could not be opened or read.
      case unreadable
    }

    /// The kind of reason.
    public let code: Code
    /// The fact, with its numbers.
    public let finding: Finding
  }

  /// Three ways to know a length, and the one the verdict rests on.
  public struct Duration: Sendable, Equatable, Codable {
    /// Where a length comes from.
    public enum Basis: String, Sendable, Codable {
      /// A header's claim; only where nothing better can be had.
      case declared
      /// The frames or bytes that are there.
      case counted
      /// Every sample was decoded.
      case decoded
    }

    /// The true length in seconds, as far as `basis` knows it.
    public let seconds: Double
    /// The same in frames (samples a channel).
    public let frames: Int
    /// How that is known.
    public let basis: Basis
    /// What the header claims, read literally; `nil` if it claims nothing.
    public let declaredSeconds: Double?
    /// What was counted, encoder delay and padding taken off; `nil` if nothing was.
    public let countedSeconds: Double?
    /// What was decoded; `nil` unless all of it was.
    public let decodedSeconds: Double?
  }

  /// Whether the audio is whole.
  public struct Integrity: Sendable, Equatable, Codable {
    /// How far a check went.
    public enum Checked: String, Sendable, Codable {
      /// Headers, frames and sizes.
      case structure
      /// Every sample was decoded, every checksum compared.
      case full
    }

    /// How samples compare with the MD5 that was kept of them.
    public enum MD5: String, Sendable, Codable {
      /// They are what was encoded.
      case matches
      /// They are not.
      case differs
      /// The header has none, so nothing tells.
      case unset
    }

    /// How an mp3's frames compare with the CRC that its encoder kept of them in LAME's tag.
    public enum MusicCRC: String, Sendable, Codable {
      /// They are what was encoded, to the bit.
      case matches
      /// They are not: a gain tool or an editor changed them, or they are damaged.
      case differs
    }

    /// How far it went.
    public let checked: Checked
    /// Whether audio is missing or wrong.
    public let damaged: Bool
    /// What was found, harmless things too; those that are reasons as well are among them.
    public let problems: [Finding]
    /// Where audio is wrong or missing, the first hundred places; empty where nothing is, or where it was not looked for.
    public let damage: [DamageSpan]
    /// Stretches of an mp3 that belong to no frame: tags, padding, garbage; the first hundred.
    public let skipped: [SkippedBytes]
    /// Of a flac all of which was decoded; `nil` for everything else.
    public let md5: MD5?
    /// Of an mp3 every frame of which was looked into; `nil` for everything else, and without LAME's tag.
    public let musicCRC: MusicCRC?
  }

  /// The path as it was given.
  public package(set) var path: String
  /// The file's size; `nil` if it could not be opened.
  public let bytes: Int?
  /// What it is by its content.
  public let format: FileFormat
  /// What kind of wav it is: "RIFF", "RF64", "BW64" or "W64"; `nil` for other formats, which have but one.
  public let container: String?
  /// What the audio in it is: "mp3", "flac", "pcm_s16le", "opus"; "unknown" if nothing was recognised.
  public let codec: String
  /// In Hz, as the file claims it; `nil` where none is claimed.
  public let sampleRate: Int?
  /// As the file claims it; `nil` where none is claimed.
  public let channels: Int?
  /// `nil` if there is no audio to have a length.
  public let duration: Duration?
  /// Bytes of audio, without tags, pictures and padding; `nil` if there is no audio.
  public let audioBytes: Int?
  /// Whether it is whole.
  public let integrity: Integrity
  /// What the samples are like; `nil` unless all were decoded.
  public let signal: SignalFigures?
  /// How loud it is; `nil` unless that was asked for.
  public let loudness: LoudnessFigures?
  /// Whether it can be sent.
  public let verdict: Verdict
  /// Why.
  public let reasons: [Reason]

  /// Why the file was not looked at: it could not be read, or is none of the formats; `nil` if it was, and if what it
  /// begins with is damaged.
  public let failure: AudioFileError?
  /// What planning takes beside the record.
  package var notes = Notes()

  /// The notes are not encoded: a decoded inspection cannot be planned with.
  private enum CodingKeys: String, CodingKey {
    case path, bytes, format, container, codec, sampleRate, channels, duration, audioBytes, integrity, signal, loudness
    case verdict, reasons, failure
  }
}

extension Inspection {
  /// What was found of a file that only planning a preparation takes.
  package struct Notes: Sendable, Equatable {
    /// Notes without a fact.
    package static let empty = Notes()

    /// How the samples are kept.
    package var encoding: SampleEncoding?
    /// The largest sample of a float encoding.
    package var peak: Float?
    /// From the first byte of audio (an mp3's Info header, a flac's first frame) to the last.
    package var audioRange: Range<Int>?
    /// The body of a wav's format chunk.
    package var waveFormat: [UInt8]?
    /// How an mp3's frames can be copied.
    package var frames: MP3FrameFacts?
    /// `true` if other programs cannot read the file before it is written anew.
    package var mustRewrite = false
    /// A wav's chunks that are no audio.
    package var sideChunks = FirstOf<SideBlock<String>>()
  }
}

extension Inspection.Reason: CustomStringConvertible {
  /// The fact in a few words.
  public var description: String { finding.description }
}

extension Inspection.Duration {
  private enum CodingKeys: String, CodingKey {
    case seconds, frames, basis, declaredSeconds, countedSeconds, decodedSeconds
  }

  /// Writes every field, `null` where there is nothing.
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
