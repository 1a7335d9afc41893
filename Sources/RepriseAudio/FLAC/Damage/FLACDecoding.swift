import RepriseSystem

/// A whole FLAC stream decoded, and what that says of it.
struct FLACDecoding {
  /// What its header claims.
  let info: FLACLayout.StreamInfo
  /// Its first frame's header, if there is one where the metadata end.
  let first: FLACFrameHeader?
  /// What hears its samples.
  let listener: (any SampleListener)?

  /// Decodes everything and adds what was found to the evidence.
  func run(
    _ file: borrowing InputFile, offset: Int, evidence: inout Evidence, cancellation: Cancellation?
  ) throws(AudioFileError) {
    let hasMD5 = info.md5.contains { $0 != 0 }
    listener?.begin(format: .flac, sampleRate: info.sampleRate, channels: info.channels)
    let outcome = try FLACChecker.run(
      file, from: offset, hasMD5: hasMD5, cancellation: cancellation,
      listen: listener.map { listener in { if $1 == info.channels { listener.take($0) } } })
    evidence.isFull = true
    evidence.decodedFrames = outcome.frames
    // The frames' numbers told another length than the frames.
    if evidence.countedFrames != outcome.frames { evidence.countedFrames = nil }
    evidence.statistics = outcome.statistics
    evidence.md5 = outcome.md5Matches.map { $0 ? .matches : .differs } ?? .unset
    let rest = try Rest(file, from: outcome.end)
    if let end = outcome.end, let range = evidence.audioRange, rest.bytes > 0 {
      evidence.audioRange = range.lowerBound..<max(end, range.lowerBound)
      evidence.audioBytes = evidence.audioRange?.count
      evidence.problems.append(.flac(.rest(bytes: rest.bytes, rest.kind)))
    }
    if outcome.md5Matches == nil { evidence.problems.append(.flac(.noMD5)) }
    judge(outcome, rest: rest, evidence: &evidence)
    if outcome.frames == 0, evidence.corruption == nil, evidence.truncation == nil {
      evidence.corrupt(.flac(.nothingDecoded))
    }
  }

  private func seconds(_ samples: Int) -> Double { Double(samples) / Double(info.sampleRate) }

  private func judge(_ outcome: FLACChecker.Outcome, rest: Rest, evidence: inout Evidence) {
    let isShort = info.totalSamples > outcome.frames && outcome.md5Matches != true
    // Numbers that go back are what is left of two streams, or of an encoder that began anew: the samples may be whole.
    if let place = outcome.repeatedAt, info.minimumBlock == info.maximumBlock || first?.isVariable == true {
      evidence.problems.append(.flac(.numbersGoBack(at: seconds(place))))
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
      evidence.truncate(.flac(.truncated(seconds: seconds(outcome.frames), of: seconds(info.totalSamples))))
    } else if outcome.md5Matches == false {
      evidence.corrupt(.flac(.md5Differs))
    } else if outcome.md5Matches == nil, rest.isFrame, outcome.errorCount > 0 || rest.bytes < FLACFrameHeader.mostBytes
    {
      evidence.truncate(.flac(.lastFrameCut(at: seconds(outcome.frames))))
    }
  }

  /// What stands behind the last frame that could be decoded.
  private struct Rest {
    /// How much it is.
    let bytes: Int
    /// What it is.
    let kind: FLACFinding.Rest
    /// Whether it begins like a frame.
    let isFrame: Bool

    init(_ file: borrowing InputFile, from end: Int?) throws(AudioFileError) {
      bytes = max(file.byteCount - (end ?? file.byteCount), 0)
      let head = try file.bytes(at: file.byteCount - bytes, count: 4096)
      isFrame = head.count > 1 && head[0] == 0xFF && head[1] & 0xFE == 0xF8
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
