/// What a format's own inspector found in a file; `VerdictRules` turns it into an `Inspection`.
struct Evidence {
  /// What the audio is: "mp3", "pcm_s16le".
  var codec: String
  /// The kind of container, where a format has several: "RIFF", "RF64".
  var container: String?
  /// As claimed, in Hz.
  var sampleRate: Int?
  /// As claimed.
  var channels: Int?
  /// How samples are kept.
  var encoding: SampleEncoding?
  /// The header's claim, read literally.
  var declaredSeconds: Double?
  /// Frames that are there, encoder delay and padding taken off.
  var countedFrames: Int?
  /// Frames that were decoded, if all were.
  var decodedFrames: Int?
  /// The true length in seconds where it is not `frames / sampleRate`: an mp3 whose rate changes on the way.
  var countedSeconds: Double?
  /// The lengths that other tools report, the header's claim apart.
  var reportedDurations: [ReportedDuration] = []
  /// Bytes of audio.
  var audioBytes: Int?
  /// From the first of them to the last.
  var audioRange: Range<Int>?
  /// The body of a wav's format chunk.
  var waveFormat: [UInt8]?
  /// How an mp3's frames can be copied.
  var frames: MP3FrameFacts?
  /// Everything worth knowing.
  var problems: [Finding] = []
  /// What is missing at the end.
  var truncation: Finding?
  /// What makes no sense.
  var corruption: Finding?
  /// An encoding the service does not take.
  var unsupported: Finding?
  /// Stretches of the file that belong to no frame, the first hundred.
  private(set) var skipped: [SkippedBytes] = []
  /// Where audio is wrong or missing, the first hundred places, in the order of time.
  private(set) var damage: [DamageSpan] = []
  /// Why other programs cannot read it as it is, though it can be written anew without loss.
  var rewrite: Finding?
  /// A wav's chunks that are no audio.
  var sideChunks = FirstOf<SideBlock<String>>()
  /// How the samples compare with the MD5 that a flac's header keeps of them; `nil` where that was not looked at.
  var md5: Inspection.Integrity.MD5?
  /// What the samples are like, where they were read.
  var statistics: SignalStatistics?
  /// How loud they are, where it was asked for.
  var loudness: Inspection.LoudnessFigures?
  /// How an mp3's frames compare with the CRC that LAME's tag keeps of them; `nil` where that was not looked at.
  var musicCRC: Inspection.Integrity.MusicCRC?
  /// Whether every sample was decoded and every checksum compared.
  var isFull = false

  /// Notes a defect of the audio itself; the first one becomes the verdict's reason.
  mutating func corrupt(_ finding: Finding) {
    problems.append(finding)
    if corruption == nil { corruption = finding }
  }

  /// Notes bytes that are no audio, unless there are none.
  mutating func skip(_ range: Range<Int>, _ contents: NonAudioContents) {
    guard !range.isEmpty, skipped.count < 100 else { return }
    skipped.append(SkippedBytes(start: range.lowerBound, end: range.upperBound, contents: contents))
  }

  /// Notes a stretch that is wrong or missing; one that touches the last of the same kind extends it.
  mutating func addDamage(from start: Double, to end: Double, _ kind: DamageSpan.Kind) {
    if let last = damage.last, last.kind == kind, start <= last.end {
      damage[damage.count - 1] = DamageSpan(start: last.start, end: max(end, last.end), kind: kind)
    } else if damage.count < 100 {
      damage.append(DamageSpan(start: start, end: end, kind: kind))
    }
  }

  /// Notes that audio is missing at the end.
  mutating func truncate(_ finding: Finding) {
    problems.append(finding)
    if truncation == nil { truncation = finding }
  }
}
