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
    #expect(plan.steps.allSatisfy { !$0.detail.isEmpty })
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
    #expect(faded.steps.last?.detail.contains("320 kbit/s") == true)
    #expect(faded.steps.last?.detail.contains("encoded again for the fades") == true)
    let free = try await Self.plan("free-format.mp3") { $0.start = 0.1 }
    #expect(free.steps.map(\.action) == [.cut, .convert] && !free.lossless)
    #expect(free.steps.last?.detail.contains("free format") == true)
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

  /// Options that cannot be met, and what is said about them.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let start: Double?
    let end: Double?
    var fadeIn = 0.0
    var fadeOut = 0.0
    var maximum = 360.0
    var mayTrim = true
    let code: PreparationError.Code
    let words: String
    var testDescription: String { words }
  }

  @Test(
    "what makes no sense is refused with the numbers",
    arguments: [
      Refusal(start: 5, end: 2, code: .badRange, words: "start at 5 s is not before the end at 2 s"),
      Refusal(start: 3, end: 3, code: .badRange, words: "is not before"),
      Refusal(start: 100, end: nil, code: .badRange, words: "start at 100 s is beyond its length of 6.5 s"),
      Refusal(start: nil, end: 7, code: .badRange, words: "end at 7 s is beyond its length of 6.5 s"),
      Refusal(start: -1, end: nil, code: .badRange, words: "start of -1.0 s"),
      Refusal(start: .nan, end: nil, code: .badRange, words: "start of nan s"),
      Refusal(start: nil, end: .infinity, code: .badRange, words: "end of inf s"),
      Refusal(start: 6, end: nil, code: .tooShort, words: "0.5 s would be left, under the service's minimum of 1 s"),
      Refusal(start: nil, end: nil, fadeIn: 4, fadeOut: 4, code: .badRange, words: "fades of 4 s and 4 s"),
      Refusal(start: nil, end: nil, fadeIn: -1, code: .badRange, words: "fades of -1 s"),
      Refusal(
        start: nil, end: nil, maximum: 5, mayTrim: false, code: .tooLong,
        words: "6.5 s are over the service's maximum of 5 s, and it may not be cut; leave out --no-trim"),
      Refusal(start: 0, end: 6, maximum: 5, code: .tooLong, words: "from 0 s to 6 s are 6 s"),
    ])
  func refusals(_ refusal: Refusal) async throws {
    await #expect {
      _ = try await Self.plan("plain.wav", Self.limits(maximum: refusal.maximum)) {
        $0.start = refusal.start
        $0.end = refusal.end
        $0.fadeIn = refusal.fadeIn
        $0.fadeOut = refusal.fadeOut
        $0.mayTrim = refusal.mayTrim
      }
    } throws: { error in
      guard let error = error as? PreparationError else { return false }
      return error.code == refusal.code && error.message.contains(refusal.words)
        && error.description.hasPrefix(fixture("plain.wav"))
    }
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
    await #expect {
      _ = try await Self.plan("recording.mp3", Self.limits(bytes: 50000))
    } throws: {
      ($0 as? PreparationError)?.code == .noFit && "\($0)".contains("choose a shorter part")
    }
  }

  @Test("only formats that were allowed are said not to fit")
  func noFitFormats() async throws {
    let limits = AudioLimits(minimumSeconds: 1, maximumBytes: 5000)
    await #expect {
      _ = try await Self.plan("plain.wav", limits) { $0.format = .wav }
    } throws: {
      "\($0)".hasSuffix("6.5 s as wav cannot be made to fit 5000 bytes; choose a shorter part or another format")
    }
    await #expect {
      _ = try await Self.plan("plain.wav", AudioLimits(minimumSeconds: 1, formats: [.mp3])) { $0.format = .wav }
    } throws: {
      "\($0)".hasSuffix("the service does not take wav; ask for one of mp3")
    }
  }

  @Test("what a flac that may not fit becomes instead is said beforehand")
  func doubt() async throws {
    let plan = try await Self.plan("plain.wav", Self.limits(bytes: 40000))
    #expect(plan.steps.last?.detail.hasPrefix("to flac, without loss, if that fits 40.0 kB; else to mp3 at ") == true)
  }

  @Test("the margin under the maximum never goes under the minimum")
  func minimumAtMaximum() async throws {
    let plan = try await Self.plan("recording.mp3", Self.limits(minimum: 6, maximum: 6))
    #expect(plan.end == 6 && plan.format == .mp3)
  }

  @Test("the record has the contract's fields")
  func record() async throws {
    let plan = try await Self.plan("plain.wav", Self.limits(bytes: 20000))
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(plan)) as? [String: Any]
    let record = try #require(object)
    #expect(
      Set(record.keys) == ["schema", "path", "steps", "start", "end", "format", "predictedBytes", "lossless"])
    #expect(record["schema"] as? String == "reprise.plan.v1")
    let step = try #require((record["steps"] as? [[String: Any]])?.first)
    #expect(Set(step.keys) == ["action", "lossless", "detail"])
  }
}
