internal import RepriseAudio
internal import RepriseSystem
internal import RepriseSignal

/// The results of one complete decode of a file: length, levels, loudness, and the samples to be analysed.
struct Measurement: Sendable {
  let container: FileFormat
  let sampleRate: Int
  let channels: Int
  let frames: Int
  let levels: LevelMeter
  /// Loudness in LUFS by EBU R 128; `nil` for a file that the meter does not accept.
  let loudness: Loudness?
  /// The samples for the analysis; `nil` if nothing is to be compared, or the resampler does not take the file's rate.
  let samples: AudioBuffer?

  var seconds: Double { Double(frames) / Double(sampleRate) }

  private static let blockFrames = 16_384

  /// Decodes a file between two times in seconds, by default all of it; blocking.
  ///
  /// `isCompared` is `true` if the samples are to be kept for an analysis.
  ///
  /// - Throws: `AudioFileError` if the file can't be decoded, `CancellationError`.
  static func measure(
    _ path: String, from start: Double = 0, to end: Double = .infinity, isCompared: Bool, _ cancellation: Cancellation
  ) throws -> Measurement {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    var sink = Sink(channels: decoder.channels, sampleRate: decoder.sampleRate, isCompared: isCompared)
    let first = frame(at: start, decoder.sampleRate)
    let last = max(first, frame(at: end, decoder.sampleRate))
    try decoder.forEachBlock(in: first..<last, cancellation: cancellation) { (block: inout [Float]) in
      try sink.add(block)
    }
    return try sink.finish(container: decoder.format)
  }

  private static func frame(at seconds: Double, _ sampleRate: Int) -> Int {
    let position = (seconds * Double(sampleRate)).rounded()
    return position >= 0 ? Int(exactly: position) ?? .max : 0
  }

  /// Measures headerless 16-bit little-endian stereo; blocking.
  static func measurePCM(
    _ path: String, sampleRate: Int, isCompared: Bool, _ cancellation: Cancellation
  ) throws -> Measurement {
    var reader = try PCMReader(path: path, channels: 2)
    var sink = Sink(channels: 2, sampleRate: sampleRate, isCompared: isCompared)
    while let block = try reader.read(frames: blockFrames) {
      try cancellation.check()
      try sink.add(block)
    }
    return try sink.finish(container: .unknown)
  }

  /// A listener that measures a result while it is inspected.
  final class Listener: SampleListener {
    private let isCompared: Bool
    private var sink: Sink?
    private var container = FileFormat.unknown
    private var failure: (any Error)?

    /// Creates a listener, which keeps the samples for an analysis if `isCompared`.
    init(isCompared: Bool) { self.isCompared = isCompared }

    func begin(format: FileFormat, sampleRate: Int, channels: Int) {
      container = format
      sink = Sink(channels: channels, sampleRate: sampleRate, isCompared: isCompared)
    }

    func take(_ samples: [Float]) {
      guard failure == nil else { return }
      do { try sink?.add(samples) } catch { failure = error }
    }

    /// Returns the measurement; `nil` if no sample was decoded.
    ///
    /// - Throws: `SignalError` if the meters failed.
    func finish() throws -> Measurement? {
      if let failure { throw failure }
      return try sink.take()?.finish(container: container)
    }
  }

  /// All meters that receive samples while a file is decoded.
  private struct Sink: ~Copyable {
    let channels: Int
    let sampleRate: Int
    var frames = 0
    var levels: LevelMeter
    var meter: LoudnessMeter?
    var samples: HearingSamples?

    init(channels: Int, sampleRate: Int, isCompared: Bool) {
      self.channels = channels
      self.sampleRate = sampleRate
      levels = LevelMeter(channels: channels, sampleRate: sampleRate)
      // A rate or channel count that the resampler or R 128 does not support omits that figure, not the whole check.
      samples = isCompared ? try? HearingSamples(channels: channels, sampleRate: sampleRate) : nil
      meter = try? LoudnessMeter(channels: channels, sampleRate: sampleRate)
    }

    mutating func add(_ block: [Float]) throws {
      frames += block.count / channels
      levels.add(block)
      try meter?.add(block)
      try samples?.add(block)
    }

    consuming func finish(container: FileFormat) throws -> Measurement {
      let samples = try samples.take()?.finish()
      return Measurement(
        container: container, sampleRate: sampleRate, channels: channels, frames: frames, levels: levels,
        loudness: meter?.loudness(), samples: samples)
    }
  }
}
