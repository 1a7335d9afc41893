/// The sections of an mp3 whose sample rate or number of channels changes, each of which is an mp3 of its own.
struct MP3Sections {
  /// Frames of one sample rate and number of channels.
  struct Section {
    /// Indices of its runs.
    let runs: Range<Int>
    /// Start and end in seconds, encoder delay included.
    let seconds: Range<Double>
    /// Sample rate in Hz.
    let sampleRate: Int
    /// Number of channels.
    let channels: Int
  }

  /// Sections in the order of the file.
  let all: [Section]

  /// Divides the frames of a walk.
  init(_ walk: MP3Walk) {
    var all: [Section] = []
    var start = 0
    var begin = 0.0
    var seconds = 0.0
    for (index, run) in walk.runs.enumerated() {
      seconds += Double(run.frames * run.kind.samples) / Double(run.kind.sampleRate)
      let next = index + 1 < walk.runs.count ? walk.runs[index + 1] : nil
      if let next, next.kind.sampleRate == run.kind.sampleRate, next.isMono == run.isMono { continue }
      all.append(
        Section(
          runs: start..<index + 1, seconds: begin..<max(seconds, begin), sampleRate: run.kind.sampleRate,
          channels: run.isMono ? 1 : 2))
      (start, begin) = (index + 1, seconds)
    }
    self.all = all
  }
}

extension MP3Layout {
  /// Creates the layout of one section of another one.
  init?(_ layout: MP3Layout, section: MP3Sections.Section) {
    let walk = MP3Walk(layout.walk, runs: section.runs)
    guard let run = walk.runs.first, let first = MPEGFrameHeader(word: Int(run.word)) else { return nil }
    let isFirst = section.runs.lowerBound == 0
    self.init(
      first: first, header: isFirst ? layout.header : nil,
      headerFrame: isFirst ? layout.headerFrame : run.start..<run.start, walk: walk, tagsStart: layout.tagsStart,
      trim: MP3Trim(front: isFirst ? layout.trim.front : 0, back: 0..<0), streamMetadata: layout.streamMetadata)
  }
}

extension MP3FrameFacts {
  /// Finds the section that holds a part.
  ///
  /// - Parameters:
  ///   - start: The start of the part in seconds of the recording.
  ///   - end: The end of the part in seconds of the recording.
  /// - Returns: The facts about the section, and the range of the part in samples per channel of the section; `nil` if
  ///   the part lies across sections.
  package func section(from start: Double, to end: Double) -> (facts: MP3FrameFacts, samples: Range<Int>)? {
    let delay = Double(layout.trim.front) / Double(layout.first.sampleRate)
    for section in MP3Sections(layout.walk).all {
      // A time at a border belongs to the section on its side, however it was rounded.
      let half = 0.5 / Double(section.sampleRate)
      guard start + delay >= section.seconds.lowerBound - half, end + delay <= section.seconds.upperBound + half,
        let own = MP3Layout(layout, section: section)
      else { continue }
      let rate = Double(section.sampleRate)
      func place(_ seconds: Double) -> Int {
        let samples = Int(((seconds + delay - section.seconds.lowerBound) * rate).rounded())
        return min(max(samples - own.trim.front, 0), own.playedSamples)
      }
      let samples = place(start)..<max(place(end), place(start))
      return samples.isEmpty ? nil : (MP3FrameFacts(own), samples)
    }
    return nil
  }

  /// Sample rates in Hz and numbers of channels that occur, each in ascending order.
  package var forms: (sampleRates: [Int], channels: [Int]) {
    let sections = MP3Sections(layout.walk).all
    return (Set(sections.map(\.sampleRate)).sorted(), Set(sections.map(\.channels)).sorted())
  }
}
