package import RepriseAudio
import RepriseSystem

extension AudioFileError {
  /// Sentence with path, fact and advice.
  ///
  /// An empty path is shown in quotation marks.
  package var sentence: String { "\(path.isEmpty ? "''" : path): \(problem.sentence(path: path))" }
}

extension AudioFileProblem: DescribedFinding {
  package var fact: Phrase {
    switch self {
    case .file(let error): FileErrorText.fact(error)
    case .emptyPath: .clause("the path is empty")
    case .zeroByteInPath: .clause("the path holds a zero byte")
    case .special(let kind): .predicate("is \(Self.phrase(kind)), which was not opened")
    case .notFetched(let problem): FetchText.fact(problem)
    case .changedMeanwhile: .predicate("was truncated or became unreadable while it was being read")
    case .interrupted: .clause("interrupted")
    case .empty: .predicate("is empty (0 bytes)")
    case .fewBytes(let count): .predicate("is only \(counted(count, "byte")) long, too short to be recognised")
    case .otherAudio(let codec): .predicate("is \(codec), which nothing here decodes")
    case .otherKind(let kind): .predicate("is \(kind), not audio")
    case .zeros(let count):
      .predicate("holds nothing but zeros, as far as it was searched (\(describe(bytes: count)))")
    case .unrecognised: .clause("no audio was recognised in it")
    case .beyondSkim(let bytes): .clause("no audio was recognised in the \(bytes / 1000) kB at most that a skim reads")
    case .firstMP3Frame: .clause("the first mp3 frame cannot be read")
    case .noMP3Audio: .predicate("looks like mp3, but no frame of it holds audio")
    case .noMP3AnyMore: .predicate("is not an mp3 any more")
    case .riffHeader: .clause("its RIFF header cannot be read")
    case .noWaveFormat: .clause("its header makes no sense: no usable format chunk")
    case .waveForm(let channels, let bits, let rate, let frame):
      .clause(
        "claims \(counted(channels, "channel")) of \(bits) bits at \(rate) Hz in frames of \(counted(frame, "byte"))")
    case .waveCodec(let codec, let isLinear):
      .predicate(
        "is a wav with \(codec) inside, \(isLinear ? "which hardly anything reads" : "which is not linear PCM")")
    case .noWaveSamples: .predicate("has no samples: there is no data chunk in it")
    case .noStreamInfo: .clause("its header makes no sense: no STREAMINFO with a sample rate")
    case .endsInMetadata: .predicate("ends within its metadata, before any audio")
    case .channelChange(let from, let to, let seconds):
      .predicate("goes from \(from) to \(counted(to, "channel")) at \(describe(seconds: seconds))")
    case .tooLongForMemory(let seconds, let channels, let rate):
      .predicate(
        "is longer than \(describe(seconds: seconds)), the most of \(counted(channels, "channel")) at \(rate) Hz that is "
          + "taken into memory")
    case .nothingDecoded: .predicate("holds no audio: not one frame could be decoded")
    case .unwritableForm(let channels, let rate):
      .predicate("cannot write \(counted(channels, "channel")) at \(rate) Hz")
    case .unwritable(let encoding, let channels, let rate, let reason):
      .predicate("cannot write \(encoding), \(counted(channels, "channel")) at \(rate) Hz (libsndfile: \(reason))")
    case .bitRate(let rate, let sampleRate, let channels, _):
      .clause("mp3 has no \(rate / 1000) kbit/s at \(sampleRate) Hz with \(counted(channels, "channel"))")
    case .refusedBitRate(let rate): .clause("the mp3 encoder refused \(rate / 1000) kbit/s")
    case .flacForm(let bits, let channels, let rate):
      .clause("flac has no \(bits) bits, \(counted(channels, "channel")) at \(rate) Hz")
    case .refusedFLAC(let bits, let channels, let rate, let status):
      .predicate(
        "cannot write flac of \(bits) bits, \(counted(channels, "channel")) at \(rate) Hz (libFLAC status \(status))")
    case .unwritten(let frames, let all, let reason):
      .clause("\(frames) of \(counted(all, "frame")) were written (libsndfile: \(reason))")
    case .foreign(let problem): problem.fact
    case .library(let failure): failure.fact
    case .checkTimedOut(let seconds): .clause("did not end within \(seconds) s, so its check was stopped")
    case .checkerCrashed(let how): .clause("the checker crashed on it (\(how)), twice")
    }
  }

  package func advice(path: String) -> String? {
    switch self {
    case .file(let error): FileErrorText.advice(error)
    case .emptyPath: "name a file"
    case .zeroByteInPath: "no file can be named so"
    case .special: "save the audio to a file first"
    case .notFetched(let problem): FetchText.advice(problem)
    case .changedMeanwhile: "try again"
    case .empty: "nothing can be made of it"
    case .fewBytes, .otherKind, .unrecognised, .zeros: "name a recording"
    case .beyondSkim: "without --skim more of it is searched"
    case .otherAudio: "name a recording of it"
    case .waveCodec: "write it again: \(ConversionAdvice.conversion(of: path))"
    case .waveForm: "nothing plays that"
    case .channelChange: FindingPieces.undamagedCopy
    case .tooLongForMemory: "cut it first: 'reprise prepare' does, --start and --end say where"
    case .bitRate(_, _, _, let known):
      known.isEmpty ? nil : "it has \(known.map { String($0 / 1000) }.joined(separator: ", "))"
    case .flacForm: "it has 4 to 32 bits, 1 to 8 channels and up to 1048575 Hz"
    case .foreign(let problem): problem.advice(path: path)
    case .library(.sndfileMissing): "install it: apt install libsndfile1, or brew install libsndfile"
    case .checkTimedOut: "give it more with --timeout"
    case .checkerCrashed: "it may be malformed, or show a fault of a decoder"
    case .interrupted, .firstMP3Frame, .noMP3Audio, .noMP3AnyMore, .riffHeader, .noWaveFormat, .noWaveSamples,
      .noStreamInfo, .endsInMetadata, .nothingDecoded, .unwritableForm, .unwritable, .refusedBitRate, .refusedFLAC,
      .unwritten, .library:
      nil
    }
  }

  private static func phrase(_ kind: SpecialFile) -> String {
    switch kind {
    case .namedPipe: "a named pipe"
    case .socket: "a socket"
    case .device: "a device"
    case .other: "not a regular file"
    }
  }
}

extension CodecFailure {
  /// Fact of the failure.
  fileprivate var fact: Phrase {
    switch self {
    case .flacMemory: .clause("libFLAC could not start: no memory")
    case .flacStart(let status): .clause("libFLAC could not start (status \(status))")
    case .flacEncoding(let state): .clause("encoding failed (libFLAC state \(state))")
    case .mpg123Start(let code): .clause("libmpg123 could not start (error \(code))")
    case .mpg123Opening(let reason): .clause("libmpg123 could not decode it (\(reason))")
    case .mpg123Decoding(let reason): .clause("mp3 decoding failed (\(reason))")
    case .sndfileMissing(let reason): .clause("libsndfile could not be loaded (\(reason))")
    case .sndfileFinishing(let reason): .predicate("could not be finished (libsndfile: \(reason))")
    }
  }
}
