import RepriseSignal
import Testing

@Suite("Levels")
struct LevelsTests {
  /// Feeds blocks of so many frames.
  private func runs(_ samples: [Float], channels: Int, threshold: Float, block: Int) -> FullScaleRuns {
    var runs = FullScaleRuns(threshold: threshold, channels: channels)
    var frame = 0
    while frame * channels < samples.count {
      let part = Array(samples[frame * channels..<min((frame + block) * channels, samples.count)])
      runs.add(part.span, at: frame, largest: PeakMeter.largest(part.span))
      frame += block
    }
    return runs
  }

  @Test(
    "three samples in a row of one channel are a run, across blocks too, and two are not",
    arguments: [1, 2, 7, 256], [1, 2])
  func runs(block: Int, channels: Int) {
    // One channel's samples; the others are silent.
    let one: [Float] = [0, 1, 1, 0, 1, 1, 1, 0.5, -1, -1, -1, -1, 0]
    let samples = one.flatMap { sample in [sample] + [Float](repeating: 0, count: channels - 1) }
    let found = runs(samples, channels: channels, threshold: 0.9, block: block)
    #expect(found.count == 2 && found.samples == 7)
    #expect(found.first?.start == 4 && found.first?.count == 3)
    #expect(found.longest?.start == 8 && found.longest?.count == 4)
  }

  @Test("the threshold itself counts, what is just under it does not")
  func threshold() {
    let under = Float(0.988_553).nextDown
    let samples: [Float] = [under, under, under, 0.988_553, 0.988_553, 0.988_553]
    let coded = runs(samples, channels: 1, threshold: FullScaleRuns.codedFullScale, block: 6)
    let full = runs(samples, channels: 1, threshold: FullScaleRuns.sixteenBitFullScale, block: 6)
    #expect(coded.samples == 3 && full.samples == 0)
  }

  @Test("only whole windows under the threshold are silent")
  func silence() {
    var silence = RMSSilence(window: 4, threshold: 0.25)
    #expect(silence.share == 1)
    let samples: [Float] = [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.9, 0, 0, 0, 0, 0]
    silence.add(samples.span)
    #expect(silence.windows == 3 && silence.silentWindows == 2)
  }

  @Test("a peak is the largest magnitude that is a number, and the signal between samples may go higher")
  func peaks() throws {
    var meter = try PeakMeter(channels: 1, sampleRate: 48000)
    // A quarter of the sample rate, sampled 45° off its peaks.
    let tone = (0..<4800).map { Float(0.5) * [1, 1, -1, -1][$0 % 4] }
    try meter.add(tone)
    try meter.add([.nan, .infinity])
    let (sample, between) = (meter.samplePeak, meter.truePeak)
    #expect(sample == 0.5 && between > 0.65 && between < 0.9)
  }

  @Test("two seconds of silence inside are found at every rate", arguments: [300, 1000, 1999, 8000, 192_000])
  func silenceInside(rate: Int) {
    let silent = 2 * rate + 300
    let samples =
      [Float](repeating: 0.5, count: 3000) + [Float](repeating: 0.0005, count: silent)
      + [Float](repeating: -0.5, count: 3000)
    var longest = SampleSilence(threshold: SampleSilence.quiet)
    var every = SampleSilence(threshold: SampleSilence.quiet, fewest: silent)
    var none = SampleSilence(threshold: SampleSilence.quiet, fewest: silent + 1)
    for start in stride(from: 0, to: samples.count, by: SampleSilence.blockFrames) {
      let block = Array(samples[start..<min(start + SampleSilence.blockFrames, samples.count)])
      let largest = PeakMeter.largest(block.span)
      longest.add(block.span, channels: 1, at: start, largest: largest)
      every.add(block.span, channels: 1, at: start, largest: largest)
      none.add(block.span, channels: 1, at: start, largest: largest)
    }
    let expected = [SampleSilence.Stretch(start: 3000, end: 3000 + silent)]
    #expect(longest.all(frames: samples.count, sampleRate: rate) == expected)
    #expect(every.inner == expected && none.inner.isEmpty)
  }
}
