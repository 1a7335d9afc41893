internal import RepriseSignal

extension Inspection {
  /// A stretch of a recording.
  public struct TimeSpan: Sendable, Equatable, Codable {
    /// Where it begins, in seconds.
    public let start: Double
    /// Where it ends, in seconds.
    public let end: Double

    /// Creates a stretch.
    package init(start: Double, end: Double) {
      self.start = start
      self.end = end
    }
  }

  /// What the samples are like.
  public struct SignalFigures: Sendable, Equatable, Codable {
    /// The largest magnitude, 1 at full scale; lossy and float encodings may be over it.
    public let peak: Double
    /// Stretches in which no sample reaches −60 dBFS: at the start and end from half a second, inside from two seconds
    /// on, the hundred longest.
    public let silence: [TimeSpan]
    /// The share of samples, 0 to 1, that stand in runs of three or more at full scale.
    public let clippedShare: Double
    /// How many such runs there are, each channel's own.
    public let clippedRuns: Int
    /// The first of them; `nil` if there is none.
    public let firstClipping: TimeSpan?
    /// The longest of them; `nil` if there is none.
    public let longestClipping: TimeSpan?
    /// The mean of each channel, as a share of full scale with its sign; empty if samples are no numbers.
    public let dcOffset: [Double]
  }

  /// How loud it is, by EBU R 128 and ITU-R BS.1770-4.
  public struct LoudnessFigures: Sendable, Equatable, Codable {
    /// Gated loudness of the whole, in LUFS; `nil` for silence.
    public let integrated: Double?
    /// Loudness range (EBU Tech 3342), in LU.
    public let range: Double
    /// The highest peak of the oversampled signal, in dBTP; `nil` for silence.
    public let truePeak: Double?
  }
}

extension Inspection.SignalFigures {
  /// The figures in seconds.
  init?(_ statistics: SignalStatistics, sampleRate: Int) {
    guard statistics.frames > 0, sampleRate > 0 else { return nil }
    let rate = Double(sampleRate)
    func span(_ start: Int, _ end: Int) -> Inspection.TimeSpan {
      Inspection.TimeSpan(start: Double(start) / rate, end: Double(end) / rate)
    }
    let clipping = statistics.clipping
    peak = Double(statistics.peak)
    silence = statistics.silence.all(frames: statistics.frames, sampleRate: sampleRate).map { span($0.start, $0.end) }
    clippedShare = statistics.clippedShare
    clippedRuns = clipping.count
    firstClipping = clipping.first.map { span($0.start, $0.start + $0.count) }
    longestClipping = clipping.longest.map { span($0.start, $0.start + $0.count) }
    dcOffset = statistics.means ?? []
  }

  /// From which offset on, as a share of full scale, it is worth a remark: −40 dBFS, where cuts begin to click.
  static let notableOffset = 0.01

  /// The finding about channels that are off centre; `nil` if none is.
  var offsetFinding: Finding? {
    let off = dcOffset.enumerated().filter { abs($0.element) >= Self.notableOffset }
      .map { ChannelOffset(channel: $0.offset + 1, mean: $0.element) }
    return off.isEmpty ? nil : .offCentre(off)
  }

  /// The runs at full scale; `nil` if there are none.
  var runs: ClippedRuns? {
    guard let firstClipping, let longestClipping else { return nil }
    return ClippedRuns(count: clippedRuns, first: firstClipping, longest: longestClipping)
  }
}

extension Inspection.SignalFigures {
  private enum CodingKeys: String, CodingKey {
    case peak, silence, clippedShare, clippedRuns, firstClipping, longestClipping, dcOffset
  }

  /// Writes every field, `null` where there is nothing.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(peak, forKey: .peak)
    try container.encode(silence, forKey: .silence)
    try container.encode(clippedShare, forKey: .clippedShare)
    try container.encode(clippedRuns, forKey: .clippedRuns)
    try container.encode(firstClipping, forKey: .firstClipping)
    try container.encode(longestClipping, forKey: .longestClipping)
    try container.encode(dcOffset, forKey: .dcOffset)
  }
}

extension Inspection.LoudnessFigures {
  private enum CodingKeys: String, CodingKey { case integrated, range, truePeak }

  /// Writes every field, `null` where there is nothing.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(integrated, forKey: .integrated)
    try container.encode(range, forKey: .range)
    try container.encode(truePeak, forKey: .truePeak)
  }
}
