/// Several wavs in one file, joined byte by byte.
enum WaveParts {
  /// Largest number of wavs that are looked for.
  private static let most = 10_000

  /// Adds the finding about the wavs behind the first one, of which no decoder plays more than one.
  static func add(
    _ layout: WaveLayout, format: WaveLayout.Format, file: borrowing InputFile, to evidence: inout Evidence
  ) throws(AudioFileError) {
    guard layout.anotherWave != nil, let frames = evidence.countedFrames, let start = layout.dataOffset else { return }
    let first = Double(frames) / Double(format.sampleRate)
    var parts = [Inspection.TimeSpan(start: 0, end: first)]
    var (next, end) = (layout.anotherWave, first)
    while let offset = next, parts.count < most, let layout = try WaveLayout(file, offset: offset) {
      let seconds = layout.format.flatMap { format -> Double? in
        guard format.frameBytes > 0, format.sampleRate > 0 else { return nil }
        let bytes = layout.sampleRanges(frameBytes: format.frameBytes).reduce(0) { $0 + $1.count }
        return Double(bytes / format.frameBytes) / Double(format.sampleRate)
      }
      parts.append(Inspection.TimeSpan(start: end, end: end + (seconds ?? 0)))
      end += seconds ?? 0
      next = layout.anotherWave
    }
    // The audio is all of them, so that the file is not taken for a copy of its first part.
    evidence.audioRange = start..<file.byteCount
    evidence.audioBytes = file.byteCount - start
    evidence.countedSeconds = end
    evidence.countedFrames = Int((end * Double(format.sampleRate)).rounded())
    evidence.addDamage(from: first, to: end, .anotherFile)
    evidence.several = .wave(.severalWaves(FirstOf(parts)))
    evidence.problems.append(.wave(.severalWaves(FirstOf(parts))))
  }
}
