package import RepriseAudio
import RepriseSystem

extension FLACFinding: DescribedFinding {
  package var fact: Phrase {
    switch self {
    case .endsInMetadata: .clause("it ends within its metadata, before any audio")
    case .implausibleRate(let rate): .clause("its header claims \(rate) Hz")
    case .unmarkedMetadata:
      .clause("its metadata do not end where its frames begin: the mark of the last block is missing")
    case .twoStreamInfos: .clause("it has two STREAMINFO blocks, and decoders go by different ones")
    case .contradiction(let property, let claimed, let found):
      .clause("its header claims \(claimed) \(Self.unit(property)) where its frames have \(found)")
    case .noStreamInfo: .clause("its first block is no STREAMINFO, without which nothing can be decoded")
    case .onlyFrames: .clause("its first block is no STREAMINFO, without which few programs decode it")
    case .blockSize(let claimed, let found, let apparent, let seconds):
      .clause(
        "its header claims blocks of \(counted(claimed, "sample")) where its frames have \(found): what goes by the "
          + "header, as libFLAC does, plays \(describe(seconds: apparent)) with gaps instead of "
          + describe(seconds: seconds))
    case .nothingDecoded: .clause("not one frame of it can be decoded")
    case .damage(let first, let places, let lost):
      .clause(
        "damage \(Self.position(first)): \(first.kind); \(places == 1 ? "1 place" : "\(places) places, the first"), "
          + "\(describe(seconds: lost)) lost in all")
    case .partOfLonger(let start, let seconds, let all):
      .clause(
        "it is a part of a longer stream: it begins at \(describe(seconds: start)), and \(describe(seconds: seconds)) of "
          + "\(describe(seconds: all)) are there")
    case .truncated(let seconds, let all):
      .clause("it ends early: \(describe(seconds: seconds)) of \(describe(seconds: all)) are there")
    case .md5Differs:
      .clause("the MD5 of its samples is not the one in its header: they are not what was encoded")
    case .lastFrameCut(let position):
      .clause("its last frame, at \(describe(seconds: position)), is cut off or damaged")
    case .brokenBlock(let kind):
      .clause(
        "its block of metadata called \(Self.phrase(kind)) has no sound size, for which many programs refuse the file")
    case .tagsInFront(let bytes):
      .clause("\(counted(bytes, "byte")) of tags \(bytes == 1 ? "stands" : "stand") before the stream")
    case .sideBlocks(let blocks):
      .clause(
        "blocks beside the samples: \(FindingPieces.listing(blocks) { "\(Self.phrase($0.kind)) \($0.bytes)" })")
    case .trailer(let bytes, let kinds):
      .clause(FindingPieces.bytes(bytes, "after the last frame", Self.phrase(kinds)))
    case .rest(let bytes, let kind):
      .clause(FindingPieces.bytes(bytes, "after the last frame", Self.phrase(kind)))
    case .noMD5: .clause("its header has no MD5 to compare the samples with")
    case .numbersGoBack(let position):
      .clause(
        "the frames' numbers go back at \(describe(seconds: position)): two streams in one, or a part of one twice")
    }
  }

  package func advice(path: String) -> String? {
    switch self {
    case .endsInMetadata, .truncated, .lastFrameCut: FindingPieces.completeCopy
    case .implausibleRate: "a flac has 100 to 1048575 Hz"
    case .unmarkedMetadata, .twoStreamInfos, .contradiction, .damage: FindingPieces.undamagedCopy
    case .onlyFrames(let rate, let channels, let bits, let seconds):
      "its frames show \(Self.form(rate, channels, bits, seconds)); get an undamaged copy"
    case .blockSize: "write it again: \(ConversionAdvice.conversion(of: path))"
    case .partOfLonger: "get a complete copy, or write it again: \(ConversionAdvice.conversion(of: path))"
    case .brokenBlock: "'reprise prepare' writes it anew"
    case .noStreamInfo, .nothingDecoded, .md5Differs, .tagsInFront, .sideBlocks, .trailer, .rest, .noMD5,
      .numbersGoBack:
      nil
    }
  }

  /// Returns a time span such as "at 3.072–3.328 s", or a single time for an empty span, where nothing replaces the
  /// missing audio.
  private static func position(_ span: DamageSpan) -> String {
    span.start == span.end
      ? "at \(describe(seconds: span.start))"
      : "at \(describe(seconds: span.start).dropLast(2))–\(describe(seconds: span.end))"
  }

  private static func form(_ rate: Int?, _ channels: Int, _ bits: Int?, _ seconds: Double?) -> String {
    [
      rate.map { "\($0) Hz" }, counted(channels, "channel"), bits.map { "\($0) bits" },
      seconds.map { describe(seconds: $0) },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  private static func unit(_ property: Property) -> String {
    switch property {
    case .sampleRate: "Hz"
    case .channels: "channels"
    case .width: "bits"
    }
  }

  private static func phrase(_ kind: BlockKind) -> String {
    switch kind {
    case .streamInfo: "STREAMINFO"
    case .padding: "padding"
    case .application: "application"
    case .seekTable: "seek table"
    case .tags: "tags"
    case .cueSheet: "cue sheet"
    case .picture: "picture"
    case .unknown(let type): "block type \(type)"
    }
  }

  private static func phrase(_ kinds: [NonAudio]) -> String {
    kinds.allSatisfy { $0 == .zeros } ? "zeros" : "a tag (\(kinds.map(\.rawValue).joined(separator: ", ")))"
  }

  private static func phrase(_ rest: Rest) -> String {
    switch rest {
    case .tag: "a tag"
    case .zeros: "zeros"
    case .anotherStream: "another flac, which hardly anything plays"
    case .damagedFrame: "a frame that is cut off or damaged"
    case .unknown: "no frame"
    }
  }
}
