package import RepriseSystem

/// The causes for which a foreign container cannot be decoded, or not in full.
package enum ForeignProblem: Equatable, Sendable, Codable {
  // MARK: The decoder

  /// Audio that only ffmpeg decodes, which is not installed.
  case ffmpegMissing(String)
  /// ffmpeg could not be started, with the system's error number.
  case ffmpegNotStarted(errno: Int32)
  /// ffmpeg ended without success, with its first message.
  case ffmpegFailed(ProcessExit, message: String?)
  /// ffmpeg has no decoder for the audio, with its message.
  case unknownCodec(message: String)
  /// ffmpeg returned nothing for so many seconds.
  case stalled(seconds: Int)
  /// ffprobe told nothing for so many seconds.
  case probeStalled(seconds: Int)
  /// ffmpeg wrote so many bytes of messages, which are more than any file causes.
  case flooded(bytes: Int)
  /// ffprobe wrote so many bytes of messages.
  case probeFlooded(bytes: Int)
  /// ffmpeg was waited for longer than a file of this size takes, in seconds.
  case overdue(seconds: Int)
  /// ffmpeg returned more audio than a file of this size can hold, in seconds.
  case endless(seconds: Int)
  /// ffmpeg's output is no audio: its first bytes are no header.
  case malformedOutput
  /// ffmpeg's output ends within a frame, after so many bytes of it.
  case partialFrame(bytes: Int)
  /// libsndfile does not open the file, with its message.
  case sndfileRefused(reason: String)

  // MARK: The file

  /// A container without a sound track.
  case noSound(String)
  /// A rate in Hz or a number of channels that no player supports.
  case form(channels: Int, sampleRate: Int)
  /// The file ends before its audio does: bytes of audio by the header, bytes that are there, seconds missing.
  case cutOff(declaredBytes: Int, presentBytes: Int, missingSeconds: Double)
  /// An Ogg file that ends within a page.
  case endsInPage
  /// Pages of an Ogg file that are damaged or missing: their number, and the offset of the first one.
  case damagedPages(count: Int, first: Int)
  /// Less audio was decoded than the container declares, both in seconds, with ffmpeg's first message.
  case incomplete(declared: Double, decoded: Double, message: String)
  /// Messages of ffmpeg about a file that it decoded in full: the number of lines, and the first one.
  case complaint(lines: Int, first: String)
}

extension ForeignProblem {
  /// Kind of error.
  package var code: AudioFileError.Code {
    switch self {
    case .ffmpegMissing, .unknownCodec, .form: .unsupportedFormat
    // A program that crashes, hangs or floods is at fault, and not the audio.
    case .ffmpegNotStarted, .ffmpegFailed(.signal, _), .stalled, .probeStalled, .flooded, .probeFlooded, .overdue: .io
    case .noSound: .notAudio
    case .cutOff, .endsInPage: .truncated
    case .ffmpegFailed(_, let message?) where Self.isAboutTheEnd(message): .truncated
    case .incomplete(_, _, let message) where Self.isAboutTheEnd(message): .truncated
    case .ffmpegFailed, .endless, .malformedOutput, .partialFrame, .sndfileRefused, .incomplete, .complaint,
      .damagedPages:
      .corrupt
    }
  }

  /// Returns `true` if a message of ffmpeg says that the file ends early.
  private static func isAboutTheEnd(_ message: String) -> Bool {
    ["ended prematurely", "Input/output error", "moov atom not found", "End of file", "partial file"].contains {
      message.contains($0)
    }
  }
}

extension ForeignProblem: CustomStringConvertible {
  /// Description in a few words.
  package var description: String {
    switch self {
    case .ffmpegMissing(let what): "\(what), which ffmpeg decodes; it is not installed"
    case .ffmpegNotStarted(let number): "ffmpeg not started (error \(number))"
    case .ffmpegFailed(let exit, let message): "ffmpeg failed (\(exit))" + (message.map { ": \($0)" } ?? "")
    case .unknownCodec(let message): "no decoder: \(message)"
    case .stalled(let seconds): "nothing from ffmpeg for \(seconds) s"
    case .probeStalled(let seconds): "nothing from ffprobe for \(seconds) s"
    case .flooded(let bytes): "\(counted(bytes, "byte")) of messages from ffmpeg"
    case .probeFlooded(let bytes): "\(counted(bytes, "byte")) of messages from ffprobe"
    case .overdue(let seconds): "ffmpeg not finished after \(seconds) s"
    case .endless(let seconds): "more than \(seconds) s from ffmpeg"
    case .malformedOutput: "malformed output of ffmpeg"
    case .partialFrame(let bytes): "ffmpeg's output ends with \(counted(bytes, "byte")) of a partial frame"
    case .sndfileRefused(let reason): "libsndfile: \(reason)"
    case .noSound(let container): "\(container) without a sound track"
    case .form(let channels, let rate): "\(counted(channels, "channel")) at \(rate) Hz"
    case .cutOff(let declared, let present, let missing):
      "\(present) of \(declared) bytes of audio; \(describe(seconds: missing)) are missing"
    case .endsInPage: "ends within a page"
    case .damagedPages(let count, let first): "\(counted(count, "page")) damaged, the first at byte \(first)"
    case .incomplete(let declared, let decoded, let message):
      "\(describe(seconds: decoded)) of \(describe(seconds: declared)) decoded: \(message)"
    case .complaint(let lines, let first): "ffmpeg: \(first) (\(counted(lines, "message")))"
    }
  }
}
