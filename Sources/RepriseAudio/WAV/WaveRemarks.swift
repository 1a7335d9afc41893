import RepriseSystem

/// What is worth knowing of a wav beside its samples, in words.
enum WaveRemarks {
  /// Adds everything that was found around the samples, harmless things too.
  static func add(
    _ layout: WaveLayout, format: WaveLayout.Format, file: borrowing InputFile, to evidence: inout Evidence
  ) throws(AudioFileError) {
    let byteRate = Double(format.frameBytes) * Double(format.sampleRate)
    func time(_ bytes: Int) -> String { describe(seconds: Double(bytes) / byteRate) }
    evidence.sideChunks = layout.otherChunks
    if let reason = obstacle(layout) {
      evidence.rewrite = "\(reason), so that other programs do not find its samples; 'reprise prepare' writes it anew"
    }
    if let declared = layout.declaredEnd, layout.claim != .unmet, abs(declared - file.byteCount) > 1 {
      let difference = declared - file.byteCount
      evidence.problems.append(
        "its header claims a file of \(counted(declared, "byte")), \(abs(difference)) \(difference > 0 ? "more" : "less") than it has"
      )
    }
    if let narrow = layout.narrowBytes {
      evidence.problems.append(
        "its data chunk claims \(counted(narrow, "byte")) and its ds64 chunk \(layout.declaredBytes); decoders go by the second"
      )
    }
    let surplus = layout.presentBytes % format.frameBytes
    if surplus != 0 {
      evidence.problems.append(
        "\(counted(surplus, "byte")) at the end of the samples \(surplus == 1 ? "is" : "are") no whole frame")
    }
    if format.blockAlign != format.frameBytes {
      let claim =
        "its header claims frames of \(counted(format.blockAlign, "byte")) where \(counted(format.channels, "channel")) of "
        + "\(format.bitsPerSample) bits have \(format.frameBytes)"
      if evidence.rewrite == nil, packetBytes(blockAlign: format.blockAlign) % format.frameBytes != 0 {
        evidence.rewrite = "\(claim), by which ffmpeg garbles its samples; 'reprise prepare' writes it anew"
      } else {
        evidence.problems.append("\(claim); decoders go by these")
      }
    }
    if layout.laterData.count > 0 {
      evidence.problems.append(
        "\(layout.laterData.count) more data chunks stand behind the first, \(time(layout.laterData.bytes)) that some "
          + "players play and others do not; only the first is counted")
    }
    if layout.stray.bytes > 0 {
      let head = try file.bytes(at: layout.stray.offset, count: 4096)
      if let name = tag(head) {
        evidence.problems.append(
          "\(counted(layout.stray.bytes, "byte")) behind the samples \(layout.stray.bytes == 1 ? "is" : "are") \(name)")
      } else {
        evidence.problems.append(
          "\(counted(layout.stray.bytes, "byte")) behind the samples \(layout.stray.bytes == 1 ? "is" : "are") no chunks; if they are samples, the header claims "
            + "\(time(layout.stray.bytes)) too little")
      }
    }
    if layout.unpaddedCount > 0 {
      evidence.problems.append(
        "\(layout.unpaddedCount) chunks of odd size lack the byte that makes them even, which many programs want")
    }
    if layout.otherChunkCount > 0 {
      evidence.problems.append("chunks beside the samples: \(listing(layout.otherChunks, of: layout.otherChunkCount))")
    }
  }

  /// How many bytes ffmpeg 5.1 hands its decoder at once (libavformat/wavdec.c): what is no whole frame then is dropped, and the
  /// next begins in the middle of one. Seen to be so for 7 forms of samples and 18 alignments.
  private static func packetBytes(blockAlign: Int) -> Int {
    blockAlign <= 1 ? 4096 : max(4096, blockAlign) / blockAlign * blockAlign
  }

  /// What keeps ffmpeg, libsndfile and sox from reading it, where all of them were seen to fail or to disagree.
  private static func obstacle(_ layout: WaveLayout) -> String? {
    if layout.unpaddedBefore > 0 {
      return "a chunk of odd size in front of its samples lacks the byte that makes it even"
    }
    switch layout.container {
    case .riff: return nil
    case .rf64, .bw64:
      if !layout.hasWideSize { return "it is \(layout.container.rawValue) without the 64-bit sizes that belong to it" }
      return layout.claim == .neverFilledIn ? "its 64-bit sizes were never filled in" : nil
    case .wave64:
      if layout.claim == .neverFilledIn { return "its 64-bit sizes were never filled in" }
      return layout.stray.bytes > 0 ? "bytes that are no chunks stand behind its samples" : nil
    }
  }

  private static func tag(_ head: [UInt8]) -> String? {
    if ["TAG", "ID3", "APETAGEX", "LYRICSBEGIN"].contains(where: { head.has($0) }) { return "a tag" }
    if !head.isEmpty, head.allSatisfy({ $0 == 0 }) { return "zeros" }
    return head.has("RIFF") ? "another wav, which nothing plays" : nil
  }
}
