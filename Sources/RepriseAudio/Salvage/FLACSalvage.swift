import RepriseSystem

/// Takes the whole frames out of a damaged flac: those that decode, and whose checksums are right.
///
/// libFLAC is not used: it resumes after damage at what looks like a frame, and fills in what it misses. The number of a
/// frame tells what is missing before it.
struct FLACSalvage {
  private let file: InputFile
  private let info: FLACLayout.StreamInfo
  private let decoder: FLACFrameDecoder
  private let mode: SalvageMode
  private let start: Int
  private var offset: Int
  private var window: [UInt8] = []
  private var windowStart = 0
  /// Number of the sample after the last one, as the frames count, and of the first one of the recording.
  private var next = 0
  private var base: Int?
  /// Number of samples per channel that are kept.
  private var kept = 0
  /// Stretches that are lost, in samples from the start of the recording, and the silence in their places.
  private var losses: [(range: Range<Int>, filled: Int)] = []
  /// Number of samples of the headers since the last whole frame.
  private var unfinished = 0
  private var failed = 0
  private var isOver = false
  private var filled = 0

  /// Number of samples, over all channels, of frames that may fail to decode; a hostile file is full of headers.
  private static let mostFailed = 1 << 28
  /// Largest number of missing samples per channel that are believed where the header tells no total.
  private static let mostMissing = 1 << 26
  /// Largest number of samples per channel of silence, over all losses.
  private static let mostSilence = 1 << 30
  private static let windowBytes = 1 << 20

  /// Writes the whole frames of a flac to a temporary file, as flac.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - offset: The offset of its marker.
  ///   - mode: The way to go on at losses.
  ///   - cancellation: Interrupts the search.
  /// - Returns: What is left; `nil` if nothing is whole, or nothing is lost.
  /// - Throws: `AudioFileError` if the file cannot be read, or the result cannot be written.
  static func salvage(
    _ file: InputFile, offset: Int, mode: SalvageMode, cancellation: Cancellation?
  ) throws(AudioFileError) -> SalvagedAudio? {
    let layout = try FLACLayout(file, start: offset)
    guard let start = layout.audioStart, try FLACStreams.others(file, from: start).isEmpty else { return nil }
    let first = FLACFrameHeader(try file.bytes(at: start, count: FLACFrameHeader.mostBytes), at: 0)
    guard let head = layout.head(first: first), let info = FLACLayout.StreamInfo(head.streamInfo), info.sampleRate > 0,
      (4...32).contains(info.bitsPerSample)
    else { return nil }
    let made = try InputFile.written(for: file.path) { name throws(AudioFileError) -> SalvageFacts? in
      var search = FLACSalvage(file, info, from: start, mode: mode)
      var writer = try AudioEncoder(
        path: name, encoding: .flac(bitsPerSample: info.bitsPerSample), sampleRate: info.sampleRate,
        channels: info.channels)
      while let found = try search.step(cancellation) {
        var silence = found.silence
        while silence > 0 {
          if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
          let count = min(silence, 1 << 14)
          try writer.write([Int32](repeating: 0, count: count * info.channels))
          silence -= count
        }
        try writer.write(found.samples)
      }
      try writer.finish()
      return search.facts()
    }
    return made.map { SalvagedAudio(file: $0.file, facts: $0.result) }
  }

  init(_ file: InputFile, _ info: FLACLayout.StreamInfo, from start: Int, mode: SalvageMode) {
    self.file = file
    self.info = info
    self.mode = mode
    self.start = start
    offset = start
    decoder = FLACFrameDecoder(bits: info.bitsPerSample)
  }

  /// Returns the samples of the next whole frame, left-justified, and the number of samples per channel of silence
  /// before them; `nil` at the end.
  mutating func step(_ cancellation: Cancellation?) throws(AudioFileError) -> (silence: Int, samples: [Int32])? {
    while !isOver, offset < file.byteCount {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
      try fill(FLACFrameHeader.mostBytes)
      let place = offset - windowStart
      if let header = FLACFrameHeader(window, at: place), isOwn(header), let frame = try decode(header) {
        let silence = note(header, count: frame.channels.first?.count ?? 0)
        offset += frame.byteCount
        return (silence, samples(of: frame))
      }
      let last = max(window.count - FLACFrameHeader.mostBytes, place + 1)
      offset = windowStart + (FLACFrameHeader.sync(window, from: place + 1, to: last) ?? last)
    }
    return nil
  }

  /// What is left and what is not; `nil` if nothing is, or nothing is lost.
  func facts() -> SalvageFacts? {
    guard let base, kept > 0 else { return nil }
    var losses = losses
    let end = next - base
    if info.totalSamples > 0, base == 0 {
      if end < info.totalSamples { losses.append((end..<info.totalSamples, 0)) }
    } else if unfinished > 0 {
      losses.append((end..<end + unfinished, 0))
    }
    guard !losses.isEmpty else { return nil }
    func seconds(_ samples: Int) -> Double { Double(samples) / Double(info.sampleRate) }
    return SalvageFacts(
      mode: mode, kept: .samples,
      losses: losses.map {
        SalvageLoss(start: seconds($0.range.lowerBound), end: seconds($0.range.upperBound), filled: seconds($0.filled))
      }, seconds: seconds(kept + losses.reduce(0) { $0 + $1.filled }))
  }

  // MARK: Frames

  /// Returns `true` if a frame can be one of the stream.
  private func isOwn(_ header: FLACFrameHeader) -> Bool {
    header.channels == info.channels && header.sampleRate ?? info.sampleRate == info.sampleRate
      && header.bitsPerSample ?? info.bitsPerSample == info.bitsPerSample
  }

  /// Returns the frame at the offset; `nil` if it is not whole.
  private mutating func decode(_ header: FLACFrameHeader) throws(AudioFileError) -> FLACFrameDecoder.Frame? {
    guard failed < FLACSalvage.mostFailed else {
      isOver = true
      return nil
    }
    // Coded samples take little more than plain ones.
    let plain = header.blockSize * header.channels * (info.bitsPerSample + 1) / 8
    let most = plain + plain / 4 + 1024
    try fill(most)
    let place = offset - windowStart
    if let frame = decoder.decode(Array(window[place..<min(place + most, window.count)])) { return frame }
    failed += header.blockSize * header.channels
    unfinished = min(unfinished + header.blockSize, FLACSalvage.mostMissing)
    return nil
  }

  /// Records a whole frame, and returns the number of samples per channel of silence before it.
  private mutating func note(_ header: FLACFrameHeader, count: Int) -> Int {
    let size = info.minimumBlock == info.maximumBlock && info.maximumBlock > 0 ? info.maximumBlock : header.blockSize
    let number = header.firstSample(blockSize: size)
    // A part that was cut out of a longer stream keeps its numbers.
    if base == nil, offset == start { (base, next) = (number, number) }
    let missing = number - (base == nil ? 0 : next)
    let origin = base ?? 0
    // A total that is too small does not make the numbers wrong.
    let isLikely = number + count <= info.totalSamples || missing <= FLACSalvage.mostMissing
    var silence = 0
    if missing > 0, isLikely {
      silence = mode == .silence && filled + missing <= FLACSalvage.mostSilence ? missing : 0
      filled += silence
      let begin = number - missing - origin
      losses.append((begin..<begin + missing, silence))
      if base == nil { base = 0 }
    } else if missing != 0 || base == nil {
      // The numbers begin anew, as where an encoder restarted; what is missing there is not known.
      base = number - (base == nil ? 0 : next - origin)
    }
    next = number + count
    kept += count
    unfinished = 0
    return silence
  }

  /// Returns the samples of a frame, left-justified, and clipped to their width.
  private func samples(of frame: FLACFrameDecoder.Frame) -> [Int32] {
    let (low, high) = (-(1 << (info.bitsPerSample - 1)), 1 << (info.bitsPerSample - 1) - 1)
    let (width, count) = (frame.channels.count, frame.channels.first?.count ?? 0)
    let shift = Int32(32 - info.bitsPerSample)
    var block = [Int32](repeating: 0, count: width * count)
    for (channel, samples) in frame.channels.enumerated() {
      for (index, sample) in samples.enumerated() {
        block[index * width + channel] = Int32(min(max(sample, low), high)) << shift
      }
    }
    return block
  }

  /// Reads so that the window holds a number of bytes from the offset on, or all there are.
  private mutating func fill(_ count: Int) throws(AudioFileError) {
    let end = min(offset + count, file.byteCount)
    guard offset < windowStart || end > windowStart + window.count else { return }
    window = try file.bytes(at: offset, count: max(count, FLACSalvage.windowBytes))
    windowStart = offset
    guard windowStart + window.count >= end else { throw AudioFileError.changed(file.path) }
  }
}
