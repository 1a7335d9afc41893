extension MP3Layout {
  /// Returns the lengths that other tools report for the mp3, apart from the claim of the header.
  ///
  /// Each was compared with the tools that the text of the finding names: ffprobe 5.1.9, mutagen 1.48, libsndfile 1.2.2.
  ///
  /// - Parameter byteCount: The size of the whole file in bytes.
  /// - Returns: The reported lengths.
  func reportedDurations(byteCount: Int) -> [ReportedDuration] {
    let rate = Double(first.sampleRate)
    var reported: [ReportedDuration] = []
    func add(_ seconds: Double, _ reporter: ReportedDuration.Reporter) {
      reported.append(ReportedDuration(seconds: seconds, reporter: reporter))
    }
    // If the rate changes, each frame lasts as long as its own rate implies.
    let all = walk.seconds
    if trim.count > 0 { add(all, .untrimmed) }
    if !headerFrame.isEmpty { add(all + Double(first.samples) / rate, .headerFrame) }
    if let header {
      guard let frames = header.frames, frames > 0 else { return reported }
      // ffprobe does not believe a header whose bytes are a sixteenth fewer than those of the file.
      let believed = header.bytes.map { byteCount - start - $0 <= min($0, byteCount - start) / 16 } ?? true
      if header.kind != .vbri, believed { add(Double(frames) * Double(first.samples) / rate, .claimedFrames) }
    } else if first.bitrate > 0 {
      let bytesPerSecond = Double(first.bitrate) * 125
      add(Double(byteCount - start) / bytesPerSecond, .bitRate)
      if let kind = walk.runs.first?.kind, case let length = kind.length(first.word), length > 0 {
        let frames = Double(byteCount) / Double(length)
        add(frames * Double(first.samples) / rate, .bitRateWithTags)
      }
    }
    return reported
  }
}
