extension MP3Layout {
  /// Returns the lengths that other tools report for the mp3, apart from the claim of the header.
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
    if let frames = header?.frames {
      add(Double(frames) * Double(first.samples) / rate, .claimedFrames)
    } else if first.bitrate > 0 {
      let bytesPerSecond = Double(first.bitrate) * 125
      add(Double(byteCount - start) / bytesPerSecond, .bitRate)
      if start > 0 { add(Double(byteCount) / bytesPerSecond, .bitRateWithTags) }
    }
    return reported
  }
}
