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

  @Test("a wrapped stream that fits is taken out byte for byte")
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
