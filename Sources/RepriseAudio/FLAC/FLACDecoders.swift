/// What ffmpeg 5.1, libsndfile 1.2 and libFLAC 1.4 make of a flac whose frames are whole.
///
/// Every rule was measured with the three programs; `Tests/Oracles` repeats that.
struct FLACDecoders {
  let layout: FLACLayout
  let first: FLACFrameHeader?
  /// Number of samples per channel of the frames.
  let counted: Int
  /// Offset of the end of the last frame.
  let end: Int
  /// Size of the file in bytes.
  let fileBytes: Int
  /// `true` if nothing but one ID3v2 tag without a footer precedes the stream, which all of them skip.
  let beginsWithOneTag: Bool
  /// `true` if nothing but ID3v2 tags without footers precede the stream, which libsndfile skips.
  let beginsWithTags: Bool

  /// Largest frame, in bytes, that the parser of ffmpeg buffers (libavcodec/flac_parser.c): frames of 207,270 bytes were
  /// decoded, frames of 216,298 not.
  private static let mostFrameBytes = 26 * 8192

  /// Examines what precedes the stream.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - layout: The metadata.
  ///   - first: The first frame.
  ///   - counted: The number of samples per channel of the frames.
  ///   - end: The offset of the end of the last frame.
  /// - Throws: `AudioFileError` if the file cannot be read.
  init(
    _ file: borrowing InputFile, _ layout: FLACLayout, first: FLACFrameHeader?, counted: Int, end: Int
  ) throws(AudioFileError) {
    let tags = layout.start > 0 ? try ID3v2.leading(file) : (count: 0, bytes: 0, hasFooter: false)
    let isTagged = tags.bytes == layout.start && !tags.hasFooter
    self.layout = layout
    self.first = first
    self.counted = counted
    self.end = end
    fileBytes = file.byteCount
    beginsWithOneTag = isTagged && tags.count == 1
    beginsWithTags = isTagged
  }

  /// Returns the properties that one of them misreads.
  func portability() -> [Portability] {
    (aroundCauses() + headerCauses() + blockCauses() + frameCauses()).map { Portability(.flac($0.0), $0.1) }
  }

  private typealias Cause = (FLACPortability, [Misreading])

  private func aroundCauses() -> [Cause] {
    var causes: [Cause] = []
    if layout.start > 0, !beginsWithOneTag {
      let others = beginsWithTags ? [] : [Misreading(.libsndfile, .refused)]
      causes.append((.inFront(bytes: layout.start), others + [Misreading(.libFLAC, .refused)]))
    }
    if end < fileBytes { causes.append((.behind(bytes: fileBytes - end), [Misreading(.libFLAC, .refused)])) }
    return causes
  }

  private func headerCauses() -> [Cause] {
    guard let info = layout.streamInfo else {
      return [(.noStreamInfo, [Misreading(.ffmpeg, .refused), Misreading(.libsndfile, .refused)])]
    }
    var causes: [Cause] = []
    let total = info.totalSamples
    if total != counted {
      let misreadings: [Misreading] =
        if total == 0 {
          [Misreading(.libsndfile, .wrongLength)]
        } else if total < counted {
          [Misreading(.libsndfile, .stops(at: Double(total) / Double(max(info.sampleRate, 1))))]
        } else {
          [Misreading(.libsndfile, .wrongLength), Misreading(.libFLAC, .refused)]
        }
      causes.append((.total(declared: total, counted: counted), misreadings))
    }
    if let first { causes += propertyCauses(info, first: first) }
    if let first, let misreadings = sizeMisreadings(info, first: first) {
      let claimed = min(info.minimumBlock, info.maximumBlock)...max(info.minimumBlock, info.maximumBlock)
      causes.append((.blockSize(claimed: claimed, found: first.blockSize), misreadings))
    }
    return causes
  }

  /// Returns the causes in what both the header and the frames state.
  private func propertyCauses(_ info: FLACLayout.StreamInfo, first: FLACFrameHeader) -> [Cause] {
    var causes: [Cause] = []
    let (ffmpeg, libsndfile, libFLAC) = (
      Misreading(.ffmpeg, .nothing), Misreading(.libsndfile, .refused), Misreading(.libFLAC, .refused)
    )
    if let rate = first.sampleRate, rate != info.sampleRate {
      let claimed = info.sampleRate
      let others =
        claimed == 0
        ? [ffmpeg, libsndfile]
        : [Misreading(.libsndfile, .reports(seconds: Double(counted) / Double(claimed))), libFLAC]
      causes.append((.property(.sampleRate, claimed: claimed, found: rate), others))
    }
    if first.channels != info.channels {
      causes.append((.property(.channels, claimed: info.channels, found: first.channels), [libsndfile, libFLAC]))
    }
    if let bits = first.bitsPerSample, bits != info.bitsPerSample {
      causes.append((.property(.width, claimed: info.bitsPerSample, found: bits), [ffmpeg, libFLAC]))
    }
    return causes
  }

  /// Returns who misreads the frames because of the block size in the header; `nil` if nobody does.
  private func sizeMisreadings(_ info: FLACLayout.StreamInfo, first: FLACFrameHeader) -> [Misreading]? {
    if info.maximumBlock < 16 { return [Misreading(.ffmpeg, .refused)] }
    if first.blockSize > info.maximumBlock { return [Misreading(.ffmpeg, .garbled)] }
    // libFLAC multiplies the numbers of frames by the claimed size.
    guard !first.isVariable, info.minimumBlock == info.maximumBlock, first.blockSize < info.maximumBlock,
      counted > first.blockSize
    else { return nil }
    return [Misreading(.libsndfile, .garbled), Misreading(.libFLAC, .garbled)]
  }

  private func blockCauses() -> [Cause] {
    let all = [Misreading.Decoder.ffmpeg, .libsndfile, .libFLAC].map { Misreading($0, .refused) }
    var causes: [Cause] = []
    if layout.isUnmarked { causes.append((.unmarkedMetadata, all)) }
    if layout.hasLateStreamInfo { causes.append((.lateStreamInfo, [all[0]])) }
    if layout.hasSecondStreamInfo { causes.append((.secondStreamInfo, [all[0], all[2]])) }
    for kind in layout.brokenBlocks {
      causes.append((.brokenBlock(kind), kind == .cueSheet ? [all[0], all[1]] : [all[1]]))
    }
    if let bytes = layout.overflowingPicture { causes.append((.overflowingPicture(bytes: bytes), [all[1], all[2]])) }
    return causes
  }

  private func frameCauses() -> [Cause] {
    var causes: [Cause] = []
    let bits = first?.bitsPerSample ?? layout.streamInfo?.bitsPerSample ?? 16
    if ![8, 16, 24].contains(bits) {
      let refused = Misreading(.libsndfile, .refused)
      causes.append((.width(bits), bits == 32 ? [Misreading(.ffmpeg, .nothing), refused] : [refused]))
    }
    if let first, first.blockSize > 65535 {
      causes.append(
        (.longBlocks(first.blockSize), [Misreading(.ffmpeg, .refused), Misreading(.libsndfile, .refused)]))
    }
    if let info = layout.streamInfo, info.largestFrame > Self.mostFrameBytes {
      causes.append((.frameBytes(info.largestFrame), [Misreading(.ffmpeg, .nothing)]))
    }
    return causes
  }
}

extension FLACPortability {
  /// `true` if other metadata make every decoder read the same frames.
  var isMendable: Bool {
    switch self {
    case .width, .frameBytes, .longBlocks, .samplesBeyond: false
    default: true
    }
  }
}
