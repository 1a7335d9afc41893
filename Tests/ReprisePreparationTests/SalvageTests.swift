import RepriseAudio
import ReprisePreparation
import Foundation
import TestSupport
import Testing

/// What is whole of damaged recordings, on request.
@Suite("Salvage of damaged recordings")
struct SalvageTests {
  static let limits = AudioLimits(minimumSeconds: 1)

  /// What was made of a damaged recording.
  struct Made {
    let plan: Plan
    let path: String
    let audio: PreparedAudio
  }

  static func salvage(
    _ source: String, _ mode: SalvageMode?, in scratch: Scratch, change: (inout PreparationOptions) -> Void = { _ in }
  ) async throws -> Made {
    var options = PreparationOptions()
    options.salvage = mode
    change(&options)
    let plan = try await AudioPreparer(limits: limits, options: options).plan(for: source).plan
    let output = scratch.path("made-\(mode?.rawValue ?? "whole").\(plan.format.rawValue)")
    let audio = try await ReprisePreparation.prepare(plan, to: output, replacing: true)
    return Made(plan: plan, path: audio.path, audio: audio)
  }

  /// Tones and noise, the same each time.
  static func music(seconds: Int, rate: Int, channels: Int) -> [Float] {
    var random = Seeded(11)
    return (0..<seconds * rate * channels).map { index in
      let time = Double(index / channels) / Double(rate)
      let tones = [220.0, 554.4, 1318.5].reduce(0.0) {
        $0 + sin(2 * .pi * $1 * time * (1 + Double(index % channels) / 9))
      }
      let noise = Double(random.next() >> 40) / Double(1 << 24) - 0.5
      return Float(tones * (0.12 + 0.05 * sin(5 * time)) + noise * 0.05)
    }
  }

  /// The samples of a recording in what is left of it, with the stretches that are lost or silent left out.
  ///
  /// - Returns: The number of frames that were compared and the largest difference.
  static func compare(_ made: Made, with whole: String, margin: Int) throws -> (frames: Int, difference: Float) {
    let (all, left) = (try AudioBuffer(decoding: whole), try AudioBuffer(decoding: made.path))
    let (rate, channels) = (Double(all.sampleRate), all.channels)
    #expect(left.sampleRate == all.sampleRate && left.channels == channels)
    func frame(_ seconds: Double) -> Int { Int((seconds * rate).rounded()) }
    var (place, position, frames, difference) = (0, 0, 0, Float(0))
    func compare(to end: Int) {
      let count = min(end - place, left.frames - position, all.frames - place)
      let (low, high) = (place > 0 ? margin : 0, end < all.frames ? count - margin : count)
      guard high > low else { return }
      for index in low * channels..<high * channels {
        difference = max(
          difference, abs(all.samples[place * channels + index] - left.samples[position * channels + index]))
      }
      frames += high - low
    }
    for loss in made.plan.lost {
      guard case .damage(let filled) = loss.cause else { continue }
      compare(to: frame(loss.start))
      position += frame(loss.start) - place + frame(filled)
      place = frame(loss.end)
    }
    compare(to: all.frames)
    return (frames, difference)
  }

  static func lost(_ plan: Plan) -> Double { plan.lost.reduce(0) { $0 + $1.end - $1.start } }

  static func filled(_ plan: Plan) -> Double {
    plan.lost.reduce(0) { if case .damage(let filled) = $1.cause { $0 + filled } else { $0 } }
  }

  // MARK: wav

  @Test(
    "the samples of a wav whose end is missing are kept",
    arguments: [(8000, 1, 16), (44100, 2, 24), (48000, 2, 32)], SalvageMode.allCases)
  func truncatedWave(form: (rate: Int, channels: Int, bits: Int), mode: SalvageMode) async throws {
    let scratch = try Scratch()
    let whole = scratch.path("whole.wav")
    try Signals.write(
      Self.music(seconds: 4, rate: form.rate, channels: form.channels), .wav(bitsPerSample: form.bits), rate: form.rate,
      channels: form.channels, to: whole)
    let frame = form.channels * form.bits / 8
    // Half a frame is there.
    let source = try scratch.file("cut.wav", Array(try bytes(of: whole).dropLast(form.rate * frame + frame / 2)))
    await #expect(throws: (any Error).self) { _ = try await Self.salvage(source, nil, in: scratch) }
    let made = try await Self.salvage(source, mode, in: scratch)
    let all = try Signals.integers(of: whole)
    #expect(try Signals.integers(of: made.path) == Array(all.prefix((3 * form.rate - 1) * form.channels)))
    #expect(made.plan.lossless && made.plan.steps.first?.action == .salvage)
    #expect(made.plan.lost.count == 1 && abs(Self.lost(made.plan) - 1) < 2 / Double(form.rate))
  }

  @Test("floats that are not numbers are left out, or silent", arguments: SalvageMode.allCases)
  func notNumbers(mode: SalvageMode) async throws {
    let scratch = try Scratch()
    let whole = scratch.path("whole.wav")
    try Signals.write(Self.music(seconds: 4, rate: 16000, channels: 2), .wavFloat, rate: 16000, channels: 2, to: whole)
    var damaged = try bytes(of: whole)
    let data = damaged.count - 4 * 16000 * 8
    for start in [0, 20000, 20010, 60000] {
      for byte in 0..<40 { damaged[data + start * 8 + byte] = 0xFF }
    }
    let made = try await Self.salvage(try scratch.file("nan.wav", damaged), mode, in: scratch)
    let found = try Self.compare(made, with: whole, margin: 0)
    #expect(found.difference == 0 && found.frames > 63900)
    #expect(made.plan.lost.count == 3)
    let frames = try AudioBuffer(decoding: made.path).frames
    #expect(frames == (mode == .silence ? 64000 : found.frames))
  }

  // MARK: flac

  @Test(
    "the whole frames of a damaged flac are kept",
    arguments: [(8000, 1, 16), (16000, 2, 24)], SalvageMode.allCases)
  func damagedFLAC(form: (rate: Int, channels: Int, bits: Int), mode: SalvageMode) async throws {
    let scratch = try Scratch()
    let whole = scratch.path("whole.flac")
    try Signals.write(
      Self.music(seconds: 4, rate: form.rate, channels: form.channels), .flac(bitsPerSample: form.bits),
      rate: form.rate,
      channels: form.channels, to: whole)
    let good = try bytes(of: whole)
    for (name, damage) in Self.damages(good.count) {
      var damaged = good
      damage(&damaged)
      let made = try await Self.salvage(try scratch.file("\(name).flac", damaged), mode, in: scratch)
      let found = try Self.compare(made, with: whole, margin: 0)
      #expect(found.difference == 0, "\(name)")
      #expect(found.frames > form.rate, "\(name)")
      #expect(abs(Double(found.frames) / Double(form.rate) + Self.lost(made.plan) - 4) < 1e-3, "\(name)")
      let seconds = Double(found.frames) / Double(form.rate) + Self.filled(made.plan)
      #expect(abs(made.audio.seconds - seconds) < 1e-3, "\(name)")
      let result = await inspect(path: made.path, limits: Self.limits, deep: true)
      #expect(!result.integrity.damaged && result.verdict == .ready, "\(name)")
    }
  }

  /// Damage of several kinds to a file of some size.
  static func damages(_ count: Int) -> [(String, (inout [UInt8]) -> Void)] {
    [
      ("flipped", { $0[count / 2] ^= 0x55 }),
      ("flipped-often", { for part in 2..<5 { $0[count * part / 9] ^= 0xFF } }),
      ("zeros", { $0.replaceSubrange(count / 2..<count / 2 + 3000, with: [UInt8](repeating: 0, count: 3000)) }),
      ("removed", { $0.removeSubrange(count / 3..<count / 3 + 777) }),
      ("inserted", { $0.insert(contentsOf: [UInt8](repeating: 0xA7, count: 999), at: count / 3) }),
      ("cut", { $0.removeLast(count / 4) }),
      (
        "cut-and-zeros",
        {
          $0.removeLast(count / 4)
          $0.replaceSubrange(count / 3..<count / 3 + 1000, with: [UInt8](repeating: 0, count: 1000))
        }
      ),
    ]
  }

  // MARK: mp3

  @Test(
    "the whole frames of a damaged mp3 are kept, with a header that is true of them",
    arguments: [(44100, 2, 128), (48000, 1, 320), (22050, 2, 64), (16000, 1, 64)], SalvageMode.allCases)
  func damagedMP3(form: (rate: Int, channels: Int, kilobits: Int), mode: SalvageMode) async throws {
    let scratch = try Scratch()
    let whole = scratch.path("whole.mp3")
    try Signals.write(
      Self.music(seconds: 6, rate: form.rate, channels: form.channels), .mp3(bitrate: form.kilobits * 1000),
      rate: form.rate, channels: form.channels, to: whole)
    let good = try bytes(of: whole)
    let frame = form.rate >= 32000 ? 144_000 * form.kilobits / form.rate : 72_000 * form.kilobits / form.rate
    let hole = 9 * frame + 17
    let kinds: [(String, (inout [UInt8]) -> Void)] = [
      (
        "zeros",
        { $0.replaceSubrange(good.count / 2..<good.count / 2 + hole, with: [UInt8](repeating: 0, count: hole)) }
      ),
      ("removed", { $0.removeSubrange(good.count / 3..<good.count / 3 + 2 * frame + 31) }),
      ("cut", { $0.removeLast(good.count / 4) }),
      (
        "twice",
        {
          for part in [1, 2] {
            let start = good.count * part / 3
            $0.replaceSubrange(start..<start + hole, with: [UInt8](repeating: 0, count: hole))
          }
        }
      ),
    ]
    for (name, damage) in kinds {
      var damaged = good
      damage(&damaged)
      let made = try await Self.salvage(try scratch.file("\(name).mp3", damaged), mode, in: scratch)
      #expect(made.plan.lossless && made.plan.steps.map(\.action) == [.salvage], "\(name)")
      let found = try Self.compare(made, with: whole, margin: 3000)
      #expect(found.difference < 3e-6, "\(name)")
      #expect(found.frames > 2 * form.rate, "\(name)")
      let left = try AudioBuffer(decoding: made.path).seconds
      #expect(abs(left + Self.lost(made.plan) - Self.filled(made.plan) - 6) < 0.08, "\(name)")
      #expect(abs(made.audio.seconds - left) < 1e-3, "\(name)")
      let result = await inspect(path: made.path, limits: Self.limits, deep: true)
      #expect(!result.integrity.damaged && result.verdict == .ready, "\(name): \(result.reasons)")
    }
  }

  @Test("a part is counted in the recording as it was", arguments: SalvageMode.allCases)
  func part(mode: SalvageMode) async throws {
    let scratch = try Scratch()
    let whole = scratch.path("whole.flac")
    try Signals.write(
      Self.music(seconds: 6, rate: 16000, channels: 1), .flac(bitsPerSample: 16), rate: 16000, channels: 1, to: whole)
    var damaged = try bytes(of: whole)
    damaged[damaged.count / 3] ^= 0xFF
    damaged[damaged.count / 2] ^= 0xFF
    let source = try scratch.file("damaged.flac", damaged)
    let made = try await Self.salvage(source, mode, in: scratch) { ($0.start, $0.end) = (1, 5) }
    #expect(made.plan.start == 1 && abs(made.plan.end - 5) < 1e-9)
    let all = try Signals.integers(of: whole)
    let left = try Signals.integers(of: made.path)
    #expect(left.prefix(8000) == all[16000..<24000])
    #expect(left.suffix(8000) == all[72000..<80000])
    #expect(abs(Double(left.count) / 16000 - (4 - Self.lost(made.plan) + Self.filled(made.plan))) < 1e-6)
  }

  // MARK: Refusals

  @Test("what is whole is not touched by the word, and what is damaged is refused without it")
  func word() async throws {
    let scratch = try Scratch()
    let made = try await AudioPreparer(
      limits: Self.limits,
      options: {
        var options = PreparationOptions()
        options.salvage = .close
        return options
      }()
    ).plan(for: fixture("plain.flac")).plan
    #expect(made.keepsFile)
    await #expect(throws: (any Error).self) { _ = try await Self.salvage(fixture("truncated.flac"), nil, in: scratch) }
  }

  @Test(
    "what is no recording, or silent, or too short after all, stays rejected",
    arguments: ["text.mp3", "silent.wav", "header-only.wav", "empty.wav"])
  func rejected(name: String) async throws {
    let scratch = try Scratch()
    for mode in SalvageMode.allCases {
      await #expect(throws: (any Error).self) { _ = try await Self.salvage(fixture(name), mode, in: scratch) }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("")).isEmpty)
  }

  @Test("a recording of which too little is left is refused, and leaves nothing")
  func tooShort() async throws {
    let scratch = try Scratch()
    let whole = scratch.path("whole.wav")
    try Signals.write(
      Self.music(seconds: 4, rate: 8000, channels: 1), .wav(bitsPerSample: 16), rate: 8000, channels: 1, to: whole)
    let source = try scratch.file("cut.wav", Array(try bytes(of: whole).prefix(8000)))
    let error = await #expect(throws: PreparationError.self) { _ = try await Self.salvage(source, .close, in: scratch) }
    #expect(error?.path == source)
    guard case .salvageUnfit(let facts, let reasons)? = error?.reason else {
      Issue.record("\(error?.reason as Any)"); return
    }
    #expect(facts.seconds < 1 && reasons.map(\.code).contains(.tooShort))
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: scratch.path(""))) == ["whole.wav", "cut.wav"])
  }

  @Test("a recording that changed since it was planned is refused")
  func changed() async throws {
    let scratch = try Scratch()
    let whole = scratch.path("whole.flac")
    try Signals.write(
      Self.music(seconds: 3, rate: 8000, channels: 1), .flac(bitsPerSample: 16), rate: 8000, channels: 1, to: whole)
    var damaged = try bytes(of: whole)
    damaged[damaged.count / 2] ^= 0xFF
    let source = try scratch.file("damaged.flac", damaged)
    var options = PreparationOptions()
    options.salvage = .close
    let plan = try await AudioPreparer(limits: Self.limits, options: options).plan(for: source).plan
    damaged[damaged.count / 4] ^= 0xFF
    _ = try scratch.file("damaged.flac", damaged)
    await #expect(throws: PreparationError.self) {
      _ = try await ReprisePreparation.prepare(plan, to: scratch.path("no.flac"))
    }
    await #expect(throws: PreparationError.self) {
      _ = try await ReprisePreparation.prepare(plan, to: source, replacing: true)
    }
    #expect(try bytes(of: source) == damaged)
    #expect(!FileManager.default.fileExists(atPath: scratch.path("no.flac")))
  }
}
