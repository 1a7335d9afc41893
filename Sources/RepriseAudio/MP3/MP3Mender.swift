import RepriseSystem

/// Rewrites an mp3 around its own frames: one header in front that is true of all of them, and nothing between them.
enum MP3Mender {
  /// Plans to rewrite a file whose frames are whole.
  ///
  /// - Parameters:
  ///   - stream: The bytes to which the offsets of the layout refer.
  ///   - layout: The layout of the file.
  ///   - surroundings: What is before and after its frames.
  ///   - passed: Called now and then with an offset before which nothing is read again soon.
  /// - Returns: The way to rewrite it; `nil` if its frames cannot follow each other under one header.
  static func mending(
    _ stream: RawSpan, _ layout: MP3Layout, _ surroundings: MP3Surroundings, passed: (Int) -> Void
  ) -> Mending? {
    let walk = layout.walk
    guard walk.frames > 0, !walk.isShattered, walk.changeCount == 0, let kind = walk.runs.first?.kind,
      kind.freeFormatLength == nil, walk.runs.allSatisfy({ $0.kind == kind }),
      let head = head(stream, layout, passed: passed)
    else { return nil }
    var repairs: [Repair] = []
    func note(_ repair: MP3Repair) { repairs.append(.mp3(repair)) }
    var splice = ByteSplice()
    func add(_ range: Range<Int>) { for part in layout.fileRanges(range) { splice.append(part) } }

    let front = surroundings.front.filter { $0.kind == .id3v2 }
    for piece in front { add(piece.range) }
    let behind = back(stream, layout, surroundings)
    if front.isEmpty, let tag = behind.moved {
      add(tag)
      note(.movedTag(bytes: tag.count))
    }
    let junk = surroundings.front.filter { $0.kind != .id3v2 }.reduce(0) { $0 + $1.range.count }
    if junk > 0 { note(.junkInFront(bytes: junk)) }
    if let metadata = layout.streamMetadata {
      note(.streamMetadata(blocks: metadata.blocks.count, bytes: metadata.byteCount))
    }
    splice.append(head.bytes)
    note(.header)
    if head.hasLeadIn { note(.leadIn) }
    for run in walk.runs { add(run.start..<run.end) }
    if walk.headerCount > 0 { note(.innerHeaders(walk.headerCount)) }
    let gaps = walk.gaps.reduce(0) { $0 + $1.end - $1.start }
    if gaps > 0 { note(.tags(bytes: gaps)) }
    if let cut = walk.cutFrame { note(.lastFrame(bytes: max(layout.tagsStart - cut, 0))) }
    let dropped = behind.dropped - (front.isEmpty ? behind.moved?.count ?? 0 : 0)
    if dropped > 0, walk.cutFrame == nil { note(.junkBehind(bytes: dropped)) }
    if let kept = behind.kept { add(kept) }
    return Mending(repairs: repairs, result: splice, frames: layout.playedSamples)
  }

  /// Returns what becomes of the bytes behind the last frame.
  ///
  /// Tags at the very end stay if no decoder takes parts of them for frames, else only ID3v1 does, which all of them know.
  private static func back(
    _ stream: RawSpan, _ layout: MP3Layout, _ surroundings: MP3Surroundings
  ) -> (moved: Range<Int>?, kept: Range<Int>?, dropped: Int) {
    let end = stream.byteCount
    let all = layout.end..<end
    let moved = surroundings.behind.first { $0.kind == .id3v2 && $0.range.upperBound <= layout.tagsStart }?.range
    var kept = layout.tagsStart..<end
    let limit = Double(layout.first.samples) / Double(layout.first.sampleRate)
    if !kept.isEmpty,
      FalseFrames.secondsOfFFmpeg(stream, kept) > limit || FalseFrames.framesOfMpg123(stream, kept) > 0
    {
      kept = stream.has("TAG", at: end - 128) && end - 128 >= layout.end ? end - 128..<end : end..<end
    }
    return (moved, kept.isEmpty ? nil : kept, all.count - kept.count)
  }

  /// Returns the frame of the header, and a frame of silence behind it if the source has no delay that a header could
  /// state: decoders drop 529 samples behind any header.
  static func head(
    _ stream: RawSpan, _ layout: MP3Layout, passed: (Int) -> Void
  ) -> (bytes: [UInt8], hasLeadIn: Bool)? {
    var header = MP3HeaderFrame(layout)
    var carrier: [UInt8] = []
    let spf = layout.first.samples
    if layout.trim.front >= MP3Header.decoderDelay {
      header.delay = layout.trim.front - MP3Header.decoderDelay
    } else {
      guard layout.trim.front == 0, let first = layout.walk.runs.first, let word = stream.big32(at: first.start),
        let silence = try? MP3Lead.carrier(like: leadWord(stream, first, word), holding: [], layout: layout)
      else { return nil }
      carrier = silence
      header.delay = spf - MP3Header.decoderDelay
      header.add(carrier)
    }
    header.padding = layout.trim.back.count + MP3Header.decoderDelay
    guard (0...4095).contains(header.delay), header.padding <= 4095 else { return nil }
    var cursor = MP3FrameCursor(layout.walk)
    while let frame = cursor.next(stream) {
      header.add(stream, frame)
      if frame.index & 511 == 0 { passed(frame.offset) }
    }
    let ranges = layout.walk.runs.map { $0.start..<$0.end }
    for range in ranges {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: MappedBytes.forgotten) {
        let end = min(start + MappedBytes.forgotten, range.upperBound)
        header.addMusic(stream.extracting(start..<end))
        passed(end)
      }
    }
    let frame = header.bytes(positions: ranges, in: stream, kind: layout.kind, passed: passed)
    return (frame + carrier, !carrier.isEmpty)
  }

  /// Returns the header of the frame of silence: that of the first frame, at the lowest bit rate if that wants bytes
  /// before it, which are missing and must stay so.
  private static func leadWord(_ stream: RawSpan, _ first: MP3Walk.Run, _ word: UInt32) -> UInt32 {
    let side = first.start + (word >> 16 & 1 == 0 ? 6 : 4)
    let begin = stream.byte(at: side) ?? 0
    let rest = word >> 19 & 1 == 1 ? (stream.byte(at: side + 1) ?? 0) & 0x80 : 0
    return begin == 0 && rest == 0 ? word : word & 0xFFFF_0FFF | 1 << 12
  }
}
