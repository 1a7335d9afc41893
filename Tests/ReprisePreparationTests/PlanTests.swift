import RepriseAudio
import Foundation
import ReprisePreparation
import TestSupport
import Testing

@Suite("Planning")
struct PlanTests {
  static func limits(bytes: Int = 50_000_000, minimum: Double = 1, maximum: Double = 360) -> AudioLimits {
    AudioLimits(minimumSeconds: minimum, maximumSeconds: maximum, maximumBytes: bytes)
  }

  static func plan(
    _ name: String, _ limits: AudioLimits = limits(), _ change: (inout PreparationOptions) -> Void = { _ in }
  ) async throws -> Plan {
    var options = PreparationOptions()
    change(&options)
    return try makePlan(for: await inspect(path: fixture(name), limits: limits), limits: limits, options: options)
  }

  /// A rung of the ladder: the file, the byte limit, what is done.
  struct Rung: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: Int
    let actions: [Plan.Step.Action]
    let format: FileFormat
    let lossless: Bool
    var testDescription: String { "\(name) in \(bytes)" }
  }

  @Test(
    "the first rung that fits is taken",
    arguments: [
      Rung(name: "cbr.mp3", bytes: 50000, actions: [.keep], format: .mp3, lossless: true),
      Rung(name: "plain.wav", bytes: 52044, actions: [.keep], format: .wav, lossless: true),
      Rung(name: "id3-picture-without-info.mp3", bytes: 25391, actions: [.strip], format: .mp3, lossless: true),
      Rung(name: "ape-tag.mp3", bytes: 25391, actions: [.strip], format: .mp3, lossless: true),
      Rung(name: "padding.flac", bytes: 31000, actions: [.strip], format: .flac, lossless: true),
      Rung(name: "list-around-data.wav", bytes: 52100, actions: [.strip], format: .wav, lossless: true),
      Rung(name: "plain.wav", bytes: 52043, actions: [.convert], format: .flac, lossless: true),
      Rung(name: "extensible-24.wav", bytes: 60000, actions: [.convert], format: .flac, lossless: true),
      Rung(name: "float32.wav", bytes: 100_000, actions: [.convert], format: .flac, lossless: false),
      Rung(name: "int32.wav", bytes: 100_000, actions: [.convert], format: .flac, lossless: false),
      Rung(name: "plain.wav", bytes: 20000, actions: [.convert], format: .flac, lossless: true),
      Rung(name: "plain.wav", bytes: 9000, actions: [.convert], format: .mp3, lossless: false),
      Rung(name: "plain.flac", bytes: 20000, actions: [.convert], format: .mp3, lossless: false),
      Rung(name: "cbr.mp3", bytes: 27000, actions: [.convert], format: .mp3, lossless: false),
    ])
  func ladder(_ rung: Rung) async throws {
    let plan = try await Self.plan(rung.name, Self.limits(bytes: rung.bytes))
    #expect(plan.steps.map(\.action) == rung.actions)
    #expect(plan.format == rung.format)
    #expect(plan.lossless == rung.lossless)
    #expect(plan.predictedBytes <= rung.bytes)
    #expect(plan.start == 0)
  }

  @Test("a plan is made without opening the file")
  func pure() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("x.wav", bytes(of: fixture("plain.wav")))
    let inspection = await inspect(path: path, limits: Self.limits())
    try FileManager.default.removeItem(atPath: path)
    let plan = try makePlan(for: inspection, limits: Self.limits())
    #expect(plan.steps.map(\.action) == [.keep])
  }

  @Test("an mp3 is cut by its own frames, and encoded again only where that cannot be")
  func mp3Cut() async throws {
    let plan = try await Self.plan("recording.mp3") {
      $0.start = 2
      $0.end = 10
    }
    #expect(plan.steps.map(\.action) == [.cut])
    #expect(plan.lossless && plan.start == 2 && plan.end == 10)
    let faded = try await Self.plan("recording.mp3") {
      $0.start = 2
      $0.end = 10
      $0.fadeIn = 1
    }
    #expect(faded.steps.map(\.action) == [.cut, .convert, .convert] && !faded.lossless)
    let again = try #require(faded.steps.last?.mp3)
    #expect(again.bitrate == 320_000 && again.again == .fades)
    let free = try await Self.plan("free-format.mp3") { $0.start = 0.1 }
    #expect(free.steps.map(\.action) == [.cut, .convert] && !free.lossless)
    #expect(free.steps.last?.mp3?.again == .refusal(.freeFormat))
  }

  @Test("what is too long is cut to the first 360 s, an mp3 to as much less as careless tools see more")
  func trimming() async throws {
    let short = Self.limits(maximum: 5)
    let wave = try await Self.plan("plain.wav", short)
    #expect(wave.end == 5 && wave.steps.map(\.action) == [.cut] && wave.lossless)
    let mp3 = try await Self.plan("cbr.mp3", short)
    #expect(mp3.end > 4.8 && mp3.end <= 4.9)
  }

  @Test("an mp3 is stripped, not encoded again, when its tags alone are too much")
  func stripIsExact() async throws {
    let plan = try await Self.plan("id3-picture-without-info.mp3", Self.limits(bytes: 25391))
    #expect(plan.predictedBytes == 25391)
    await #expect(throws: PreparationError.self) {
      let limits = AudioLimits(minimumSeconds: 1, maximumBytes: 5000, formats: [.flac])
      _ = try await Self.plan("plain.wav", limits)
    }
  }

  /// Options that cannot be met, and why.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let start: Double?
    let end: Double?
    var fadeIn = 0.0
    var fadeOut = 0.0
    var maximum = 360.0
    var mayTrim = true
    let reason: PreparationError.Reason
    var testDescription: String { "\(reason)" }
  }

  @Test(
    "what makes no sense is refused with the numbers",
    arguments: [
      Refusal(start: 5, end: 2, reason: .startNotBeforeEnd(start: 5, end: 2)),
      Refusal(start: 3, end: 3, reason: .startNotBeforeEnd(start: 3, end: 3)),
      Refusal(start: 100, end: nil, reason: .beyondEnd(.start, at: 100, length: 6.5)),
      Refusal(start: nil, end: 7, reason: .beyondEnd(.end, at: 7, length: 6.5)),
      Refusal(start: -1, end: nil, reason: .notATime(.start, -1)),
      Refusal(start: nil, end: .infinity, reason: .notATime(.end, .infinity)),
      Refusal(start: 6, end: nil, reason: .tooShort(seconds: 0.5, minimum: 1)),
      Refusal(start: nil, end: nil, fadeIn: 4, fadeOut: 4, reason: .fades(in: 4, out: 4, length: 6.5)),
      Refusal(start: nil, end: nil, fadeIn: -1, reason: .fades(in: -1, out: 0, length: 6.5)),
      Refusal(
        start: nil, end: nil, maximum: 5, mayTrim: false, reason: .mayNotBeCut(seconds: 6.5, maximum: 5)),
      Refusal(start: 0, end: 6, maximum: 5, reason: .partTooLong(start: 0, end: 6, maximum: 5)),
    ])
  func refusals(_ refusal: Refusal) async throws {
    await #expect(throws: PreparationError(refusal.reason, path: fixture("plain.wav"))) {
      _ = try await Self.plan("plain.wav", Self.limits(maximum: refusal.maximum)) {
        $0.start = refusal.start
        $0.end = refusal.end
        $0.fadeIn = refusal.fadeIn
        $0.fadeOut = refusal.fadeOut
        $0.mayTrim = refusal.mayTrim
      }
    }
  }

  @Test("a time that is no number is none")
  func noNumber() async throws {
    let error = await #expect(throws: PreparationError.self) {
      _ = try await Self.plan("plain.wav") { $0.start = .nan }
    }
    guard case .notATime(.start, let seconds) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(seconds.isNaN)
  }

  @Test("what was rejected is not planned for", arguments: ["truncated.mp3", "nan-float.wav", "text.mp3", "nowhere"])
  func rejected(name: String) async throws {
    await #expect {
      _ = try await Self.plan(name)
    } throws: {
      ($0 as? PreparationError)?.code == .unusable
    }
  }

  @Test("nothing is offered that does not fit")
  func noFit() async throws {
    let error = await #expect(throws: PreparationError.self) {
      _ = try await Self.plan("recording.mp3", Self.limits(bytes: 50000))
    }
    guard case .noFormatFits(_, wanted: nil, taken: [.flac, .mp3, .wav], maximumBytes: 50000) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("only formats that were allowed are said not to fit")
  func noFitFormats() async throws {
    let limits = AudioLimits(minimumSeconds: 1, maximumBytes: 5000)
    let path = fixture("plain.wav")
    let tooLarge = PreparationError.Reason.noFormatFits(
      seconds: 6.5, wanted: .wav, taken: [.flac, .mp3, .wav], maximumBytes: 5000)
    await #expect(throws: PreparationError(tooLarge, path: path)) {
      _ = try await Self.plan("plain.wav", limits) { $0.format = .wav }
    }
    await #expect(throws: PreparationError(.formatNotTaken(.wav, taken: [.mp3]), path: path)) {
      _ = try await Self.plan("plain.wav", AudioLimits(minimumSeconds: 1, formats: [.mp3])) { $0.format = .wav }
    }
  }

  @Test("what a flac that may not fit becomes instead is said beforehand")
  func doubt() async throws {
    let plan = try await Self.plan("plain.wav", Self.limits(bytes: 40000))
    guard case .either(.flac(.same), ifAtMost: 40000, otherwise: .mp3) = plan.steps.last?.detail else {
      Issue.record("\(plan.steps)")
      return
    }
  }

  @Test("the margin under the maximum never goes under the minimum")
  func minimumAtMaximum() async throws {
    let plan = try await Self.plan("recording.mp3", Self.limits(minimum: 6, maximum: 6))
    #expect(plan.end == 6 && plan.format == .mp3)
  }
}

extension Plan.Step {
  /// The conversion to mp3; `nil` for any other step.
  var mp3: MP3Conversion? { if case .mp3(let conversion) = detail { conversion } else { nil } }

  /// The conversion to flac; `nil` for any other step.
  var flac: FLACConversion? { if case .flac(let conversion) = detail { conversion } else { nil } }

  /// The part that is taken; `nil` for any other step.
  var cut: Cut? { if case .cut(let cut) = detail { cut } else { nil } }

  /// The change of level; `nil` if the level stays.
  var level: LevelChange? {
    switch detail {
    case .mp3(let conversion): conversion.level
    case .flac(.rounded(_, let level)), .flac(.decoded(_, _, _, let level)), .wav(_, let level, _): level
    default: nil
    }
  }
}
