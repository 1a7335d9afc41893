import RepriseSystem

/// Takes the samples that are there, and that are numbers, out of a damaged wav, by their bytes.
enum WaveSalvage {
  /// Number of frames up to which whole samples between others that are not numbers are given up.
  private static let shortest = 64

  /// Writes the whole samples of a wav to a temporary file, as wav.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - offset: The offset of its header.
  ///   - mode: The way to go on at losses.
  ///   - cancellation: Interrupts the search.
  /// - Returns: What is left; `nil` if nothing is whole, or nothing is lost.
  /// - Throws: `AudioFileError` if the file cannot be read, or the result cannot be written.
  static func salvage(
    _ file: InputFile, offset: Int, mode: SalvageMode, cancellation: Cancellation?
  ) throws(AudioFileError) -> SalvagedAudio? {
    guard let layout = try WaveLayout(file, offset: offset), let format = layout.format, format.encoding != nil,
      format.frameBytes > 0, format.sampleRate > 0, layout.anotherWave == nil
    else { return nil }
    let width = format.frameBytes
    let total = layout.sampleRanges(frameBytes: width).reduce(0) { $0 + $1.count } / width
    let bad = try invalid(file, offset: offset, format, cancellation)
    func seconds(_ frames: Int) -> Double { Double(frames) / Double(format.sampleRate) }
    var losses: [SalvageLoss] = []
    var body = ByteSplice()
    var (position, frames) = (0, 0)
    func keep(to end: Int) -> Bool {
      guard end > position else { return true }
      guard let ranges = layout.byteRanges(of: position..<end, frameBytes: width) else { return false }
      for range in ranges { body.append(range) }
      frames += end - position
      return true
    }
    for stretch in bad {
      guard keep(to: stretch.lowerBound) else { return nil }
      let filled = mode == .silence ? stretch.count : 0
      if filled > 0 { body.append([UInt8](repeating: 0, count: filled * width)) }
      frames += filled
      losses.append(
        SalvageLoss(start: seconds(stretch.lowerBound), end: seconds(stretch.upperBound), filled: seconds(filled)))
      position = stretch.upperBound
    }
    guard keep(to: total) else { return nil }
    if layout.claim == .unmet {
      losses.append(SalvageLoss(start: seconds(total), end: seconds(max(layout.declaredBytes / width, total))))
    }
    guard frames > 0, bad.reduce(0, { $0 + $1.count }) < total, !losses.isEmpty else { return nil }
    var splice = ByteSplice()
    splice.append(WaveHeader.make(format: layout.formatChunk, data: frames * width, frames: frames))
    for piece in body.pieces {
      switch piece {
      case .bytes(let bytes): splice.append(bytes)
      case .source(let range): splice.append(range)
      }
    }
    if frames * width % 2 == 1 { splice.append([0]) }
    return SalvagedAudio(
      file: try InputFile.copy(of: splice, from: file, cancellation: cancellation),
      facts: SalvageFacts(mode: mode, kept: .bytes, losses: losses, seconds: seconds(frames)))
  }

  /// Returns the stretches of frames with samples that are not numbers, in order.
  private static func invalid(
    _ file: InputFile, offset: Int, _ format: WaveLayout.Format, _ cancellation: Cancellation?
  ) throws(AudioFileError) -> [Range<Int>] {
    guard case .float = format.encoding else { return [] }
    let reader = try WaveReader(file, offset: offset)
    var found: [Range<Int>] = []
    var position = 0
    let most = max(AudioDecoder.blockSamples / reader.channels, 1)
    while true {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
      var block = [Float](repeating: 0, count: most * reader.channels)
      let count = try reader.read(into: &block)
      guard count > 0 else { return found }
      for (index, sample) in block.prefix(count * reader.channels).enumerated() where !sample.isFinite {
        let frame = position + index / reader.channels
        if let last = found.last, frame <= last.upperBound + shortest {
          found[found.count - 1] = last.lowerBound..<max(frame + 1, last.upperBound)
        } else {
          found.append(frame..<frame + 1)
        }
      }
      position += count
    }
  }
}
