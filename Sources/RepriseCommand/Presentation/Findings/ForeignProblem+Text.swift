import RepriseAudio
import RepriseSystem

extension ForeignProblem: DescribedFinding {
  package var fact: Phrase {
    switch self {
    case .ffmpegMissing(let what): .predicate("is \(what), which the program ffmpeg decodes, and that is not installed")
    case .ffmpegNotStarted(let number): .clause("ffmpeg could not be started (error \(number))")
    case .ffmpegFailed(.signal(let number), let message):
      .clause(
        "ffmpeg crashed (" + (message.map { "\($0); " } ?? "")
          + "signal \(number)), and whether it is whole is not known")
    case .ffmpegFailed(let exit, let message?): .clause("ffmpeg could not decode it (\(message); \(exit))")
    case .ffmpegFailed(let exit, nil): .clause("ffmpeg could not decode it (\(exit))")
    case .unknownCodec(let message): .predicate("holds audio that ffmpeg has no decoder for (\(message))")
    case .stalled(let seconds): .clause("ffmpeg returned nothing for \(seconds) s and was stopped")
    case .probeStalled(let seconds): .clause("ffprobe told nothing for \(seconds) s and was stopped")
    case .flooded(let bytes): .clause("ffmpeg wrote \(counted(bytes, "byte")) of messages and was stopped")
    case .probeFlooded(let bytes): .clause("ffprobe wrote \(counted(bytes, "byte")) of messages and was stopped")
    case .overdue(let seconds): .clause("ffmpeg was not finished after \(seconds) s and was stopped")
    case .endless(let seconds):
      .clause("ffmpeg returned more than \(describe(seconds: Double(seconds))), which it cannot hold, and was stopped")
    case .malformedOutput: .clause("ffmpeg returned something other than audio")
    case .partialFrame(let bytes):
      .clause("ffmpeg's output ends within a sample, after \(counted(bytes, "byte"))")
    case .sndfileRefused(let reason): .clause("libsndfile does not open it (\(reason))")
    case .noSound(let container): .predicate("is \(container) without a sound track")
    case .form(let channels, let rate): .predicate("claims \(counted(channels, "channel")) at \(rate) Hz")
    case .cutOff(let declared, let present, let missing):
      .clause(
        "it ends early: \(present) of \(declared) bytes of audio are there; the last \(describe(seconds: missing)) are "
          + "missing")
    case .endsInPage: .clause("it ends early: within a page, and how much is missing is not known")
    case .damagedPages(let count, let first):
      .clause("\(counted(count, "page")) of it \(count == 1 ? "is" : "are") damaged, the first at byte \(first)")
    case .incomplete(let declared, let decoded, let message):
      .clause(
        "its header claims \(describe(seconds: declared)), of which ffmpeg decodes \(describe(seconds: decoded)) "
          + "(\(message))")
    case .complaint(let lines, let first):
      .clause("ffmpeg says of it: \(first)" + (lines > 1 ? " (and \(counted(lines - 1, "line")) more)" : ""))
    }
  }

  package func advice(path: String) -> String? {
    switch self {
    case .ffmpegMissing: "install it: apt-get install ffmpeg, or brew install ffmpeg"
    case .ffmpegFailed(.signal, _): "try again, or update ffmpeg"
    case .ffmpegNotStarted, .stalled, .probeStalled, .flooded, .probeFlooded, .overdue:
      "try again, or see what 'ffmpeg -version' says"
    case .ffmpegFailed, .malformedOutput, .partialFrame, .sndfileRefused, .incomplete,
      .damagedPages:
      FindingPieces.undamagedCopy
    case .cutOff, .endsInPage: FindingPieces.completeCopy
    case .noSound: "name a recording"
    case .form: "nothing plays that"
    case .unknownCodec, .endless, .complaint: nil
    }
  }
}
