/// How long other tools take a file to be, and why.
struct LengthView {
  /// In seconds.
  let seconds: Double
  /// Who sees it so: "tools that believe its header".
  let who: String
}

extension LengthView {
  /// The lengths that tools see in an mp3 (measured in November 2026: ffprobe, soxi, mutagen, tinytag, mediainfo,
  /// libsndfile).
  ///
  /// - Parameter byteCount: of the whole file.
  static func views(_ layout: MP3Layout, byteCount: Int) -> [LengthView] {
    let first = layout.first
    let rate = Double(first.sampleRate)
    var views: [LengthView] = []
    // Where the rate changes, each frame lasts as long as its own says.
    let all = layout.walk.seconds
    if layout.trim.count > 0 {
      views.append(
        LengthView(seconds: all, who: "tools that take no notice of encoder delay and padding (sox, old players)"))
    }
    if !layout.headerFrame.isEmpty {
      views.append(
        LengthView(
          seconds: all + Double(first.samples) / rate, who: "tools that also play its header's own frame"))
    }
    if let frames = layout.header?.frames {
      let samples = Double(frames) * Double(first.samples)
      views.append(
        LengthView(seconds: samples / rate, who: "tools that multiply the frames its header claims (ffprobe, soxi)"))
    } else if first.bitrate > 0 {
      let bytesPerSecond = Double(first.bitrate) * 125
      views.append(
        LengthView(
          seconds: Double(byteCount - layout.start) / bytesPerSecond,
          who: "tools that divide its bytes by the first frame's bit rate (mutagen, ffprobe)"))
      if layout.start > 0 {
        views.append(
          LengthView(
            seconds: Double(byteCount) / bytesPerSecond,
            who: "tools that count the tags in front as well (libsndfile)"))
      }
    }
    return views
  }
}
