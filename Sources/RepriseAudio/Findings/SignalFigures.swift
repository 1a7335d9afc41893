internal import RepriseSignal

extension Inspection {
  /// A stretch of a recording.
  public struct TimeSpan: Sendable, Equatable, Codable {
    /// Start, in seconds.
    public let start: Double
    /// End, in seconds.
    public let end: Double

    /// Creates a stretch.
    package init(start: Double, end: Double) {
      self.start = start
      self.end = end
    }
  }

  /// Statistics of the samples.
  public struct SignalFigures: Sendable, Equatable, Codable {
    /// Largest magnitude, 1 at full scale, which lossy and float encodings may exceed.
    public let peak: Double
    /// Stretches in which no sample reaches −60 dBFS: at the start and end from half a second, inside from two seconds
    /// on, the hundred longest.
    public let silence: [TimeSpan]
    /// Fraction of samples, 0 to 1, in flat tops: runs of three or more equal samples at the ceiling of the recording.
    package let clippedShare: Double
    /// Number of such runs, over all channels.
    package let clippedRuns: Int
    /// First run; `nil` if there is none.
    package let firstClipping: TimeSpan?
    /// Longest run; `nil` if there is none.
    package let longestClipping: TimeSpan?
    /// Mean of each channel, as a signed fraction of full scale; empty if samples are not numbers.
    package let dcOffset: [Double]
    /// Level of the flat tops as a fraction of full scale; `nil` if there are none.
    package let clippedLevel: Double?
    /// Relations between the channels; `nil` if there is only one, or samples are not numbers.
    package let channels: ChannelFigures?
  }

  /// Loudness by EBU R 128 and ITU-R BS.1770-4.
  public struct LoudnessFigures: Sendable, Equatable, Codable {
    /// Gated loudness of the whole recording, in LUFS; `nil` for silence.
    public let integrated: Double?
    /// Loudness range (EBU Tech 3342), in LU.
    public let range: Double
    /// Highest peak of the oversampled signal, in dBTP; `nil` for silence.
    public let truePeak: Double?
  }
}

extension Inspection.SignalFigures {
  /// Creates figures with times in seconds.
  init?(_ statistics: SignalStatistics, sampleRate: Int) {
    guard statistics.frames > 0, sampleRate > 0 else { return nil }
    let rate = Double(sampleRate)
    func span(_ start: Int, _ end: Int) -> Inspection.TimeSpan {
      Inspection.TimeSpan(start: Double(start) / rate, end: Double(end) / rate)
    }
    let clipping = statistics.clipping
    peak = Double(statistics.peak)
    silence = statistics.silence.all(frames: statistics.frames, sampleRate: sampleRate).map { span($0.start, $0.end) }
    clippedShare = statistics.share(of: clipping)
    clippedRuns = clipping.count
    firstClipping = clipping.first.map { span($0.start, $0.start + $0.count) }
    longestClipping = clipping.longest.map { span($0.start, $0.start + $0.count) }
    dcOffset = statistics.means ?? []
    clippedLevel = clipping.count > 0 ? Double(clipping.level) : nil
    channels = statistics.invalid == 0 ? Inspection.ChannelFigures(statistics.relations) : nil
  }

  /// Peak of −50 dBFS, under which a recording is reported as quiet.
  static let quietPeak = 0.003_162_278

  /// Smallest offset that is reported, as a fraction of full scale: −40 dBFS, at which cuts begin to click.
  static let notableOffset = 0.01

  /// Finding about channels that are off centre; `nil` if there are none.
  var offsetFinding: Finding? {
    let off = dcOffset.enumerated().filter { abs($0.element) >= Self.notableOffset }
      .map { ChannelOffset(channel: $0.offset + 1, mean: $0.element) }
    return off.isEmpty ? nil : .offCentre(off)
  }

  /// Flat tops; `nil` if there are none.
  var runs: ClippedRuns? {
    guard let firstClipping, let longestClipping else { return nil }
    return ClippedRuns(count: clippedRuns, first: firstClipping, longest: longestClipping, level: clippedLevel)
  }
}

extension Inspection.SignalFigures {
  private enum CodingKeys: String, CodingKey {
    case peak, silence, clippedShare, clippedRuns, firstClipping, longestClipping, dcOffset, clippedLevel
    case channels
  }

  /// Encodes every field, `null` for `nil`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(peak, forKey: .peak)
    try container.encode(silence, forKey: .silence)
    try container.encode(clippedShare, forKey: .clippedShare)
    try container.encode(clippedRuns, forKey: .clippedRuns)
    try container.encode(firstClipping, forKey: .firstClipping)
    try container.encode(longestClipping, forKey: .longestClipping)
    try container.encode(dcOffset, forKey: .dcOffset)
    try container.encode(clippedLevel, forKey: .clippedLevel)
    try container.encode(channels, forKey: .channels)
  }
}

extension Inspection.LoudnessFigures {
  private enum CodingKeys: String, CodingKey { case integrated, range, truePeak }

  /// Encodes every field, `null` for `nil`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(integrated, forKey: .integrated)
    try container.encode(range, forKey: .range)
    try container.encode(truePeak, forKey: .truePeak)
  }
}
