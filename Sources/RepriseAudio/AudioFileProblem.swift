package import RepriseSystem

/// The causes of an `AudioFileError`, with their numbers.
package enum AudioFileProblem: Equatable, Sendable, Codable {
  /// The kinds of files that are not regular.
  package enum SpecialFile: Equatable, Sendable, Codable {
    case namedPipe, socket, device, other
  }

  // MARK: Opening and reading

  /// The error of the system.
  case file(FileError)
  /// The path is empty.
  case emptyPath
  /// The path contains a zero byte.
  case zeroByteInPath
  /// A file that has no length and may never end, and was not opened.
  case special(SpecialFile)
  /// What was named is no file, and could not be fetched.
  case notFetched(FetchProblem)
  /// The file became shorter, or unreadable, while it was being read.
  case changedMeanwhile
  /// The work was cancelled.
  case interrupted

  // MARK: Content

  /// The file is empty.
  case empty
  /// The file has too few bytes to be recognised.
  case fewBytes(Int)
  /// Audio, or notes, in a format that nothing here decodes, such as "midi".
  case otherAudio(String)
  /// Content that is not audio, such as "a png image".
  case otherKind(String)
  /// Content that was not recognised.
  case unrecognised
  /// Content of which the first bytes, as many as were searched, are zeros.
  case zeros(Int)
  /// A skim would have to read more than its limit of bytes to recognise the content.
  case beyondSkim(bytes: Int)

  // MARK: mp3

  /// The first frame of an mp3 is invalid.
  case firstMP3Frame
  /// An mp3 whose frames hold no audio.
  case noMP3Audio
  /// A file that was an mp3 before and is not one any more.
  case noMP3AnyMore

  // MARK: wav

  /// A RIFF header that is invalid.
  case riffHeader
  /// A wav without a usable format chunk.
  case noWaveFormat
  /// A format chunk with values that no player supports: the rate in Hz, and the size of a frame in bytes.
  case waveForm(channels: Int, bits: Int, sampleRate: Int, frameBytes: Int)
  /// A wav with coded samples, or with linear samples (`isLinear`) of a width that is not decoded.
  case waveCodec(String, isLinear: Bool)
  /// A wav without a data chunk.
  case noWaveSamples

  // MARK: flac

  /// A flac without a STREAMINFO that has a sample rate.
  case noStreamInfo
  /// A flac that ends within its metadata.
  case endsInMetadata
  /// A flac whose number of channels changes after `seconds` seconds.
  case channelChange(from: Int, to: Int, seconds: Double)

  // MARK: Decoding into memory

  /// More audio than is decoded into memory.
  case tooLongForMemory(seconds: Double, channels: Int, sampleRate: Int)
  /// No frame could be decoded.
  case nothingDecoded

  // MARK: Writing

  /// A combination of channels and sample rate that no encoder supports.
  case unwritableForm(channels: Int, sampleRate: Int)
  /// A form that libsndfile does not support, with its message.
  case unwritable(encoding: String, channels: Int, sampleRate: Int, reason: String)
  /// A bit rate of an mp3, in bits per second, that is not defined at its sample rate.
  case bitRate(Int, sampleRate: Int, channels: Int, known: [Int])
  /// A bit rate that the mp3 encoder rejected.
  case refusedBitRate(Int)
  /// A width, rate or number of channels that flac does not support.
  case flacForm(bits: Int, channels: Int, sampleRate: Int)
  /// A flac that libFLAC rejected, with its status.
  case refusedFLAC(bits: Int, channels: Int, sampleRate: Int, status: Int)
  /// Frames of which only some were written, with the message of libsndfile.
  case unwritten(frames: Int, of: Int, reason: String)

  // MARK: Foreign containers

  /// A foreign container that cannot be decoded, or not in full.
  case foreign(ForeignProblem)

  // MARK: Libraries

  /// A failure of a codec library.
  case library(CodecFailure)

  // MARK: Checking in another process

  /// The check exceeded its time limit, given in whole or decimal seconds as configured.
  case checkTimedOut(seconds: String)
  /// The process that checked the file ended twice while doing so; how it ended.
  case checkerCrashed(how: String)
}

/// The failures of a codec library.
package enum CodecFailure: Equatable, Sendable, Codable {
  /// libFLAC could not allocate memory.
  case flacMemory
  /// libFLAC did not start, with its status.
  case flacStart(status: Int)
  /// libFLAC failed to encode, with its state.
  case flacEncoding(state: Int)
  /// libmpg123 did not start, with its error number.
  case mpg123Start(code: Int)
  /// libmpg123 could not open the frames, with its message.
  case mpg123Opening(reason: String)
  /// libmpg123 could not decode the frames, with its message.
  case mpg123Decoding(reason: String)
  /// libsndfile is not installed, with the message of the loader.
  case sndfileMissing(reason: String)
  /// libsndfile could not finish a file, with its message.
  case sndfileFinishing(reason: String)
}

extension AudioFileProblem {
  /// Kind of error.
  package var code: AudioFileError.Code {
    switch self {
    case .file(let error):
      switch error.code {
      case .missing, .directoryMissing, .notDirectory, .linkLoop: .missing
      case .isDirectory: .isDirectory
      case .special: .notRegular
      case .notPermitted: .notPermitted
      case .diskFull, .quotaUsedUp: .diskFull
      case .exists, .readOnly, .nameTooLong, .tooManyOpen, .fileTooLarge, .system: .io
      }
    case .emptyPath, .zeroByteInPath: .missing
    case .special: .notRegular
    case .interrupted, .notFetched(.cancelled): .cancelled
    case .notFetched(.status(404, _)), .notFetched(.status(410, _)), .notFetched(.terminal): .missing
    case .notFetched(.tooLarge): .unsupportedFormat
    case .notFetched(.file(let error)) where error.isOutOfRoom: .diskFull
    case .empty: .empty
    case .fewBytes, .otherKind, .unrecognised, .zeros, .beyondSkim: .notAudio
    case .otherAudio, .waveCodec, .tooLongForMemory, .unwritableForm, .unwritable, .bitRate, .refusedBitRate,
      .flacForm, .refusedFLAC:
      .unsupportedFormat
    case .firstMP3Frame, .noMP3Audio, .noMP3AnyMore, .riffHeader, .noWaveFormat, .waveForm, .noStreamInfo,
      .channelChange, .nothingDecoded, .library(.mpg123Decoding):
      .corrupt
    case .noWaveSamples, .endsInMetadata: .truncated
    case .foreign(let problem): problem.code
    case .notFetched, .changedMeanwhile, .unwritten, .library, .checkTimedOut, .checkerCrashed: .io
    }
  }
}

extension AudioFileProblem: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch self {
    case .file(let error): error.message
    case .emptyPath: "empty path"
    case .zeroByteInPath: "a zero byte in the path"
    case .special(let kind): "\(kind), not a regular file"
    case .notFetched(let problem): "not fetched: \(problem)"
    case .changedMeanwhile: "changed while it was read"
    case .interrupted: "interrupted"
    case .empty: "empty"
    case .fewBytes(let count): "only \(counted(count, "byte"))"
    case .otherAudio(let codec): "unsupported format \(codec)"
    case .otherKind(let kind): "\(kind), not audio"
    case .zeros(let count): "\(counted(count, "zero byte")), no audio"
    case .unrecognised: "no audio recognised"
    case .beyondSkim(let bytes): "no audio recognised in what a skim reads, at most \(bytes) bytes"
    case .firstMP3Frame: "unreadable first mp3 frame"
    case .noMP3Audio: "no mp3 frame with audio"
    case .noMP3AnyMore: "no mp3 any more"
    case .riffHeader: "unreadable RIFF header"
    case .noWaveFormat: "no usable format chunk"
    case .waveForm(let channels, let bits, let rate, let frame):
      "impossible form: \(counted(channels, "channel")), \(bits) bits, \(rate) Hz, \(counted(frame, "byte")) a frame"
    case .waveCodec(let codec, _): "unsupported codec \(codec) in a wav"
    case .noWaveSamples: "no data chunk"
    case .noStreamInfo: "no usable STREAMINFO"
    case .endsInMetadata: "ends within its metadata"
    case .channelChange(let from, let to, let seconds):
      "goes from \(from) to \(counted(to, "channel")) at \(describe(seconds: seconds))"
    case .tooLongForMemory(let seconds, _, _): "longer than \(describe(seconds: seconds))"
    case .nothingDecoded: "not one frame decoded"
    case .unwritableForm(let channels, let rate): "cannot write \(counted(channels, "channel")) at \(rate) Hz"
    case .unwritable(let encoding, let channels, let rate, let reason):
      "cannot write \(encoding), \(counted(channels, "channel")) at \(rate) Hz: \(reason)"
    case .bitRate(let rate, let sampleRate, _, _): "no mp3 of \(rate) bit/s at \(sampleRate) Hz"
    case .refusedBitRate(let rate): "mp3 encoder refused \(rate) bit/s"
    case .flacForm(let bits, let channels, let rate), .refusedFLAC(let bits, let channels, let rate, _):
      "cannot write flac of \(bits) bits, \(counted(channels, "channel")) at \(rate) Hz"
    case .unwritten(let frames, let all, let reason): "\(frames) of \(all) frames written: \(reason)"
    case .foreign(let problem): "\(problem)"
    case .library(let failure): "\(failure)"
    case .checkTimedOut(let seconds): "not checked within \(seconds) s"
    case .checkerCrashed(let how): "checker crashed (\(how))"
    }
  }
}

extension CodecFailure: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch self {
    case .flacMemory: "libFLAC: no memory"
    case .flacStart(let status): "libFLAC did not start (status \(status))"
    case .flacEncoding(let state): "libFLAC could not encode (state \(state))"
    case .mpg123Start(let code): "libmpg123 did not start (error \(code))"
    case .mpg123Opening(let reason), .mpg123Decoding(let reason): "libmpg123: \(reason)"
    case .sndfileMissing(let reason): "libsndfile not loaded: \(reason)"
    case .sndfileFinishing(let reason): "libsndfile: \(reason)"
    }
  }
}
