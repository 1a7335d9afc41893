/// Remarks on a wav other than on its samples.
enum WaveRemarks {
  /// Adds all findings about the bytes around the samples, harmless ones included, and the way to mend them.
  ///
  /// - Parameters:
  ///   - layout: The layout of the file.
  ///   - format: The format of the samples.
  ///   - file: The file.
  ///   - offset: The offset of the header.
  ///   - evidence: The evidence.
  /// - Throws: `AudioFileError` if the file cannot be read.
  static func add(
    _ layout: WaveLayout, format: WaveLayout.Format, file: borrowing InputFile, offset: Int,
    to evidence: inout Evidence
  ) throws(AudioFileError) {
    let byteRate = Double(format.frameBytes) * Double(format.sampleRate)
    func seconds(_ bytes: Int) -> Double { Double(bytes) / byteRate }
    func note(_ finding: WaveFinding) { evidence.problems.append(.wave(finding)) }
    evidence.sideChunks = layout.otherChunks
    if let declared = layout.declaredEnd, layout.claim != .unmet, abs(declared - file.byteCount) > 1 {
      note(.fileSize(declared: declared, actual: file.byteCount))
    }
    if let narrow = layout.narrowBytes { note(.narrowSize(bytes: narrow, wideBytes: layout.declaredBytes)) }
    let surplus = layout.presentBytes % format.frameBytes
    if surplus != 0 { note(.partialFrame(bytes: surplus)) }
    let tags = try ID3v2.leading(file)
    let isTagged = tags.bytes == offset
    let causes = WaveDecoders(layout: layout, format: format, bytesInFront: isTagged ? 0 : offset).portability()
    evidence.portability += causes
    evidence.mending =
      WaveMending(layout: layout, format: format, portability: causes, tagsInFront: isTagged ? offset : 0)
      .mending()
    if format.blockAlign != format.frameBytes {
      note(
        .frameSize(
          claimed: format.blockAlign, actual: format.frameBytes, channels: format.channels, bits: format.bitsPerSample))
    }
    if layout.laterData.count > 0 {
      let bytes = layout.laterData.reduce(0) { $0 + $1.count }
      note(.laterData(chunks: layout.laterData.count, seconds: seconds(bytes)))
    }
    if layout.stray.bytes > 0 {
      let head = try file.bytes(at: layout.stray.offset, count: 4096)
      evidence.hasUnexplainedBytes = WaveFinding.Stray(head: head) == .unknown
      note(.strayBytes(layout.stray.bytes, WaveFinding.Stray(head: head), seconds: seconds(layout.stray.bytes)))
    }
    if layout.unpaddedCount > 0 { note(.unpaddedChunks(layout.unpaddedCount)) }
    if layout.otherChunks.count > 0 { note(.sideChunks(layout.otherChunks)) }
  }
}
