/// The results of the inspector of a format; `VerdictRules` turns them into an `Inspection`.
struct Evidence {
  /// Name of the encoding, such as "mp3" or "pcm_s16le".
  var codec: String
  /// Kind of container, if the format has several, such as "RIFF" or "RF64".
  var container: String?
  /// Claimed sample rate, in Hz.
  var sampleRate: Int?
  /// Claimed number of channels.
  var channels: Int?
  /// Encoding of the samples.
  var encoding: SampleEncoding?
  /// Length that the header claims, in seconds, read literally.
  var declaredSeconds: Double?
  /// Number of frames that are present, without encoder delay and padding.
  var countedFrames: Int?
  /// Number of frames that were decoded; `nil` unless all were.
  var decodedFrames: Int?
  /// True length in seconds if it is not `frames / sampleRate`, as in an mp3 whose rate changes.
  var countedSeconds: Double?
  /// Lengths that other tools report, apart from the claim of the header.
  var reportedDurations: [ReportedDuration] = []
  /// Number of bytes of audio.
  var audioBytes: Int?
  /// Range from the first byte of audio to the last.
  var audioRange: Range<Int>?
  /// Body of the format chunk of a wav.
  var waveFormat: [UInt8]?
  /// Facts for copying the frames of an mp3.
  var frames: MP3FrameFacts?
  /// All findings.
  var problems: [Finding] = []
  /// Finding about audio that is missing at the end.
  var truncation: Finding?
  /// Finding about content that is invalid.
  var corruption: Finding?
  /// Finding about an encoding that the service does not accept.
  var unsupported: Finding?
  /// Finding about an encoding that the service does not accept, and that can be converted.
  var conversion: Finding?
  /// `true` if the samples are decoded by libsndfile or ffmpeg, so that none of the file's bytes can be used as they are.
  var isForeign = false
  /// Ranges of the file that belong to no frame, the first hundred.
  private(set) var skipped: [SkippedBytes] = []
  /// Stretches in which audio is damaged or missing, the first hundred, in order of time.
  private(set) var damage: [DamageSpan] = []
  /// `true` if there are bytes that nothing explains.
  var hasUnexplainedBytes = false
  /// Finding about line ends that a transfer as text has changed.
  var lineEnds: Finding?
  /// Finding about several files in one, of which decoders play one or another.
  var several: Finding?
  /// Finding about a file that other programs cannot read as it is, though it can be rewritten without loss.
  var rewrite: Finding?
  /// Properties that some decoders misread, though the audio is whole.
  var portability: [Portability] = []
  /// Samples that the encoder of an mp3 put before and after the recording; `nil` for other formats.
  var gapless: Gapless?
  /// Way to rewrite the file so that every decoder reads it alike; `nil` if none is needed or known.
  var mending: Mending?
  /// Container of the stream that was inspected; `nil` if the file is the stream.
  private(set) var unwrapping: Unwrapping.Facts?
  /// Chunks of a wav that are not audio.
  var sideChunks = FirstOf<SideBlock<String>>()
  /// Result of comparing the samples with the MD5 in the header of a flac; `nil` if they were not compared.
  var md5: Inspection.Integrity.MD5?
  /// `true` if the MD5 in the header of a flac is that of the shorter file it once was.
  var hasStaleMD5 = false
  /// Statistics of the samples; `nil` if they were not read.
  var statistics: SignalStatistics?
  /// Loudness of the samples; `nil` if it was not measured.
  var loudness: Inspection.LoudnessFigures?
  /// Result of comparing the frames of an mp3 with the CRC in LAME's tag; `nil` if they were not compared.
  var musicCRC: Inspection.Integrity.MusicCRC?
  /// What a skim has read; `nil` for the evidence of a walk.
  var skim: Inspection.Integrity.Skim?
  /// What a skim found that speaks against the file, without proving that it is damaged.
  var doubts: [Inspection.Reason] = []
  /// `true` if every sample was decoded and every checksum compared.
  var isFull = false

  /// Records a defect of the audio itself; the first one becomes the reason of the verdict.
  mutating func corrupt(_ finding: Finding) {
    problems.append(finding)
    if corruption == nil { corruption = finding }
  }

  /// Records bytes that are not audio, unless the range is empty.
  mutating func skip(_ range: Range<Int>, _ contents: NonAudioContents) {
    guard !range.isEmpty, skipped.count < 100 else { return }
    skipped.append(SkippedBytes(start: range.lowerBound, end: range.upperBound, contents: contents))
  }

  /// Records a damaged or missing stretch; a stretch adjacent to the last one of the same kind extends it.
  mutating func addDamage(from start: Double, to end: Double, _ kind: DamageSpan.Kind) {
    if let last = damage.last, last.kind == kind, start <= last.end {
      damage[damage.count - 1] = DamageSpan(start: last.start, end: max(end, last.end), kind: kind)
    } else if damage.count < 100 {
      damage.append(DamageSpan(start: start, end: end, kind: kind))
    }
  }

  /// Turns the evidence about a stream into evidence about the file that wraps it.
  mutating func wrap(in unwrapping: Unwrapping) {
    self.unwrapping = unwrapping.facts
    container = unwrapping.container.rawValue
    // What tools report, they report of the file.
    reportedDurations = []
    func place(_ offset: Int) -> Int { unwrapping.content.sourceOffset(of: offset) }
    problems = problems.map { $0.moved(place) }
    truncation = truncation?.moved(place)
    corruption = corruption?.moved(place)
    skipped = skipped.map {
      let start = place($0.start)
      return SkippedBytes(start: start, end: max(place($0.end), start), contents: $0.contents)
    }
    problems += unwrapping.remarks.map(Finding.container)
    for finding in unwrapping.damage {
      switch finding {
      case .truncated, .lastPageCut: truncate(.container(finding))
      default: corrupt(.container(finding))
      }
    }
  }

  /// Records that audio is missing at the end.
  mutating func truncate(_ finding: Finding) {
    problems.append(finding)
    if truncation == nil { truncation = finding }
  }
}
