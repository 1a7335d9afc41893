/// Remarks on a wav other than on its samples.
enum WaveRemarks {
  /// Adds all findings about the bytes around the samples, harmless ones included.
  static func add(
    _ layout: WaveLayout, format: WaveLayout.Format, file: borrowing InputFile, to evidence: inout Evidence
  ) throws(AudioFileError) {
    let byteRate = Double(format.frameBytes) * Double(format.sampleRate)
    func seconds(_ bytes: Int) -> Double { Double(bytes) / byteRate }
    func note(_ finding: WaveFinding) { evidence.problems.append(.wave(finding)) }
    evidence.sideChunks = layout.otherChunks
    if let obstacle = obstacle(layout) { evidence.rewrite = .wave(.unreadableElsewhere(obstacle)) }
    if let declared = layout.declaredEnd, layout.claim != .unmet, abs(declared - file.byteCount) > 1 {
      note(.fileSize(declared: declared, actual: file.byteCount))
    }
    if let narrow = layout.narrowBytes { note(.narrowSize(bytes: narrow, wideBytes: layout.declaredBytes)) }
    let surplus = layout.presentBytes % format.frameBytes
    if surplus != 0 { note(.partialFrame(bytes: surplus)) }
    if format.blockAlign != format.frameBytes {
      let (claimed, actual) = (format.blockAlign, format.frameBytes)
      let (channels, bits) = (format.channels, format.bitsPerSample)
      if evidence.rewrite == nil, packetBytes(blockAlign: claimed) % actual != 0 {
        evidence.rewrite = .wave(
          .garblingFrameSize(claimed: claimed, actual: actual, channels: channels, bits: bits))
      } else {
        note(.frameSize(claimed: claimed, actual: actual, channels: channels, bits: bits))
      }
    }
    if layout.laterData.count > 0 {
      note(.laterData(chunks: layout.laterData.count, seconds: seconds(layout.laterData.bytes)))
    }
    if layout.stray.bytes > 0 {
      let head = try file.bytes(at: layout.stray.offset, count: 4096)
      note(.strayBytes(layout.stray.bytes, stray(head), seconds: seconds(layout.stray.bytes)))
    }
    if layout.unpaddedCount > 0 { note(.unpaddedChunks(layout.unpaddedCount)) }
    if layout.otherChunks.count > 0 { note(.sideChunks(layout.otherChunks)) }
  }

  /// Returns the number of bytes that ffmpeg 5.1 passes to its decoder at once (libavformat/wavdec.c).
  ///
  /// An incomplete frame at the end is dropped, and the next bytes begin in the middle of a frame. Observed for 7
  /// sample formats and 18 alignments.
  private static func packetBytes(blockAlign: Int) -> Int {
    blockAlign <= 1 ? 4096 : max(4096, blockAlign) / blockAlign * blockAlign
  }

  /// Returns the obstacle that keeps ffmpeg, libsndfile and sox from reading a file, in cases in which all of them were
  /// observed to fail or to disagree.
  private static func obstacle(_ layout: WaveLayout) -> WaveFinding.Obstacle? {
    if layout.unpaddedBefore > 0 { return .unpaddedChunk }
    switch layout.container {
    case .riff: return nil
    case .rf64, .bw64:
      if !layout.hasWideSize { return .missingWideSizes(container: layout.container.rawValue) }
      return layout.claim == .neverFilledIn ? .unfilledWideSizes : nil
    case .wave64:
      if layout.claim == .neverFilledIn { return .unfilledWideSizes }
      return layout.stray.bytes > 0 ? .strayBytes : nil
    }
  }

  private static func stray(_ head: [UInt8]) -> WaveFinding.Stray {
    if ["TAG", "ID3", "APETAGEX", "LYRICSBEGIN"].contains(where: { head.has($0) }) { return .tag }
    if !head.isEmpty, head.allSatisfy({ $0 == 0 }) { return .zeros }
    return head.has("RIFF") ? .anotherWave : .unknown
  }
}
