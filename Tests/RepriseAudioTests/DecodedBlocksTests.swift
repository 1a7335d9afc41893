import RepriseAudio
import RepriseSystem
import Foundation
import TestSupport
import Testing

@Suite("Decoding block by block")
struct DecodedBlocksTests {
  private static let files = ["plain.wav", "plain.flac", "cbr.mp3", "float32.wav", "20-bit.flac"]

  private static func whole(_ path: String) throws -> (samples: [Float], channels: Int) {
    var decoder = try AudioDecoder(path: path)
    var (all, block): ([Float], [Float]) = ([], [])
    while try decoder.read(into: &block, frames: 777) > 0 { all += block }
    return (all, decoder.channels)
  }

  @Test("a stretch is what stands there in the whole", arguments: files, [0..<1, 100..<9000, 5000..<Int.max])
  func stretches(name: String, frames: Range<Int>) throws {
    let (all, channels) = try Self.whole(fixture(name))
    var decoder = try AudioDecoder(path: fixture(name))
    var part: [Float] = []
    var largest = 0
    let end = try decoder.forEachBlock(in: frames) { (block: inout [Float]) in
      part += block
      largest = max(largest, block.count)
    }
    let last = min(frames.upperBound, all.count / channels)
    #expect(end == last && largest <= AudioDecoder.blockSamples)
    #expect(part == Array(all[frames.lowerBound * channels..<last * channels]))
  }

  @Test("integers are those of the whole, bit for bit", arguments: ["plain.wav", "20-bit.flac"])
  func integers(name: String) throws {
    let all = try CodingTests.integers(of: fixture(name))
    var decoder = try AudioDecoder(path: fixture(name))
    let channels = decoder.channels
    var part: [Int32] = []
    try decoder.forEachBlock(in: 50..<8000) { (block: inout [Int32]) in part += block }
    #expect(part == Array(all.dropFirst(50 * channels).prefix(7950 * channels)))
  }

  @Test("no block comes behind the one that wants no more")
  func stopping() throws {
    var decoder = try AudioDecoder(path: fixture("plain.wav"))
    var blocks = 0
    try decoder.readBlocks { (_: inout [Float]) in
      blocks += 1
      return blocks < 2
    }
    #expect(blocks == 2)
  }

  @Test("what the body throws comes out, and a cancelled token stops it before the first block")
  func failing() throws {
    struct Failure: Error {}
    var decoder = try AudioDecoder(path: fixture("plain.wav"))
    var blocks = 0
    var errors: [any Error] = []
    do {
      try decoder.forEachBlock { (_: inout [Float]) in
        blocks += 1
        throw Failure()
      }
    } catch { errors.append(error) }
    let cancellation = Cancellation()
    cancellation.cancel()
    do {
      try decoder.forEachBlock(cancellation: cancellation) { (_: inout [Float]) in blocks += 1 }
    } catch { errors.append(error) }
    #expect(errors.first is Failure && errors.last is CancellationError && errors.count == 2)
    #expect(blocks == 1)
  }

  private final class Ear: SampleListener {
    var begun: [[Int]] = []
    var samples: [Float] = []
    func begin(format: FileFormat, sampleRate: Int, channels: Int) { begun.append([sampleRate, channels]) }
    func take(_ block: [Float]) { samples += block }
  }

  @Test("who listens to a deep inspection hears what the decoder gives, once", arguments: files, [false, true])
  func listening(name: String, loudness: Bool) throws {
    let (all, channels) = try Self.whole(fixture(name))
    let ear = Ear()
    let limits = AudioLimits(minimumSeconds: 0, maximumSeconds: .infinity, maximumBytes: .max)
    let found = inspectBlocking(
      path: fixture(name), limits: limits, deep: true, loudness: loudness, listener: ear)
    #expect(!found.integrity.damaged && ear.begun.map(\.last) == [channels])
    #expect(ear.samples == all)
  }

  @Test("a counted flac has the size of one that is written", arguments: [(16, 1), (16, 2), (24, 2), (8, 3)])
  func counting(bits: Int, channels: Int) throws {
    let scratch = try Scratch()
    let path = try scratch.file("x.flac")
    let floats = CodingTests.music(frames: 50_001, channels: channels, rate: 44100)
    let samples = floats.map { SampleConversion.integer($0, bits: bits) }
    var encoder = try AudioEncoder(
      path: path, encoding: .flac(bitsPerSample: bits), sampleRate: 44100, channels: channels)
    try encoder.write(samples)
    try encoder.finish()
    let counter = try FLACSizeCounter(path: path, bitsPerSample: bits, sampleRate: 44100, channels: channels)
    try counter.add(samples)
    let (header, frames) = try counter.finish()
    let written = try bytes(of: path).count
    #expect(header + frames.reduce(0, +) == written)
    #expect(frames.count == (50_001 + FLACSizeCounter.frameSamples - 1) / FLACSizeCounter.frameSamples)
  }
}
