import RepriseAudio
import Foundation
import ReprisePreparation
import TestSupport
import Testing

@Suite("Unwrapping files")
struct UnwrapTests {
  /// A wav around an mp3.
  static func riff(_ mp3: [UInt8]) -> [UInt8] {
    func little(_ value: Int, _ width: Int) -> [UInt8] {
      (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let format =
      little(0x55, 2) + little(2, 2) + little(44100, 4) + little(16000, 4) + little(1, 2) + little(0, 2)
      + little(12, 2) + little(1, 2) + little(2, 4) + little(417, 2) + little(1, 2) + little(1393, 2)
    let chunks =
      Array("fmt ".utf8) + little(30, 4) + format + Array("fact".utf8) + little(4, 4) + little(0, 4)
      + Array("data".utf8) + little(mp3.count, 4) + mp3
    return Array("RIFF".utf8) + little(chunks.count + 4, 4) + Array("WAVE".utf8) + chunks
  }

  @Test("a wrapped stream that fits is taken out, its frames unchanged")
  func whole() async throws {
    let scratch = try Scratch()
    let mp3 = try bytes(of: fixture("cbr.mp3"))
    let path = try scratch.file("a.wav", Self.riff(mp3))
    let (plan, made) = try await PrepareTests.prepare(path, PlanTests.limits(), in: scratch)
    #expect(plan.steps.map(\.action) == [.unwrap] && plan.lossless && plan.format == .mp3)
    let facts = Unwrapping.Facts(container: .riff, codec: .mp3, byteCount: mp3.count)
    #expect(plan.steps.first?.detail == .unwrapped(facts))
    #expect(plan.predictedBytes == mp3.count && made.bytes == mp3.count)
    #expect(try bytes(of: made.path) == mp3)
    #expect(!plan.keepsFile)
  }

  @Test("a part of a wrapped stream is cut at its own frames")
  func part() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.wav", Self.riff(try bytes(of: fixture("cbr.mp3"))))
    let (plan, made) = try await PrepareTests.prepare(path, PlanTests.limits(), in: scratch) {
      $0.start = 0.5
      $0.end = 2
    }
    #expect(plan.steps.map(\.action) == [.unwrap, .cut] && plan.lossless && made.format == .mp3)
    let plain = try await PrepareTests.prepare(fixture("cbr.mp3"), PlanTests.limits(), in: scratch, as: "plain.mp3") {
      $0.start = 0.5
      $0.end = 2
    }
    #expect(try bytes(of: made.path) == bytes(of: plain.made.path))
  }

  /// The STREAMINFO of a flac, without its MD5, and its frames.
  private static func withoutMD5(_ name: String) throws -> (info: [UInt8], frames: [UInt8]) {
    let flac = try bytes(of: fixture(name))
    var start = 4
    while true {
      let isLast = flac[start] & 0x80 != 0
      start += 4 + Int(flac[start + 1]) << 16 + Int(flac[start + 2]) << 8 + Int(flac[start + 3])
      if isLast { break }
    }
    let info = Array("fLaC".utf8) + [0x80, 0, 0, 34] + Array(flac[8..<26]) + [UInt8](repeating: 0, count: 16)
    return (info, Array(flac[start...]))
  }

  /// A page of an Ogg file.
  private static func page(_ number: Int, _ packet: [UInt8], flags: UInt8) -> [UInt8] {
    let segments = [UInt8](repeating: 255, count: packet.count / 255) + [UInt8(packet.count % 255)]
    var page: [UInt8] = Array("OggS".utf8) + [0, flags] + [UInt8](repeating: 0, count: 8) + [7, 0, 0, 0]
    page += (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    page += [0, 0, 0, 0] + [UInt8(segments.count)] + segments + packet
    var sum: UInt32 = 0
    for byte in page {
      sum ^= UInt32(byte) << 24
      for _ in 0..<8 { sum = sum >> 31 == 1 ? sum << 1 ^ 0x04C1_1DB7 : sum << 1 }
    }
    for place in 0..<4 { page[22 + place] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(place))) }
    return page
  }

  /// A flac in Ogg, with one packet a page.
  private static func ogg(_ info: [UInt8], _ frames: [UInt8]) -> [UInt8] {
    var file = page(0, [0x7F] + Array("FLAC".utf8) + [1, 0, 0, 0] + info, flags: 2)
    for (index, start) in stride(from: 0, to: frames.count, by: 60_000).enumerated() {
      let end = min(start + 60_000, frames.count)
      file += page(index + 1, Array(frames[start..<end]), flags: end == frames.count ? 4 : 0)
    }
    return file
  }

  @Test(
    "a flac without an MD5 that is taken out or mended gets one",
    arguments: ["plain.flac", "variable-block-size.flac"], [false, true])
  func md5(name: String, isWrapped: Bool) async throws {
    let scratch = try Scratch()
    let (info, frames) = try Self.withoutMD5(name)
    let source = isWrapped ? Self.ogg(info, frames) : [UInt8](repeating: 0, count: 99) + info + frames
    let limits = PlanTests.limits(minimum: 0.01)
    let (plan, made) = try await PrepareTests.prepare(try scratch.file("a.bin", source), limits, in: scratch)
    #expect(plan.steps.first?.action == (isWrapped ? .unwrap : .mend) && plan.format == .flac, "\(plan.steps)")
    let sum = try Array(bytes(of: made.path)[26..<42])
    #expect(try sum == Array(bytes(of: fixture(name))[26..<42]))
    #expect(await inspect(path: made.path, limits: limits, deep: true).integrity.md5 == .matches)
  }

  @Test("a wrapped stream becomes another format where that is asked for")
  func converted() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.wav", Self.riff(try bytes(of: fixture("cbr.mp3"))))
    let (plan, made) = try await PrepareTests.prepare(path, PlanTests.limits(), in: scratch) { $0.format = .flac }
    #expect(plan.steps.map(\.action) == [.unwrap, .convert] && made.format == .flac)
  }

  @Test("a stream that changed since it was planned is not written")
  func changed() async throws {
    let scratch = try Scratch()
    let mp3 = try bytes(of: fixture("cbr.mp3"))
    let path = try scratch.file("a.wav", Self.riff(mp3))
    let plan = try makePlan(
      for: await inspect(path: path, limits: PlanTests.limits()), limits: PlanTests.limits())
    // As many bytes, but no container any more.
    let other = Array((mp3 + mp3).prefix(try bytes(of: path).count))
    try Data(other).write(to: URL(fileURLWithPath: path))
    await #expect(throws: PreparationError.self) {
      try await ReprisePreparation.prepare(plan, to: scratch.path("out.mp3"))
    }
    #expect(try scratch.contents() == ["a.wav"])
  }
}
