package import RepriseAudio
import Foundation
import RepriseSystem

extension WaveFinding: DescribedFinding {
  package var fact: Phrase {
    switch self {
    case .endsBeforeFormat(let bytes): .clause("it ends after \(counted(bytes, "byte")), before its format chunk")
    case .endsBeforeSamples(let bytes): .clause("it ends after \(counted(bytes, "byte")), before any samples")
    case .noFormat: .clause("it has no usable format chunk, so its samples cannot be told apart")
    case .noData: .clause("it has no data chunk: there are no samples in it")
    case .noChannels: .clause("its header claims 0 channels")
    case .implausibleRate(let rate, _): .clause("its header claims \(rate) Hz")
    case .impossibleWidth(let bits): .clause("its header claims samples of \(bits) bits")
    case .ambiguousFrame(let bytes, let channels, let bits):
      .clause(
        "its header contradicts itself: a frame of \(counted(bytes, "byte")) for \(counted(channels, "channel")) of "
          + "\(bits) bits, which decoders read in two ways")
    case .unsupportedCodec(let codec, let isLinear):
      .predicate(AudioFileProblem.waveCodec(codec, isLinear: isLinear).fact.text)
    case .tooManyChannels(let channels, let most):
      .predicate("has \(counted(channels, "channel")), more than the \(most) that other programs read")
    case .lateFormat: .clause("its format chunk follows the samples, where nothing reads it")
    case .truncated(let declared, let present, let missing):
      .clause(
        "it ends early: \(Self.sizes(present, declared)), the last "
          + "\(missing < 0.001 ? counted(declared - present, "byte") : describe(seconds: missing)) are missing")
    case .notNumbers(let samples, let isDouble, let first, let places, let seconds):
      .clause(
        "\(counted(samples, "sample")) \(Self.invalid(isDouble)), the first at \(describe(seconds: first))"
          + (places == 1 ? "" : ", in \(counted(places, "place")) of \(describe(seconds: seconds)) in all"))
    case .unreadableElsewhere(let obstacle):
      .clause("\(Self.phrase(obstacle)), so that other programs do not find its samples")
    case .garblingFrameSize(let claimed, let actual, let channels, let bits):
      .clause("\(Self.frames(claimed, actual, channels, bits)), by which ffmpeg garbles its samples")
    case .tagsInFront(let bytes):
      .clause(
        "\(counted(bytes, "byte")) of tags \(bytes == 1 ? "stands" : "stand") before the RIFF header")
    case .unfilledSize(let declared, let present):
      .clause(
        "the data chunk's size was never filled in (\(declared)); \(counted(present, "byte")) are there")
    case .excessiveSize(let declared, let present):
      .clause("\(Self.sizes(present, declared)), and by the file's size in its header nothing is missing")
    case .fileSize(let declared, let actual):
      .clause(
        "its header claims a file of \(counted(declared, "byte")), \(abs(declared - actual)) "
          + "\(declared > actual ? "more" : "less") than it has")
    case .narrowSize(let bytes, let wide):
      .clause("its data chunk claims \(counted(bytes, "byte")) and its ds64 chunk \(wide)")
    case .partialFrame(let bytes): .clause(FindingPieces.bytes(bytes, "at the end of the samples", "no whole frame"))
    case .frameSize(let claimed, let actual, let channels, let bits):
      .clause(Self.frames(claimed, actual, channels, bits))
    case .laterData(let chunks, let seconds):
      .clause(
        "\(chunks) more data chunks follow the first, \(describe(seconds: seconds)) that some "
          + "players play and others do not")
    case .strayBytes(let bytes, let kind, _):
      .clause(FindingPieces.bytes(bytes, "after the samples", Self.phrase(kind)))
    case .unpaddedChunks(let count):
      .clause("\(count) chunks of odd size lack the byte that makes them even, which many programs require")
    case .sideChunks(let chunks):
      .clause("chunks beside the samples: \(FindingPieces.listing(chunks) { "\($0.kind) \($0.bytes)" })")
    }
  }

  package func advice(path: String) -> String? {
    switch self {
    case .endsBeforeFormat, .truncated: FindingPieces.completeCopy
    case .noChannels: "nothing can be played from it"
    case .implausibleRate(_, let plausible): "audio has \(plausible.lowerBound) to \(plausible.upperBound) Hz"
    case .impossibleWidth: "linear PCM has 1 to 64"
    case .ambiguousFrame: "write it again from its source"
    case .unsupportedCodec: "convert it first: \(ConversionAdvice.conversion(of: path))"
    case .tooManyChannels: "choose some of them"
    case .lateFormat: "write it again: \(ConversionAdvice.conversion(of: path))"
    case .notNumbers: "render it again from its source"
    case .unreadableElsewhere, .garblingFrameSize: "'reprise prepare' writes it anew"
    case .narrowSize: "decoders go by the second"
    case .frameSize: "decoders go by these"
    case .laterData: "only the first is counted"
    case .strayBytes(_, .unknown, let seconds):
      "if they are samples, the header claims \(describe(seconds: seconds)) too little"
    case .endsBeforeSamples, .noFormat, .noData, .tagsInFront, .unfilledSize, .excessiveSize, .fileSize, .partialFrame,
      .strayBytes, .unpaddedChunks, .sideChunks:
      nil
    }
  }

  private static func sizes(_ present: Int, _ declared: Int) -> String {
    "\(present) of \(counted(declared, "byte")) of samples are there"
  }

  private static func frames(_ claimed: Int, _ actual: Int, _ channels: Int, _ bits: Int) -> String {
    "its header claims frames of \(counted(claimed, "byte")) where \(counted(channels, "channel")) of \(bits) bits have "
      + "\(actual)"
  }

  private static func invalid(_ isDouble: Bool) -> String {
    isDouble
      ? "are NaN, infinite or beyond ±3.4e38, the most a 32-bit float holds" : "are not numbers (NaN or infinite)"
  }

  private static func phrase(_ obstacle: Obstacle) -> String {
    switch obstacle {
    case .unpaddedChunk: "a chunk of odd size before its samples lacks the byte that makes it even"
    case .missingWideSizes(let container): "it is \(container) without the 64-bit sizes that belong to it"
    case .unfilledWideSizes: "its 64-bit sizes were never filled in"
    case .strayBytes: "bytes that are no chunks follow its samples"
    }
  }

  private static func phrase(_ kind: Stray) -> String {
    switch kind {
    case .tag: "a tag"
    case .zeros: "zeros"
    case .anotherWave: "another wav, which nothing plays"
    case .unknown: "no chunks"
    }
  }
}
