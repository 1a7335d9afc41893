internal import Benchmark
internal import Foundation
internal import RepriseAnalysis
@testable internal import RepriseAudio
@testable internal import RepriseService
internal import RepriseSystem

/// The hot paths, each on an input made from the fixtures before it is measured; Benchmarks/swift-benchmarks runs them.
let benchmarks: @Sendable () -> Void = {
  unsafe Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .instructions, .throughput, .peakMemoryResident], maxDuration: .seconds(5),
    maxIterations: 1000)
  audioBenchmarks()
  requestBenchmarks()
  engineBenchmarks()
}

/// What `inspect` does with an mp3.
private func audioBenchmarks() {
  Benchmark("mp3 frame walk, 100 MB") { benchmark, stream in
    // One walk of a stream leaves no work out: every frame of it is passed.
    guard let walk = try? stream.walk(), walk.frames == stream.frameCount else {
      return benchmark.error("the walk lost frames")
    }
    blackHole(walk)
  } setup: {
    try FrameStream(fixture: "recording.mp3", atLeast: 100_000_000)
  }

  Benchmark("mp3 deep check of frames, 20 MB") { benchmark, stream in
    let findings = stream.findings()
    if findings > 0 { benchmark.error("\(findings) frames of a whole stream are said to be damaged") }
  } setup: {
    try FrameStream(fixture: "recording.mp3", atLeast: 20_000_000)
  }

  Benchmark("Huffman counting, all granules of 26 s") { benchmark, granules in
    let ends = granules.exactEnds()
    if ends < granules.count { benchmark.error("\(granules.count - ends) granules of a whole stream end elsewhere") }
  } setup: {
    try GranuleList(FrameStream(fixture: "recording.mp3", atLeast: 1))
  }

  Benchmark("deep inspection of an mp3 of 3 min") { benchmark, song in
    let found = inspectBlocking(path: song.path, limits: AudioLimits(), deep: true)
    if found.integrity.damaged { benchmark.error("a whole song is said to be damaged") }
  } setup: {
    try TemporarySong(fixture: "recording.mp3", atLeast: 180 * 16_000)
  }
}

/// What a submission is made of.
private func requestBenchmarks() {
  Benchmark("Base64 of 30 MB") { benchmark, audio in
    var text: [UInt8] = []
    Base64Encoder.append(audio[...], to: &text)
    blackHole(text)
  } setup: {
    try FrameStream(fixture: "recording.mp3", atLeast: 30_000_000).bytes
  }

  Benchmark("request body of 30 MB of audio") { benchmark, song in
    let request = CoverRequest(prompt: "warm acoustic folk", reference: .file(path: song.path, format: "mp3"))
    let output = try FileHandle(forWritingTo: URL(filePath: "/dev/null"))
    try RequestBody(request, for: .aimlapi).write(
      to: output.fileDescriptor, path: "/dev/null", cancellation: Cancellation())
  } setup: {
    try TemporarySong(fixture: "recording.mp3", atLeast: 30_000_000)
  }
}

/// What the offline engine hears.
private func engineBenchmarks() {
  Benchmark("analysis of a song of 3 min") { benchmark, song in
    blackHole(try await Analyzer().analyze(song))
  } setup: {
    let excerpt = try AudioBuffer(decoding: fixture("recording.mp3"))
    let rounds = Int((180 / excerpt.seconds).rounded(.up))
    let samples = [Float](repeatElement(excerpt.samples, count: rounds).joined())
    return AudioBuffer(samples: samples, channels: excerpt.channels, sampleRate: excerpt.sampleRate)
  }
}
