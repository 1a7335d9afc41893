/// A skim of a flac: its metadata, its first and last frame, and frame headers at a few places between.
enum FLACSkim {
  /// Numbers of bytes before the end that are read to find the last frame.
  private static let windows = [1 << 14, 1 << 16]
  /// Number of zeros at the end that are examined.
  private static let mostZeros = 1 << 13
  /// Smallest and largest number of bytes of a probe, which should hold a frame header.
  private static let probeBytes = 1 << 12...1 << 15

  /// Gathers the evidence of the file whose "fLaC" marker is at `offset`.
  static func evidence(_ file: borrowing InputFile, offset: Int) throws(AudioFileError) -> Evidence {
    var evidence = Evidence(codec: "flac")
    let layout = try FLACLayout(file, start: offset)
    if offset > 0 { evidence.problems.append(.flac(.tagsInFront(bytes: offset))) }
    if layout.otherBlocks.count > 0 { evidence.problems.append(.flac(.sideBlocks(layout.otherBlocks))) }
    guard let info = layout.streamInfo else {
      try examine(file, without: layout, evidence: &evidence)
      return evidence
    }
    evidence.sampleRate = info.sampleRate
    evidence.channels = info.channels
    evidence.encoding = .integer(bits: info.bitsPerSample)
    guard let start = layout.audioStart else {
      evidence.truncate(.flac(.endsInMetadata))
      return evidence
    }
    let first = FLACFrameHeader(try file.bytes(at: start, count: 32), at: 0)
    if let finding = FLACInspector.contradiction(info, first: first) {
      evidence.corrupt(.flac(finding))
      return evidence
    }
    evidence.audioBytes = file.byteCount - start
    evidence.audioRange = start..<file.byteCount
    if info.totalSamples > 0 {
      evidence.declaredSeconds = Double(info.totalSamples) / Double(info.sampleRate)
      evidence.countedFrames = info.totalSamples
    }
    guard let first, first.number == 0 else {
      evidence.doubt(.corrupt, .skimmedNoFrames(offset: start, bytes: 32, areZeros: false))
      return evidence
    }
    guard let tail = try FLACTail.find(file, from: start, first: first, windows: windows, mostZeros: mostZeros) else {
      evidence.doubt(.truncated, .skimmedEnd(offset: file.byteCount))
      return evidence
    }
    evidence.countedFrames = tail.totalSamples
    evidence.audioBytes = tail.end - start
    evidence.audioRange = start..<tail.end
    compare(tail, with: info, fileBytes: file.byteCount, evidence: &evidence)
    try addPortability(file, layout, first: first, tail: tail, to: &evidence)
    try probe(file, from: start, first: first, tail: tail, evidence: &evidence)
    return evidence
  }

  /// Takes from the first and the last frame what no STREAMINFO tells.
  private static func examine(
    _ file: borrowing InputFile, without layout: FLACLayout, evidence: inout Evidence
  ) throws(AudioFileError) {
    guard let start = layout.audioStart, let first = FLACFrameHeader(try file.bytes(at: start, count: 32), at: 0),
      first.number == 0, let rate = first.sampleRate, let bits = first.bitsPerSample
    else { return evidence.corrupt(.flac(.noStreamInfo)) }
    evidence.sampleRate = rate
    evidence.channels = first.channels
    evidence.encoding = .integer(bits: bits)
    guard let tail = try FLACTail.find(file, from: start, first: first, windows: windows, mostZeros: mostZeros) else {
      return evidence.doubt(.truncated, .skimmedEnd(offset: file.byteCount))
    }
    evidence.countedFrames = tail.totalSamples
    evidence.audioBytes = tail.end - start
    evidence.audioRange = start..<tail.end
    try addPortability(file, layout, first: first, tail: tail, to: &evidence)
  }

  /// Compares the claims of STREAMINFO with the end of the stream.
  private static func compare(
    _ tail: FLACTail, with info: FLACLayout.StreamInfo, fileBytes: Int, evidence: inout Evidence
  ) {
    if info.totalSamples != tail.totalSamples {
      let rate = Double(info.sampleRate)
      evidence.doubt(
        .headerLies,
        .skimmedLength(claimed: evidence.declaredSeconds, likely: Double(tail.totalSamples) / rate))
    }
    // libFLAC reports an error for anything that follows the last frame.
    if tail.end < fileBytes {
      evidence.doubt(.notPortable, .skimmedRest(bytes: fileBytes - tail.end, tail.behind.reversed()))
    }
  }

  /// Adds what decoders misread of the metadata and of the first frame.
  private static func addPortability(
    _ file: borrowing InputFile, _ layout: FLACLayout, first: FLACFrameHeader, tail: FLACTail,
    to evidence: inout Evidence
  ) throws(AudioFileError) {
    let causes = try FLACDecoders(file, layout, first: first, counted: tail.totalSamples, end: tail.end).portability()
    evidence.portability += causes.filter { portability in
      switch portability.cause {
      // The length is doubtful in a skim, and so is the end.
      case .flac(.total), .flac(.behind): false
      default: true
      }
    }
  }

  /// Looks for frame headers whose numbers ascend at a few places.
  private static func probe(
    _ file: borrowing InputFile, from start: Int, first: FLACFrameHeader, tail: FLACTail, evidence: inout Evidence
  ) throws(AudioFileError) {
    let frames = max(tail.totalSamples / max(first.blockSize, 1), 1)
    let length = (tail.start - start) / frames
    let size = min(max(2 * length + 64, probeBytes.lowerBound), probeBytes.upperBound)
    // Frames that are longer than a probe may be missed by it.
    guard tail.start - start > 4 * size, size > length else { return }
    var before = 0
    for share in Skim.places {
      let offset = start + Int(Double(tail.start - size - start) * share)
      let bytes = try file.bytes(at: offset, count: size)
      guard let number = number(in: bytes, after: before, first: first, tail: tail) else {
        evidence.doubt(
          .corrupt,
          .skimmedNoFrames(offset: offset, bytes: bytes.count, areZeros: bytes.allSatisfy { $0 == 0 }))
        continue
      }
      before = number
    }
  }

  /// Returns the number of the first sample of a frame that goes with the first frame and lies between two others.
  private static func number(
    in bytes: [UInt8], after before: Int, first: FLACFrameHeader, tail: FLACTail
  ) -> Int? {
    let last = tail.last.firstSample(blockSize: first.blockSize)
    var position = 0
    while let sync = FLACFrameHeader.sync(bytes, from: position, to: bytes.count) {
      position = sync + 1
      guard let frame = FLACFrameHeader(bytes, at: sync), frame.goes(with: first) else { continue }
      let number = frame.firstSample(blockSize: first.blockSize)
      if number > before, number < last { return number }
    }
    return nil
  }
}
