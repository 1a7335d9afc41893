import RepriseSystem

/// A whole FLAC stream decoded, and what that says of it.
struct FLACDecoding {
  /// What its header claims.
  let info: FLACLayout.StreamInfo
  /// Its first frame's header, if there is one where the metadata end.
  let first: FLACFrameHeader?
  /// The file, for messages.
  let path: String
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
      evidence.problems.append(
        "\(counted(rest.bytes, "byte")) behind the last frame \(rest.bytes == 1 ? "is" : "are") \(rest.name)")
    }
    if outcome.md5Matches == nil { evidence.problems.append("its header has no MD5 to compare the samples with") }
    judge(outcome, rest: rest, evidence: &evidence)
    if outcome.frames == 0, evidence.corruption == nil, evidence.truncation == nil {
      evidence.corrupt("not one frame of it can be decoded")
    }
  }

  private func seconds(_ samples: Int) -> Double { Double(samples) / Double(info.sampleRate) }
  private func time(_ samples: Int) -> String { describe(seconds: seconds(samples)) }

  private func judge(_ outcome: FLACChecker.Outcome, rest: Rest, evidence: inout Evidence) {
    let isShort = info.totalSamples > outcome.frames && outcome.md5Matches != true
    // Numbers that go back are what is left of two streams, or of an encoder that began anew: the samples may be whole.
    if let place = outcome.repeatedAt, info.minimumBlock == info.maximumBlock || first?.isVariable == true {
      evidence.problems.append(
        "the frames' numbers go back at \(time(place)): two streams in one, or a part of one twice")
    }
    for span in outcome.spans {
      evidence.addDamage(from: seconds(span.start), to: seconds(span.end), span.kind)
    }
    if let worst = outcome.spans.first {
      evidence.corrupt(sentence(outcome, first: worst))
    } else if isShort, let first, first.number > 0 {
      let start = first.firstSample(blockSize: first.blockSize)
      evidence.truncate(
        "it is a part of a longer stream: it begins at \(time(start)), and \(time(outcome.frames)) of "
          + "\(time(info.totalSamples)) are there; get a complete copy, or write it again: \(conversion(of: path))")
    } else if isShort {
      evidence.truncate(
        "it ends early: \(time(outcome.frames)) of \(time(info.totalSamples)) are there; get a complete copy")
    } else if outcome.md5Matches == false {
      evidence.corrupt("the MD5 of its samples is not the one in its header: they are not what was encoded")
    } else if outcome.md5Matches == nil, rest.isFrame, outcome.errorCount > 0 || rest.bytes < FLACFrameHeader.mostBytes
    {
      evidence.truncate("its last frame, at \(time(outcome.frames)), is cut off or damaged; get a complete copy")
    }
  }

  /// Where the damage is, and how much.
  private func sentence(_ outcome: FLACChecker.Outcome, first: FLACChecker.Span) -> String {
    func number(_ samples: Int) -> Substring { describe(seconds: seconds(samples)).dropLast(2) }
    let place =
      first.start == first.end ? "at \(time(first.start))" : "at \(number(first.start))–\(time(first.end))"
    let count = outcome.spanCount == 1 ? "1 place" : "\(outcome.spanCount) places, the first"
    return "damage \(place): \(first.kind); \(count), \(time(outcome.lost)) lost in all; get an undamaged copy"
  }

  /// What stands behind the last frame that could be decoded.
  private struct Rest {
    /// How much it is.
    let bytes: Int
    /// What it is: "a tag".
    let name: String
    /// Whether it begins like a frame.
    let isFrame: Bool

    init(_ file: borrowing InputFile, from end: Int?) throws(AudioFileError) {
      bytes = max(file.byteCount - (end ?? file.byteCount), 0)
      let head = try file.bytes(at: file.byteCount - bytes, count: 4096)
      isFrame = head.count > 1 && head[0] == 0xFF && head[1] & 0xFE == 0xF8
      if ["TAG", "APETAGEX", "ID3", "LYRICSBEGIN"].contains(where: { head.has($0) }) {
        name = "a tag"
      } else if bytes > 0, head.allSatisfy({ $0 == 0 }) {
        name = "zeros"
      } else if head.has("fLaC") {
        name = "another flac, which hardly anything plays"
      } else {
        name = isFrame ? "a frame that is cut off or damaged" : "no frame"
      }
    }
  }
}
