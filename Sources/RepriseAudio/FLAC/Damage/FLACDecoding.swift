import RepriseSystem

/// A decoding pass over a whole FLAC stream, and the evidence from it.
struct FLACDecoding {
  /// Claims of STREAMINFO.
  let info: FLACLayout.StreamInfo
  /// Metadata with which the frames are decoded.
  let head: FLACHead
  /// Header of the first frame; `nil` if the metadata are not followed by one.
  let first: FLACFrameHeader?
  /// Listener that receives the samples.
  let listener: (any SampleListener)?

  /// Decodes everything and adds the findings to the evidence.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - start: The offset of the first frame.
  ///   - evidence: The evidence.
  ///   - cancellation: Interrupts decoding.
  /// - Returns: The offset of the end of the last frame; `nil` if none was decoded.
  /// - Throws: `AudioFileError` `io` or `cancelled`.
  func run(
    _ file: InputFile, from start: Int, evidence: inout Evidence, cancellation: Cancellation?
  ) throws(AudioFileError) -> Int? {
    let hasMD5 = info.md5.contains { $0 != 0 }
    listener?.begin(format: .flac, sampleRate: info.sampleRate, channels: info.channels)
    let outcome = try FLACChecker.run(
      file, head: head, from: start, hasMD5: hasMD5, cancellation: cancellation,
      listen: listener.map { listener in { if $1 == info.channels { listener.take($0) } } })
    evidence.isFull = true
    evidence.decodedFrames = outcome.frames
    // The frame numbers imply a length other than that of the frames.
    if evidence.countedFrames != outcome.frames { evidence.countedFrames = nil }
    evidence.statistics = outcome.statistics
    evidence.md5 = outcome.md5Matches.map { $0 ? .matches : .differs } ?? (hasMD5 ? nil : .unset)
    if outcome.beyond.samples > 0 {
      let cause = FLACPortability.samplesBeyond(
        bits: info.bitsPerSample, samples: outcome.beyond.samples, frames: outcome.beyond.frames)
      evidence.portability.append(
        Portability(.flac(cause), [Misreading(.libsndfile, .refused), Misreading(.libFLAC, .refused)]))
    }
    let rest = try Rest(file, from: outcome.end)
    if let end = outcome.end, let range = evidence.audioRange, rest.bytes > 0 {
      evidence.audioRange = range.lowerBound..<max(end, range.lowerBound)
      evidence.audioBytes = evidence.audioRange?.count
      evidence.problems.append(.flac(.rest(bytes: rest.bytes, rest.kind)))
    }
    if !hasMD5 { evidence.problems.append(.flac(.noMD5)) }
    judge(outcome, rest: rest, evidence: &evidence)
    if outcome.frames == 0, evidence.corruption == nil, evidence.truncation == nil {
      evidence.corrupt(.flac(.nothingDecoded))
    }
    return outcome.end
  }

  private func seconds(_ samples: Int) -> Double { Double(samples) / Double(info.sampleRate) }

  private func judge(_ outcome: FLACChecker.Outcome, rest: Rest, evidence: inout Evidence) {
    let isShort = info.totalSamples > outcome.frames && outcome.md5Matches != true
    // Numbers that decrease are a sign of two joined streams, or of an encoder that restarted: the samples may be
    // intact.
    if let position = outcome.repeatedAt, info.minimumBlock == info.maximumBlock || first?.isVariable == true {
      evidence.problems.append(.flac(.numbersGoBack(at: seconds(position))))
    }
    for span in outcome.spans {
      evidence.addDamage(from: seconds(span.start), to: seconds(span.end), span.kind)
    }
    if let first = outcome.spans.first {
      let span = DamageSpan(start: seconds(first.start), end: seconds(first.end), kind: first.kind)
      evidence.corrupt(
        .flac(.damage(first: span, places: outcome.spanCount, lostSeconds: seconds(outcome.lost))))
    } else if isShort, let first, first.number > 0 {
      let start = first.firstSample(blockSize: first.blockSize)
      evidence.truncate(
        .flac(
          .partOfLonger(
            start: seconds(start), seconds: seconds(outcome.frames), of: seconds(info.totalSamples))))
    } else if isShort {
      evidence.addDamage(from: seconds(outcome.frames), to: seconds(info.totalSamples), .missing)
      evidence.truncate(.flac(.truncated(seconds: seconds(outcome.frames), of: seconds(info.totalSamples))))
    } else if outcome.md5Matches == false, (1..<outcome.frames).contains(info.totalSamples) {
      // The header is that of an earlier, shorter file: every checksum of the frames is right.
      evidence.hasStaleMD5 = true
    } else if outcome.md5Matches == false {
      evidence.corrupt(.flac(.md5Differs))
    } else if outcome.md5Matches == nil, rest.isFrame,
      rest.hasHeader || outcome.errorCount > 0 || rest.bytes < FLACFrameHeader.mostBytes
    {
      evidence.addDamage(from: seconds(outcome.frames), to: seconds(outcome.frames), .missing)
      evidence.truncate(.flac(.lastFrameCut(at: seconds(outcome.frames))))
    }
  }

  /// The bytes after the last frame that could be decoded.
  private struct Rest {
    /// Number of bytes.
    let bytes: Int
    /// Kind of content.
    let kind: FLACFinding.Rest
    /// `true` if the bytes begin like a frame.
    let isFrame: Bool
    /// `true` if the bytes begin with a whole header of a frame.
    let hasHeader: Bool

    init(_ file: borrowing InputFile, from end: Int?) throws(AudioFileError) {
      bytes = max(file.byteCount - (end ?? file.byteCount), 0)
      let head = try file.bytes(at: file.byteCount - bytes, count: 4096)
      isFrame = head.count > 1 && head[0] == 0xFF && head[1] & 0xFE == 0xF8
      hasHeader = FLACFrameHeader(head, at: 0) != nil
      if ["TAG", "APETAGEX", "ID3", "LYRICSBEGIN"].contains(where: { head.has($0) }) {
        kind = .tag
      } else if bytes > 0, head.allSatisfy({ $0 == 0 }) {
        kind = .zeros
      } else if head.has("fLaC") {
        kind = .anotherStream
      } else {
        kind = isFrame ? .damagedFrame : .unknown
      }
    }
  }
}
