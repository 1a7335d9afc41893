import RepriseSystem

/// The ways in which other decoders misread an mp3 with whole audio.
///
/// Measured with ffmpeg 5.1.9, libsndfile 1.2.2 and mpg123 1.31.2 over files of every kind (Tests/Oracles). libsndfile
/// decodes no more than libmpg123 announces when it opens the file: the samples of the frames that a Xing header claims,
/// else the size of the file divided by that of the first frame.
struct MP3DecoderRules {
  private let layout: MP3Layout
  private let byteCount: Int
  private let surroundings: MP3Surroundings
  private let bytes: Int
  private let rate: Double
  /// Properties found so far.
  private var found: [Portability] = []

  /// Largest number of frames by which decoders may differ: every one of them decides on its own about a first and a last
  /// frame.
  private static let tolerance = 2
  /// Largest deviation of a reported length that is not told, in seconds.
  private static let lieTolerance = 0.1
  /// Number of bytes of junk in which libmpg123 searches for the first frame, and for a next one.
  private static let mostJunkInFront = 65_500
  private static let mostJunkBehind = 1028

  /// Finds the properties that some decoder misreads.
  ///
  /// - Parameters:
  ///   - stream: The bytes of the file, without the metadata of a radio stream.
  ///   - layout: The layout of the file.
  ///   - byteCount: The size of the file.
  ///   - surroundings: What is before and after its frames.
  /// - Returns: The properties; empty if all decoders read the file alike.
  static func portability(
    _ stream: RawSpan, _ layout: MP3Layout, byteCount: Int, surroundings: MP3Surroundings
  ) -> [Portability] {
    guard layout.walk.frames > 0 else { return [] }
    var rules = MP3DecoderRules(layout, stream, byteCount, surroundings)
    rules.checkFormat()
    rules.checkFront()
    rules.checkGaps(stream)
    rules.checkCount()
    rules.checkBehind(stream)
    return rules.found
  }

  private init(_ layout: MP3Layout, _ stream: RawSpan, _ byteCount: Int, _ surroundings: MP3Surroundings) {
    self.layout = layout
    self.byteCount = byteCount
    self.surroundings = surroundings
    bytes = byteCount - (stream.has("TAG", at: stream.byteCount - 128) ? 128 : 0)
    rate = Double(layout.first.sampleRate)
  }

  private mutating func add(_ cause: MP3Portability, _ misreadings: [Misreading]) {
    found.append(Portability(.mp3(cause), misreadings))
  }

  private mutating func checkFormat() {
    if layout.walk.runs.contains(where: { $0.kind.freeFormatLength != nil }) {
      add(.freeFormat, [Misreading(.ffmpeg, .nothing)])
    }
    if layout.walk.changeCount > 0 {
      add(
        .formatChanges(layout.walk.changeCount),
        [Misreading(.ffmpeg, .converted), Misreading(.libsndfile, .stops(at: nil))])
    }
    if let metadata = layout.streamMetadata {
      add(
        .streamMetadata(blocks: metadata.blocks.count, bytes: metadata.byteCount),
        [Misreading(.ffmpeg, .drops(seconds: nil))])
    }
  }

  private mutating func checkFront() {
    let junk = surroundings.junkInFront
    guard junk > 0 else { return }
    if junk >= MP3DecoderRules.mostJunkInFront {
      add(.junkInFront(bytes: junk), [Misreading(.mpg123, .nothing), Misreading(.libsndfile, .refused)])
    } else if !layout.headerFrame.isEmpty, layout.header?.kind != .vbri {
      // ffmpeg searches for a header behind the tags only, and plays its frame and what it would have dropped.
      let surplus = layout.first.samples + layout.trim.count
      guard surplus > MP3DecoderRules.tolerance * layout.first.samples else { return }
      add(.junkInFront(bytes: junk), [Misreading(.ffmpeg, .adds(seconds: Double(surplus) / rate))])
    }
  }

  /// ffmpeg takes a tag and the frame behind it for one frame, which it cannot decode.
  private mutating func checkGaps(_ stream: RawSpan) {
    var tags = 0
    for gap in layout.walk.gaps where MP3Tags.begins(stream, at: gap.start) { tags += 1 }
    if tags > 0 { add(.tagsBetween(tags), [Misreading(.ffmpeg, .drops(seconds: nil))]) }
  }

  /// Number of samples that libmpg123 decodes, header frames included that it does not know.
  private var decodable: Int {
    let headers = layout.walk.headerCount + (layout.header?.kind == .vbri ? 1 : 0)
    return layout.walk.samples + headers * layout.first.samples
  }

  /// Number of samples that libmpg123 announces, those that it drops included; `nil` if it cannot tell.
  private var announced: Int? {
    let spf = layout.first.samples
    if let claimed = claimed { return claimed.multipliedReportingOverflow(by: spf).partialValue }
    guard let kind = layout.walk.runs.first?.kind else { return nil }
    // The first frame that it takes for audio: it passes over a Xing header without a count, and plays a VBRI header.
    let isPlayed = !layout.headerFrame.isEmpty && layout.header?.kind == .vbri
    let length = isPlayed ? layout.headerFrame.count : kind.length(layout.walk.runs[0].word)
    guard length > 0 else { return nil }
    return Int(Double(bytes) / Double(length) * Double(spf))
  }

  /// Number of frames that a Xing header claims; `nil` if it claims none.
  private var claimed: Int? {
    guard let header = layout.header, header.kind != .vbri, !header.isBehindChecksum else { return nil }
    return header.frames.flatMap { $0 > 0 ? $0 : nil }
  }

  private mutating func checkCount() {
    guard layout.walk.changeCount == 0, let announced else { return }
    let spf = layout.first.samples
    if announced < decodable - MP3DecoderRules.tolerance * spf {
      add(countCause, [Misreading(.libsndfile, stop(announced))])
    } else if let header = layout.header, let claimed, let claims = header.claimedSamples(samplesPerFrame: spf),
      abs(claimed - layout.walk.frames) > MP3DecoderRules.tolerance,
      Double(abs(claims - layout.playedSamples)) / rate > MP3DecoderRules.lieTolerance
    {
      add(countCause, [Misreading(.libsndfile, .reports(seconds: Double(claims) / rate))])
    } else if layout.header?.frames == 0, layout.header?.kind != .vbri, layout.trim.count > 0 {
      // Without a count libmpg123 drops neither delay nor padding.
      let surplus = Double(layout.trim.count) / rate
      add(
        countCause,
        [Misreading(.mpg123, .adds(seconds: surplus)), Misreading(.libsndfile, .adds(seconds: surplus))])
    }
  }

  private func stop(_ announced: Int) -> Misreading.Effect {
    guard claimed != nil, let header = layout.header else { return .stops(at: Double(announced) / rate) }
    let played = header.claimedSamples(samplesPerFrame: layout.first.samples) ?? announced
    return played > 0 ? .stops(at: Double(played) / rate) : .nothing
  }

  private var countCause: MP3Portability {
    guard let header = layout.header, !header.isBehindChecksum else {
      return layout.walk.headerCount > 0 ? .joined(parts: layout.walk.headerCount + 1) : .noFrameCount
    }
    if layout.walk.headerCount > 0 { return .joined(parts: layout.walk.headerCount + 1) }
    if header.kind == .vbri { return .vbri }
    guard let claims = header.frames else { return .noFrameCount }
    return .frameCount(header: header.kind.rawValue, claimed: claims, counted: layout.walk.frames)
  }

  private mutating func checkBehind(_ stream: RawSpan) {
    let walk = layout.walk
    if let cut = walk.cutFrame {
      add(.lastFrameCut(bytes: max(layout.tagsStart - cut, 0)), [Misreading(.ffmpeg, .mayAdd)])
      return
    }
    var frames = 0
    for range in surroundings.unknownBehind { frames += FalseFrames.framesOfMpg123(stream, range) }
    let junk = surroundings.junkBehind
    if frames == 0, junk > MP3DecoderRules.mostJunkBehind, announced.map({ $0 > decodable }) ?? true {
      add(.junkBehind(bytes: junk), [Misreading(.libsndfile, .failsAtEnd)])
    }
    guard layout.end < stream.byteCount else { return }
    let limit = Double(MP3DecoderRules.tolerance * layout.first.samples) / rate
    var misreadings: [Misreading] = []
    let region = layout.end..<stream.byteCount
    let seconds = FalseFrames.secondsOfFFmpeg(stream, region)
    if seconds > limit { misreadings.append(Misreading(.ffmpeg, .adds(seconds: nil))) }
    if frames > MP3DecoderRules.tolerance { misreadings.append(Misreading(.mpg123, .adds(seconds: nil))) }
    if !misreadings.isEmpty { add(.falseFrames(bytes: region.count), misreadings) }
  }
}
