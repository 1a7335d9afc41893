import RepriseAudio
import Foundation
import ReprisePreparation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Cutting without loss")
struct LosslessCutTests {
  static func little(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> Int {
    bytes[offset..<offset + width].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  @Test(
    "a part of a flac keeps rate and channels, bit for bit, in the width above its own that all decoders read",
    arguments: [4, 5, 7, 8, 12, 13, 16, 20, 24, 31, 32], [(8000, 1), (44100, 2), (655_350, 3), (96000, 8)])
  func flac(bits: Int, form: (rate: Int, channels: Int)) async throws {
    let scratch = try Scratch()
    let source = scratch.path("x.flac")
    let mask = Int32(-1) << Int32(32 - bits)
    let samples = Signals.noise(9000 * form.channels).enumerated().map { index, noise in
      (Int32(truncatingIfNeeded: index / form.channels * 200_003) &+ noise >> 6) & mask
    }
    try Signals.write(samples, .flac(bitsPerSample: bits), rate: form.rate, channels: form.channels, to: source)
    let limits = AudioLimits(minimumSeconds: 0.001)
    let start = 1234.0 / Double(form.rate)
    let end = 7777.0 / Double(form.rate)
    let (plan, made) = try await PrepareTests.prepare(source, limits, in: scratch) {
      $0.start = start
      $0.end = end
    }
    #expect(plan.lossless && made.format == (bits > 24 ? .wav : .flac))
    #expect(try Signals.integers(of: made.path) == Array(samples[1234 * form.channels..<7777 * form.channels]))
    let found = await inspect(path: made.path, limits: limits, deep: true)
    #expect(found.sampleRate == form.rate && found.channels == form.channels)
    guard made.format == .flac else { return }
    #expect(found.integrity.md5 == .matches)
    let written = try bytes(of: made.path)
    let word = written[18..<26].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    #expect(Int(word >> 36 & 31) + 1 == [8, 16, 24].first { $0 >= bits })
    #expect(word & 0xF_FFFF_FFFF == 7777 - 1234)
    // Block sizes: all but the last are alike. Frame sizes are known.
    #expect(written[8..<10] == written[10..<12])
    #expect(written[12..<15].contains { $0 != 0 } && written[15..<18].contains { $0 != 0 })
  }

  @Test(
    "a part of any wav is a RIFF with right sizes, a fact chunk where there are floats, and no extensible form",
    arguments: ["rf64.wav", "bw64.wav", "wave64.wav", "float32.wav", "extensible-24.wav", "list-around-data.wav"])
  func wave(name: String) async throws {
    let scratch = try Scratch()
    let (plan, made) = try await PrepareTests.prepare(fixture(name), PlanTests.limits(), in: scratch) {
      $0.start = 1
      $0.end = 3.00025
    }
    #expect(plan.lossless && made.bytes == plan.predictedBytes)
    let written = try bytes(of: made.path)
    #expect(Array(written[..<4]) == Array("RIFF".utf8) && Self.little(written, 4, 4) == written.count - 8)
    let format = Self.little(written, 16, 4)
    #expect(format == (name == "float32.wav" ? 18 : 16))
    var offset = 20 + format
    if name == "float32.wav" {
      #expect(Array(written[offset..<offset + 4]) == Array("fact".utf8) && Self.little(written, offset + 8, 4) == 8001)
      offset += 12
    }
    #expect(Array(written[offset..<offset + 4]) == Array("data".utf8))
    #expect(Self.little(written, offset + 4, 4) == 8001 * Self.little(written, 32, 2))
    let whole = try Signals.integers(of: fixture(name))
    #expect(try Signals.integers(of: made.path) == Array(whole[4000..<12001]))
    if name == "list-around-data.wav" {
      guard case .bytes(let chunks) = plan.steps.first?.cut?.method else {
        Issue.record("\(plan.steps)")
        return
      }
      #expect(chunks.map(\.name) == ["JUNK", "LIST", "LIST"] && chunks.allSatisfy { ($0.bytes ?? 0) > 0 })
    }
  }

  @Test(
    "what other programs cannot read is written anew, its samples' bytes unchanged",
    arguments: ["chunk-without-pad.wav", "rf64-without-ds64.wav"])
  func rewrite(name: String) async throws {
    let scratch = try Scratch()
    let limits = PlanTests.limits()
    #expect(await inspect(path: fixture(name), limits: limits).verdict == .preparable)
    let (plan, made) = try await PrepareTests.prepare(fixture(name), limits, in: scratch)
    #expect(plan.lossless && plan.steps.map(\.action) == [.mend])
    #expect(try Signals.integers(of: made.path) == Signals.integers(of: fixture(name)))
    #expect(await inspect(path: made.path, limits: limits).reasons.isEmpty)
  }

  @Test("a contradiction in the header is not carried into the part")
  func mended() async throws {
    let scratch = try Scratch()
    let (_, made) = try await PrepareTests.prepare(fixture("block-align-wrong.wav"), PlanTests.limits(), in: scratch) {
      $0.end = 3
    }
    let written = try bytes(of: made.path)
    #expect(Self.little(written, 32, 2) == 2 && Self.little(written, 28, 4) == 8000)
    #expect(await inspect(path: made.path, limits: PlanTests.limits()).integrity.problems.isEmpty)
  }

  @Test("a part is taken from behind 4 GiB, and a part of more than that is an RF64")
  func huge() async throws {
    let scratch = try Scratch()
    let path = scratch.path("x.wav")
    let data = (1 << 32) + 96000
    func little(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(value >> (8 * $0) & 255) } }
    let format = little(1, 2) + little(1, 2) + little(48000, 4) + little(96000, 4) + little(2, 2) + little(16, 2)
    let head =
      Array("RF64".utf8) + little(0xFFFF_FFFF, 4) + Array("WAVEds64".utf8) + little(28, 4) + little(data + 72, 8)
      + little(data, 8) + little(data / 2, 8) + little(0, 4) + Array("fmt ".utf8) + little(16, 4) + format
      + Array("data".utf8) + little(0xFFFF_FFFF, 4)
    try Data(head).write(to: URL(fileURLWithPath: path))
    let outcome = unsafe truncate(path, off_t(80 + data))
    try #require(outcome == 0)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seek(toOffset: UInt64(80 + data - 4))
    try handle.write(contentsOf: Data([1, 2, 3, 4]))
    try handle.close()
    let limits = AudioLimits(minimumSeconds: 0.5, maximumSeconds: 1e6, maximumBytes: 1 << 40)
    var options = PreparationOptions()
    options.start = Double(data / 2 - 24000) / 48000
    let inspection = await inspect(path: path, limits: limits)
    let plan = try makePlan(for: inspection, limits: limits, options: options)
    let made = try await ReprisePreparation.prepare(plan, to: scratch.path("part.wav"))
    let part = try bytes(of: made.path)
    #expect(part.count == 44 + 48000 && Array(part.suffix(4)) == [1, 2, 3, 4])
    // Of a larger part only the plan: its header is that of an RF64.
    options.start = 1
    let large = try makePlan(for: inspection, limits: limits, options: options)
    #expect(large.predictedBytes == data - 96000 + 80)
  }
}
