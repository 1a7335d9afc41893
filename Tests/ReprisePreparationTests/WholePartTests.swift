import RepriseAudio
import ReprisePreparation
import Foundation
import TestSupport
import Testing

/// Parts of recordings that are damaged, or several in one, elsewhere.
@Suite("Whole parts of damaged recordings")
struct WholePartTests {
  static let limits = AudioLimits(minimumSeconds: 1)

  static func options(_ start: Double?, _ end: Double?) -> PreparationOptions {
    var options = PreparationOptions()
    (options.start, options.end) = (start, end)
    return options
  }

  static func prepare(_ path: String, _ start: Double?, _ end: Double?, to output: String) async throws -> Plan {
    let preparer = AudioPreparer(limits: limits, options: options(start, end))
    let plan = try await preparer.plan(for: path).plan
    _ = try await ReprisePreparation.prepare(plan, to: output)
    return plan
  }

  /// A sine of 8 s, as bytes of a file.
  static func sound(_ encoding: AudioEncoder.Encoding, rate: Int, channels: Int, in scratch: Scratch) throws -> String {
    let path = scratch.path("whole.\(encoding == .wav(bitsPerSample: 16) ? "wav" : "flac")")
    let samples = Signals.sine(frames: 8 * rate, channels: channels, rate: rate)
    try Signals.write(samples, encoding, rate: rate, channels: channels, to: path)
    return path
  }

  @Test("a part in front of the end that is missing is cut, and no other", arguments: [(8000, 1), (44100, 2)])
  func truncatedWave(rate: Int, channels: Int) async throws {
    let scratch = try Scratch()
    let whole = try Self.sound(.wav(bitsPerSample: 16), rate: rate, channels: channels, in: scratch)
    let cut = Array(try bytes(of: whole).dropLast(2 * rate * 2 * channels))
    let source = try scratch.file("cut.wav", cut)
    let plan = try await Self.prepare(source, 1, 5.5, to: scratch.path("part.wav"))
    #expect(plan.lossless && plan.steps.map(\.action) == [.cut])
    let all = try Signals.integers(of: whole)
    let made = try Signals.integers(of: scratch.path("part.wav"))
    #expect(made == Array(all[rate * channels..<Int(5.5 * Double(rate)) * channels]))
    for (start, end) in [(1.0, nil), (nil, nil), (nil, 7.0), (5.0, 6.5)] as [(Double?, Double?)] {
      await #expect(throws: (any Error).self) {
        _ = try await Self.prepare(source, start, end, to: scratch.path("no.wav"))
      }
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("no.wav")))
  }

  @Test("a part of a flac beside a damaged frame is cut, and one with it is not", arguments: [1.0, 5.0])
  func damagedFLAC(start: Double) async throws {
    let scratch = try Scratch()
    let whole = try Self.sound(.flac(bitsPerSample: 16), rate: 16000, channels: 2, in: scratch)
    var damaged = try bytes(of: whole)
    damaged[damaged.count / 2] ^= 0xFF
    let source = try scratch.file("damaged.flac", damaged)
    _ = try await Self.prepare(source, start, start + 2, to: scratch.path("part.flac"))
    let all = try Signals.integers(of: whole)
    let first = Int(start) * 16000 * 2
    #expect(try Signals.integers(of: scratch.path("part.flac")) == Array(all[first..<first + 2 * 16000 * 2]))
    await #expect(throws: (any Error).self) {
      _ = try await Self.prepare(source, 3, 5, to: scratch.path("no.flac"))
    }
  }

  @Test("of several wavs in one, a part of the first is cut when asked for")
  func joinedWave() async throws {
    let scratch = try Scratch()
    let whole = try Self.sound(.wav(bitsPerSample: 16), rate: 8000, channels: 1, in: scratch)
    let one = try bytes(of: whole)
    let source = try scratch.file("joined.wav", one + one)
    _ = try await Self.prepare(source, nil, 7, to: scratch.path("part.wav"))
    #expect(try Signals.integers(of: scratch.path("part.wav")) == Array(try Signals.integers(of: whole).prefix(56000)))
  }

  @Test(
    "a flac of a width that libsndfile does not read is encoded again, with the same samples",
    arguments: [("12-bit.flac", 16, FileFormat.flac), ("20-bit.flac", 24, .flac), ("32-bit.flac", 32, .wav)])
  func width(name: String, bits: Int, format: FileFormat) async throws {
    let scratch = try Scratch()
    let output = scratch.path("made.\(format.rawValue)")
    let plan = try await Self.prepare(fixture(name), nil, nil, to: output)
    #expect(plan.lossless && plan.format == format, "\(plan.steps)")
    #expect(try Signals.integers(of: output) == (try Signals.integers(of: fixture(name))))
    #expect(try AudioDecoder(path: output).encoding == .integer(bits: bits))
  }

  @Test("a recording of nine channels cannot become a flac, and the reason is told")
  func nineChannels() async throws {
    let scratch = try Scratch()
    let path = scratch.path("nine.wav")
    try Signals.write(
      Signals.sine(frames: 16000, channels: 9, rate: 8000), .wav(bitsPerSample: 16), rate: 8000, channels: 9, to: path)
    var options = PreparationOptions()
    options.format = .flac
    let inspection = await inspect(path: path, limits: Self.limits)
    #expect(throws: PreparationError(.channels(9, format: .flac, most: 8), path: path)) {
      _ = try makePlan(for: inspection, limits: Self.limits, options: options)
    }
  }
}
