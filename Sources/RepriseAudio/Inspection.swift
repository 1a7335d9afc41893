/// What a file is, how long it really is, how that is known, and whether it can be sent: `reprise.inspection.v1`.
public struct Inspection: Sendable, Equatable {
  /// The name and version of the record.
  public static let schema = "reprise.inspection.v1"

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

    /// What kind of reason.
    public let code: Code
    /// One sentence with the numbers, without the path.
    public let message: String
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
    /// What was found, harmless things too, each with its place and size.
    public let problems: [String]
    /// Where audio is wrong or missing, the first hundred places; empty where nothing is, or where it was not looked for.
    public let damage: [DamageSpan]
    /// Stretches of an mp3 that belong to no frame: tags, padding, garbage; the first hundred.
    public let skipped: [SkippedBytes]
    /// Of a flac all of which was decoded; `nil` for everything else.
    public internal(set) var md5: MD5?
    /// Of an mp3 every frame of which was looked into; `nil` for everything else, and without LAME's tag.
    public internal(set) var musicCRC: MusicCRC?
  }

  /// The path as it was given.
  public package(set) var path: String
  /// The file's size; `nil` if it could not be opened.
  public let bytes: Int?
  /// What it is by its content.
  public let format: FileFormat
  /// What kind of wav it is: "RIFF", "RF64", "BW64" or "W64"; `nil` for other formats, which have but one.
  public internal(set) var container: String?
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
  public internal(set) var integrity: Integrity
  /// What the samples are like; `nil` unless all were decoded.
  public internal(set) var signal: SignalFigures?
  /// How loud it is; `nil` unless that was asked for.
  public internal(set) var loudness: LoudnessFigures?
  /// Whether it can be sent.
  public let verdict: Verdict
  /// Why.
  public let reasons: [Reason]

  /// How its samples are kept, for planning; not part of the record.
  package var encoding: SampleEncoding?
  /// The largest sample of a float encoding, for planning; not part of the record.
  package var peak: Float?
  /// From the first byte of audio (an mp3's Info header, a flac's first frame) to the last, for planning; not part of
  /// the record.
  package var audioRange: Range<Int>?
  /// The body of a wav's format chunk, for planning; not part of the record.
  package var waveFormat: [UInt8]?
  /// How an mp3's frames can be copied, for planning; not part of the record.
  package var frames: MP3FrameFacts?
  /// Whether other programs cannot read it before it is written anew, for planning; not part of the record.
  package var mustRewrite = false
  /// Names and sizes of a wav's chunks that are no audio, for planning; not part of the record.
  package var sideChunks: [String] = []
  /// Why the file could not be used at all, for a command's exit code; not part of the record.
  public var failure: AudioFileError.Code?
}

extension Inspection: Codable {
  private enum CodingKeys: String, CodingKey {
    case schema, path, bytes, format, container, codec, sampleRate, channels, duration, audioBytes, integrity, signal,
      loudness, verdict,
      reasons
  }

  /// Writes every field, `null` where there is nothing, so that each record has the same keys.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Inspection.schema, forKey: .schema)
    try container.encode(path, forKey: .path)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(format, forKey: .format)
    try container.encode(self.container, forKey: .container)
    try container.encode(codec, forKey: .codec)
    try container.encode(sampleRate, forKey: .sampleRate)
    try container.encode(channels, forKey: .channels)
    try container.encode(duration, forKey: .duration)
    try container.encode(audioBytes, forKey: .audioBytes)
    try container.encode(integrity, forKey: .integrity)
    try container.encode(signal, forKey: .signal)
    try container.encode(loudness, forKey: .loudness)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(reasons, forKey: .reasons)
  }

  /// Reads a record back; what is not part of it (`encoding`, `peak`, `audioRange`, `waveFormat`, `failure`) is lost.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let schema = try container.decode(String.self, forKey: .schema)
    guard schema == Inspection.schema else {
      throw DecodingError.dataCorruptedError(
        forKey: .schema, in: container, debugDescription: "'\(schema)' is not \(Inspection.schema)")
    }
    path = try container.decode(String.self, forKey: .path)
    bytes = try container.decodeIfPresent(Int.self, forKey: .bytes)
    format = try container.decode(FileFormat.self, forKey: .format)
    self.container = try container.decodeIfPresent(String.self, forKey: .container)
    codec = try container.decode(String.self, forKey: .codec)
    sampleRate = try container.decodeIfPresent(Int.self, forKey: .sampleRate)
    channels = try container.decodeIfPresent(Int.self, forKey: .channels)
    duration = try container.decodeIfPresent(Duration.self, forKey: .duration)
    audioBytes = try container.decodeIfPresent(Int.self, forKey: .audioBytes)
    integrity = try container.decode(Integrity.self, forKey: .integrity)
    signal = try container.decodeIfPresent(SignalFigures.self, forKey: .signal)
    loudness = try container.decodeIfPresent(LoudnessFigures.self, forKey: .loudness)
    verdict = try container.decode(Verdict.self, forKey: .verdict)
    reasons = try container.decode([Reason].self, forKey: .reasons)
  }
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

extension Inspection.Integrity {
  private enum CodingKeys: String, CodingKey { case checked, damaged, problems, damage, skipped, md5, musicCRC }

  /// Writes every field, `null` where there is nothing.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(checked, forKey: .checked)
    try container.encode(damaged, forKey: .damaged)
    try container.encode(problems, forKey: .problems)
    try container.encode(damage, forKey: .damage)
    try container.encode(skipped, forKey: .skipped)
    try container.encode(md5, forKey: .md5)
    try container.encode(musicCRC, forKey: .musicCRC)
  }
}
