import RepriseAudio
import RepriseSystem
import RepriseSignal

/// A reader that makes one measurement of a recording.
struct Surveyor {
  let path: String
  let cancellation: Cancellation
  let progress: @Sendable (Double) -> Void

  /// Makes a measurement.
  ///
  /// - Parameters:
  ///   - measure: The measurement to be made.
  ///   - survey: The survey to which the result is added.
  /// - Throws: `AudioFileError`, `SignalError` or `CancellationError`.
  func answer(_ measure: Measure, in survey: inout Survey) throws {
    switch measure {
    case .sound(let part, let level): survey.add(try sound(in: part, level: level))
    case .passage(let part, let frames, let least):
      survey.add(try PassageSearch(feed: feed(part), least: least, most: frames).run())
    case .exactness(let frames):
      survey.add(bits: try SampleWidth(path: path, cancellation: cancellation).bits(in: frames), in: frames)
    case .size(let work, let group): survey.add(try size(of: work, group: group), of: work)
    case .removals(let part, let longest, let level):
      survey.add(removals: try SurplusSilence(feed: feed(part), longest: longest, level: level).find(), in: part)
    case .channels(let part): survey.add(try channels(in: part))
    case .level(let work): survey.add(try level(of: work.atFullLevel), of: work)
    }
  }

  /// Returns an unchanged stretch in floats.
  private func feed(_ frames: Range<Int>) -> StretchFeed {
    StretchFeed(path: path, frames: frames, cancellation: cancellation, progress: progress)
  }

  private func sound(in part: Range<Int>, level: Double) throws -> Survey.Sound {
    var edges: SoundEdges?
    try feed(part).run { samples, channels, rate in
      if edges == nil { edges = SoundEdges(channels: channels, sampleRate: rate, level: level) }
      edges?.add(samples)
    }
    let found = edges?.finish() ?? (nil, -.infinity)
    let frames = found.0.map { $0.lowerBound + part.lowerBound..<min($0.upperBound + part.lowerBound, part.upperBound) }
    return Survey.Sound(part: part, level: level, frames: frames, loudest: found.1)
  }

  private func size(of work: Work.Encode, group: Int) throws -> FLACSize.Foreseen {
    guard case .flac(let width) = work.encoding else {
      return FLACSize.Foreseen(likely: 0, most: .max, isCounted: true)
    }
    var size = try FLACSize(
      path: path, channels: work.channels, width: width, sampleRate: work.sampleRate, group: group)
    if group > 1, try addWanted(of: work, width: width, to: &size) { return try size.finish() }
    _ = try SampleFeed(source: path, work: work, cancellation: cancellation, progress: progress).run { block in
      switch block {
      case .integers(let samples): try size.add(Surveyor.rounded(samples, to: width))
      case .floats(let samples): try size.add(samples.map { SampleConversion.integer($0, bits: width) })
      }
      return true
    }
    return try size.finish()
  }

  /// Reads only those blocks of a recording that are encoded to predict a size.
  ///
  /// - Returns: `false`, with nothing added, if the samples are changed before encoding, or none can be passed over
  ///   unread.
  private func addWanted(of work: Work.Encode, width: Int, to size: inout FLACSize) throws -> Bool {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    guard case .integer = decoder.encoding, work.gain == 1, work.fadeIn + work.fadeOut == 0,
      work.removed.isEmpty, work.mix == nil,
      work.channels == decoder.channels, work.sampleRate == decoder.sampleRate,
      decoder.skip(frames: work.frames.lowerBound) == work.frames.lowerBound
    else { return false }
    var samples: [Int32] = []
    let count = FLACSize.blocks(frames: work.frames.count)
    for block in 0..<count {
      try cancellation.check()
      let frames = min(FLACSizeCounter.frameSamples, work.frames.count - block * FLACSizeCounter.frameSamples)
      if frames == FLACSizeCounter.frameSamples, !size.isWanted(block) {
        guard decoder.skip(frames: frames) == frames else { throw endedEarly }
        size.pass()
        continue
      }
      guard try decoder.read(into: &samples, frames: frames) == frames else { throw endedEarly }
      try size.add(Surveyor.rounded(samples, to: width))
      progress(Double(block + 1) / Double(count))
    }
    return true
  }

  private var endedEarly: PreparationError { PreparationError(.changed(.endedEarly), path: path) }

  private static func rounded(_ samples: [Int32], to bits: Int) -> [Int32] {
    SampleConversion.areExact(samples, bits: bits)
      ? samples : samples.map { SampleConversion.rounded($0, bits: bits) }
  }

  private func level(of work: Work.Encode) throws -> Survey.Level {
    var meter = try PeakMeter(channels: work.channels, sampleRate: work.sampleRate)
    var faint = FaintSignal(channels: work.channels)
    _ = try SampleFeed(source: path, work: work, cancellation: cancellation, progress: progress).run { block in
      let floats =
        switch block {
        case .integers(let samples): samples.map { Float($0) / 2_147_483_648 }
        case .floats(let samples): samples
        }
      try meter.add(floats)
      faint.add(floats.span, largest: PeakMeter.largest(floats.span))
      return true
    }
    return Survey.Level(meter, isSilent: faint.isSilent)
  }

  private func channels(in part: Range<Int>) throws -> Survey.Channels {
    var relations: ChannelRelations?
    var peaks: [Float] = []
    try feed(part).run { samples, channels, _ in
      if relations == nil { relations = ChannelRelations(channels: channels, every: 1) }
      peaks = Array(repeating: 0, count: channels)
      for (index, sample) in samples.enumerated() where abs(sample) > peaks[index % channels] {
        peaks[index % channels] = abs(sample)
      }
      relations?.add(samples.span, peaks: peaks)
    }
    let count = relations?.channels ?? 0
    let silent = relations?.dead ?? []
    let sounding = (0..<count).filter { !silent.contains($0) }
    // Equality is transitive: every channel is equal to the first one.
    let equal = relations?.identical.count(where: { $0.0 == sounding.first }) ?? 0
    return Survey.Channels(
      part: part, silent: silent, areEqual: equal > 0 && equal == sounding.count - 1,
      mixRatio: relations?.mixRatio(of: sounding))
  }
}

extension Survey.Level {
  /// Creates a level from the values of a meter.
  init(_ meter: borrowing PeakMeter, isSilent: Bool) {
    self.init(samplePeak: meter.samplePeak, truePeak: meter.truePeak, isSilent: isSilent)
  }
}

/// A stretch of a recording in floats, unchanged and with all channels.
struct StretchFeed {
  let path: String
  let frames: Range<Int>
  let cancellation: Cancellation
  let progress: @Sendable (Double) -> Void

  /// Passes every block, with its number of channels and its sample rate in Hz, to `body`.
  func run(_ body: ([Float], _ channels: Int, _ sampleRate: Int) throws -> Void) throws {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    let (channels, rate) = (decoder.channels, decoder.sampleRate)
    var position = frames.lowerBound
    try decoder.forEachBlock(in: frames, cancellation: cancellation) { (samples: inout [Float]) in
      try body(samples, channels, rate)
      position += samples.count / channels
      progress(Double(position) / Double(frames.upperBound))
    }
  }
}
