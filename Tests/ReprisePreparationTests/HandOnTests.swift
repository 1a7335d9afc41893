import RepriseAudio
import Foundation
import RepriseSystem
import ReprisePreparation
import TestSupport
import Testing

// One after the other: all at once they would leave tests of servers, which share the machine, no processor for many
// seconds.
@Suite("What is handed on", .serialized)
struct HandOnTests {
  static let limits = AudioLimits(minimumSeconds: 1)

  /// Every fixture that may hold audio.
  static let fixtures: [String] = {
    let directory = URL(fileURLWithPath: fixture("cbr.mp3")).deletingLastPathComponent().path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { name in [".mp3", ".wav", ".flac"].contains { name.hasSuffix($0) } }.sorted()
  }()

  /// Ways to prepare a recording, at places drawn by a fixed rule.
  static func ways(seconds: Double, name: String) -> [PreparationOptions] {
    var state = name.utf8.reduce(UInt64(42)) { ($0 ^ UInt64($1)) &* 6_364_136_223_846_793_005 &+ 1 }
    func draw(_ range: ClosedRange<Double>) -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return range.lowerBound + Double(state >> 33) / Double(1 << 31) * (range.upperBound - range.lowerBound)
    }
    func way(_ change: (inout PreparationOptions) -> Void) -> PreparationOptions {
      var options = PreparationOptions()
      change(&options)
      return options
    }
    let length = max(seconds, 2.5)
    func part(_ options: inout PreparationOptions) {
      options.start = draw(0...length - 2)
      options.end = draw((options.start ?? 0) + 1.1...length - 0.1)
    }
    return [
      way { _ in }, way { part(&$0) }, way { part(&$0) }, way { $0.end = draw(1.1...length - 0.1) },
      way { $0.start = draw(0.01...length - 1.3) }, way { $0.trimsSilence = true },
      way {
        part(&$0)
        $0.fadeIn = 0.2
        $0.fadeOut = 0.3
      },
      way {
        part(&$0)
        $0.format = .flac
      },
      way { $0.format = .mp3 },
    ]
  }

  @Test("whatever is handed on is ready under a deep inspection", .takesLong, arguments: fixtures)
  func ready(name: String) async throws {
    let scratch = try Scratch()
    let source = fixture(name)
    let inspection = await inspect(path: source, limits: Self.limits)
    for (index, options) in Self.ways(seconds: inspection.duration?.seconds ?? 0, name: name).enumerated() {
      do {
        let survey = try await ReprisePreparation.survey(inspection, limits: Self.limits, options: options)
        let plan = try makePlan(for: inspection, limits: Self.limits, options: options, survey: survey)
        let made = try await prepare(plan, to: scratch.path("\(index).\(plan.format.rawValue)"))
        let found = await inspect(path: made.path, limits: Self.limits, deep: true)
        #expect(found.verdict == .ready, "\(index): \(found.reasons)")
        #expect(found.integrity.damage.isEmpty, "\(index)")
      } catch is PreparationError {
        // A refusal is right only where the source gives a reason; what is whole must not be refused a plain copy.
        let isWhole = Self.isWhole(await deep(source))
        #expect(index > 0 || inspection.verdict == .rejected || !isWhole, "\(index)")
      } catch is AudioFileError {
        let isWhole = Self.isWhole(await deep(source))
        #expect(!isWhole, "\(index)")
      }
    }
  }

  private func deep(_ path: String) async -> Inspection { await inspect(path: path, limits: Self.limits, deep: true) }

  private static func isWhole(_ found: Inspection) -> Bool { found.verdict != .rejected }

  @Test(
    "a cut of granules filled up, or of a stream that was cut at its frames, loses nothing and is ready",
    arguments: ["filled-granules.mp3", "cut-at-frames.mp3", "cut-at-frames-mpeg-2.mp3"])
  func cut(name: String) async throws {
    let scratch = try Scratch()
    let whole = await deep(fixture(name))
    #expect(whole.verdict == .ready)
    let (plan, made) = try await PrepareTests.prepare(fixture(name), Self.limits, in: scratch) {
      $0.start = 1
      $0.end = 7.2
    }
    #expect(plan.lossless && made.lossless && plan.steps.map(\.action) == [.cut])
  }

  @Test("damage inside an mp3's frames is refused in the part that holds it, and only there")
  func damaged() async throws {
    let scratch = try Scratch()
    var data = try bytes(of: fixture("recording.mp3"))
    // About 10 s of 26 in, between two headers of a stream at 128 kbit/s.
    let header = try #require((data.count * 2 / 5..<data.count).first { data[$0] == 0xFF && data[$0 + 1] == 0xFB })
    for position in header + 60..<header + 260 { data[position] = 0 }
    let source = try scratch.file("damaged.mp3", data)
    let inspection = await inspect(path: source, limits: Self.limits)
    try #require(inspection.verdict == .ready)
    let position = try #require(await deep(source).integrity.damage.first?.start)
    func made(_ range: ClosedRange<Double>?, _ format: FileFormat? = nil) async throws -> PreparedAudio {
      var options = PreparationOptions()
      (options.start, options.end, options.format) = (range?.lowerBound, range?.upperBound, format)
      let plan = try makePlan(for: inspection, limits: Self.limits, options: options)
      return try await prepare(plan, to: scratch.path("out.\(plan.format.rawValue)"), replacing: true)
    }
    for (range, format) in [
      (nil, nil), (position - 3...position + 3, nil), (position - 3...position + 3, .flac), (nil, .flac),
    ]
      as [(ClosedRange<Double>?, FileFormat?)]
    {
      let error = await #expect(throws: PreparationError.self) { _ = try await made(range, format) }
      guard case .damaged(places: 1..., let first) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(abs(first.start - position) < 0.1)
    }
    #expect(try await made(position + 2...position + 8).lossless)
    #expect(try await made(position + 2...position + 8, .flac).format == .flac)
  }

  @Test("what is silent is not handed on, whatever it is cut from", arguments: [1.0, 3.0])
  func silent(start: Double) async throws {
    let scratch = try Scratch()
    let source = scratch.path("x.wav")
    try Signals.write(
      (0..<48000).map { $0 < 40000 ? 0 : Int32(truncatingIfNeeded: $0 &* 40_503 << 8) }, .wav(bitsPerSample: 16),
      rate: 8000, channels: 1, to: source)
    let inspection = await inspect(path: source, limits: Self.limits)
    var options = PreparationOptions()
    (options.start, options.end) = (start, start + 1.5)
    let plan = try makePlan(for: inspection, limits: Self.limits, options: options)
    let error = await #expect(throws: PreparationError.self) { _ = try await prepare(plan, to: scratch.path("y.wav")) }
    guard case .resultUnfit(let reasons) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reasons.map(\.code) == [.silent])
  }
}
