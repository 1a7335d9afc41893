import RepriseAudio
import Foundation
import ReprisePreparation
import TestSupport
import Testing

@Suite("Excerpts")
struct ExcerptTests {
  static let rate = 16000

  /// A part of a song: chords of two seconds each, how often they are gone through, how loud.
  struct Section: Sendable {
    let chords: [[Double]]
    let times: Int
    let level: Double
    var seconds: Double { Double(2 * chords.count * times) }
  }

  // Roots as MIDI notes; minor and major triads.
  static func minor(_ root: Double) -> [Double] { [root, root + 3, root + 7] }
  static func major(_ root: Double) -> [Double] { [root, root + 4, root + 7] }
  static let verse = Section(chords: [minor(57), minor(50), major(55), minor(52)], times: 2, level: 0.12)
  static let chorus = Section(chords: [major(53), major(60), major(58), major(62)], times: 2, level: 0.3)
  static func once(_ seed: Double, level: Double, count: Int = 8) -> Section {
    Section(
      chords: (0..<count).map {
        minor(48 + (seed * 7 + Double($0 * $0) * 5 + Double($0) * 3).truncatingRemainder(dividingBy: 12))
      },
      times: 1, level: level)
  }

  /// Plays sections: a strummed chord each half second, four partials a note.
  static func play(_ sections: [Section], to path: String) throws {
    var samples: [Float] = []
    let noise = Signals.noise(rate)
    for section in sections {
      for _ in 0..<section.times {
        for chord in section.chords {
          for frame in 0..<2 * rate {
            let time = Double(frame) / Double(rate)
            let stroke = time.truncatingRemainder(dividingBy: 0.5)
            var value = 0.0
            for note in chord {
              let hertz = 440 * pow(2, (note - 69) / 12)
              for partial in 1...4 {
                value += sin(2 * .pi * hertz * Double(partial) * time) / Double(partial * chord.count)
              }
            }
            value *= exp(-3 * stroke) * min(stroke * 200, 1)
            value += 0.02 * Double(noise[frame % rate]) / 2_147_483_648
            samples.append(Float(section.level * value))
          }
        }
      }
    }
    try Signals.write(samples, .wav(bitsPerSample: 16), rate: rate, channels: 1, to: path)
  }

  /// A song, and where its chorus is.
  struct Song: Sendable, CustomTestStringConvertible {
    let name: String
    let sections: [Section]
    let choruses: [Int]
    var testDescription: String { name }
  }

  @Test(
    "auto takes the chorus: what recurs and is loud", .takesLong,
    arguments: [
      Song(
        name: "verse and chorus, three times",
        sections: [once(1, level: 0.1, count: 4), verse, chorus, verse, chorus, once(4, level: 0.15), chorus],
        choruses: [2, 4, 6]),
      Song(
        name: "a loud solo that comes once does not win",
        sections: [verse, chorus, verse, chorus, once(2, level: 0.4), verse, chorus], choruses: [1, 3, 6]),
      Song(
        name: "a chorus no louder than the rest",
        sections: [
          once(3, level: 0.3), Section(chords: chorus.chords, times: 2, level: 0.3), once(6, level: 0.3),
          Section(chords: chorus.chords, times: 2, level: 0.3), once(9, level: 0.3),
        ], choruses: [1, 3]),
    ])
  func chorusIsFound(_ song: Song) async throws {
    let scratch = try Scratch()
    let source = scratch.path("song.wav")
    try Self.play(song.sections, to: source)
    let limits = AudioLimits(minimumSeconds: 6, maximumSeconds: 16)
    let plan = try await FittingTests.plan(source, limits) { $0.passage = .auto }
    #expect(plan.end - plan.start <= 16 && plan.end - plan.start >= 12)
    var starts = [0.0]
    for section in song.sections { starts.append(starts[starts.count - 1] + section.seconds) }
    let inside = song.choruses.map { max(0, min(plan.end, starts[$0 + 1]) - max(plan.start, starts[$0])) }.max() ?? 0
    #expect(
      inside / (plan.end - plan.start) > 0.75,
      "\(plan.start)…\(plan.end), choruses at \(song.choruses.map { starts[$0] })")
    guard case .passage(let reason) = plan.steps.first?.cut?.reasons.first, case .recurring(let times, _) = reason.merit
    else {
      Issue.record("\(plan.steps)")
      return
    }
    #expect(plan.steps.first?.action == .cut && times > 1)
  }

  @Test("the ends lie between notes, not in them", .takesLong)
  func quietEnds() async throws {
    let scratch = try Scratch()
    let source = scratch.path("song.wav")
    try Self.play([Self.verse, Self.chorus, Self.verse, Self.chorus], to: source)
    let limits = AudioLimits(minimumSeconds: 6, maximumSeconds: 15)
    let plan = try await FittingTests.plan(source, limits) { $0.passage = .auto }
    // A stroke begins each half second; before it the last one has died down.
    for time in [plan.start, plan.end] {
      let position = (time * 2).truncatingRemainder(dividingBy: 1) / 2
      #expect(position > 0.42 || position < 0.01, "\(time)")
    }
    let made = try await prepare(plan, to: scratch.path("out.wav"))
    #expect(made.lossless && made.seconds <= 15 && made.seconds >= 6)
    let whole = try Signals.integers(of: source)
    let first = Int((plan.start * Double(Self.rate)).rounded())
    let part = try Signals.integers(of: made.path)
    #expect(part == Array(whole[first..<first + part.count]))
  }

  @Test("what fits is not cut, whatever excerpt is wanted", arguments: PreparationOptions.Passage.allCases)
  func shortEnough(passage: PreparationOptions.Passage) async throws {
    let plan = try await FittingTests.plan(fixture("plain.wav"), PlanTests.limits()) { $0.passage = passage }
    #expect(plan.steps.map(\.action) == [.keep])
  }

  @Test("the middle is the middle, and keeps the mp3 margin")
  func middle() async throws {
    let plan = try await FittingTests.plan(fixture("plain.wav"), PlanTests.limits(maximum: 4)) { $0.passage = .middle }
    #expect(abs((plan.start + plan.end) / 2 - 3.25) < 0.001)
    #expect(plan.end - plan.start > 3.1 && plan.end - plan.start <= 3.9)
    #expect(plan.steps.first?.cut?.reasons == [.middle])
  }

  @Test("nothing but noise still gives a passage within the limits, and does not claim that it recurs", .takesLong)
  func noise() async throws {
    let scratch = try Scratch()
    let source = scratch.path("noise.wav")
    try Signals.write(Signals.noise(8000 * 60), .wav(bitsPerSample: 16), rate: 8000, channels: 1, to: source)
    let plan = try await FittingTests.plan(source, PlanTests.limits(maximum: 20)) { $0.passage = .auto }
    #expect(plan.end - plan.start <= 20 && plan.end - plan.start > 10)
    guard case .passage(let reason) = plan.steps.first?.cut?.reasons.first, case .loudest = reason.merit else {
      Issue.record("\(plan.steps)")
      return
    }
  }

  @Test(
    "limits so close together that nothing can be moved are kept", .takesLong,
    arguments: [(6.0, 6.0), (6.0, 6.2), (6.0, 6.5)])
  func narrow(minimum: Double, maximum: Double) async throws {
    let scratch = try Scratch()
    let source = scratch.path("song.wav")
    try Self.play([Self.verse, Self.chorus], to: source)
    let limits = AudioLimits(minimumSeconds: minimum, maximumSeconds: maximum)
    let plan = try await FittingTests.plan(source, limits) { $0.passage = .auto }
    let made = try await prepare(plan, to: scratch.path("out.wav"))
    #expect(made.seconds >= minimum && made.seconds <= maximum)
  }

  @Test("a passage and times of one's own contradict each other", arguments: ["start", "end"])
  func contradiction(which: String) async throws {
    await #expect(throws: PreparationError(.passageBesideTimes(.auto), path: fixture("plain.wav"))) {
      _ = try await FittingTests.plan(fixture("plain.wav"), PlanTests.limits(maximum: 3)) {
        $0.passage = .auto
        if which == "start" { $0.start = 1 } else { $0.end = 2 }
      }
    }
  }

  @Test("without a survey a passage is not made up")
  func unmeasured() async throws {
    let limits = PlanTests.limits(maximum: 3)
    var options = PreparationOptions()
    options.passage = .auto
    let inspection = await inspect(path: fixture("plain.wav"), limits: limits)
    #expect(throws: PreparationError(.unmeasured, path: fixture("plain.wav"))) {
      _ = try makePlan(for: inspection, limits: limits, options: options)
    }
  }

  @Test("a survey of what needs none reads nothing")
  func lazy() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("x.wav", bytes(of: fixture("plain.wav")))
    let limits = PlanTests.limits()
    let inspection = await inspect(path: path, limits: limits)
    try FileManager.default.removeItem(atPath: path)
    #expect(try await survey(inspection, limits: limits) == Survey())
  }
}

@Suite("Silence at the ends")
struct SilenceTests {
  static let rate = 22050

  /// Silence, a tone that fades in and out over 0.1 s, silence; with an offset and a hiss all along.
  static func write(
    before: Double, sound: Double, behind: Double, offset: Float = 0, hiss: Float = 0, level: Float = 0.3,
    _ encoding: AudioEncoder.Encoding = .wav(bitsPerSample: 16), to path: String
  ) throws {
    let frames = Int((before + sound + behind) * Double(rate))
    let noise = Signals.noise(frames)
    var samples: [Float] = []
    samples.reserveCapacity(2 * frames)
    for frame in 0..<frames {
      let time = Double(frame) / Double(rate) - before
      let edge = max(0, min(1, min(time, sound - time) / 0.01))
      let tone = level * Float(edge * sin(2 * .pi * 330 * time))
      // Only one of the channels sounds.
      let ground = offset + hiss * Float(noise[frame]) / 2_147_483_648
      samples.append(ground)
      samples.append(ground + tone)
    }
    try Signals.write(samples, encoding, rate: rate, channels: 2, to: path)
  }

  @Test(
    "silence in front and behind is dropped but for a margin, in every format", .takesLong,
    arguments: ["wav", "flac", "mp3"])
  func trimmed(format: String) async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.\(format)")
    let encoding: AudioEncoder.Encoding =
      format == "wav" ? .wav(bitsPerSample: 16) : format == "flac" ? .flac(bitsPerSample: 16) : .mp3(bitrate: 128_000)
    try Self.write(before: 1.5, sound: 7, behind: 2.25, encoding, to: source)
    let plan = try await FittingTests.plan(source, AudioLimits()) { $0.trimsSilence = true }
    #expect(abs(plan.start - 1.45) < 0.05 && abs(plan.end - 8.55) < 0.07, "\(plan.start)…\(plan.end)")
    guard case .withoutSilence(let front, let behind, level: -60) = plan.steps.first?.cut?.reasons.first else {
      Issue.record("\(plan.steps)")
      return
    }
    #expect(abs(front - 1.45) < 0.05 && abs(behind - 2.2) < 0.07)
    let made = try await prepare(plan, to: scratch.path("out.\(plan.format.rawValue)"))
    #expect(abs(made.seconds - (plan.end - plan.start)) < 0.001)
    if format != "mp3" {
      #expect(plan.lossless)
      let whole = try Signals.integers(of: source)
      let first = Int((plan.start * Double(Self.rate)).rounded()) * 2
      let part = try Signals.integers(of: made.path)
      #expect(part == Array(whole[first..<first + part.count]))
    }
  }

  @Test("a constant offset and a hiss under the level are silence, one over it is not")
  func ground() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Self.write(before: 2, sound: 7, behind: 3, offset: 0.1, hiss: 0.001, to: source)
    let plan = try await FittingTests.plan(source, AudioLimits()) { $0.trimsSilence = true }
    // The hiss, at −65 dBFS, may be the sound's own beginning and reverberation for half a second and for one and a
    // half.
    #expect(plan.start > 1.4 && plan.start < 2 && plan.end > 9 && plan.end < 10.7, "\(plan.start)…\(plan.end)")
    let deaf = try await FittingTests.plan(source, AudioLimits()) {
      $0.trimsSilence = true
      $0.silenceLevel = -70
    }
    #expect(deaf.steps.map(\.action) == [.keep])
  }

  @Test("silence goes before the limit is looked at, and so decides what fits")
  func order() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Self.write(before: 5, sound: 8, behind: 4, to: source)
    let limits = AudioLimits(minimumSeconds: 6, maximumSeconds: 10)
    let plan = try await FittingTests.plan(source, limits) {
      $0.trimsSilence = true
      $0.mayTrim = false
    }
    #expect(plan.end - plan.start < 8.3)
  }

  @Test("within times of one's own it is their silence that goes")
  func within() async throws {
    let scratch = try Scratch()
    let source = scratch.path("source.wav")
    try Self.write(before: 3, sound: 8, behind: 3, to: source)
    let plan = try await FittingTests.plan(source, AudioLimits(minimumSeconds: 2)) {
      $0.trimsSilence = true
      $0.start = 1
      $0.end = 8
    }
    #expect(abs(plan.start - 2.95) < 0.05 && plan.end == 8)
    let reasons = try #require(plan.steps.first?.cut?.reasons)
    #expect(reasons.count == 2 && reasons.first == .asked)
  }

  @Test("all silent is refused with its level; what is left too short is refused too")
  func refused() async throws {
    let scratch = try Scratch()
    let silent = scratch.path("silent.wav")
    try Self.write(before: 1, sound: 7, behind: 1, level: 0.0004, to: silent)
    let error = await #expect(throws: PreparationError.self) {
      _ = try await FittingTests.plan(silent, AudioLimits()) { $0.trimsSilence = true }
    }
    guard case .allSilent(level: -60, let loudest) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(loudest < -60 && loudest.isFinite)
    let short = scratch.path("short.wav")
    try Self.write(before: 4, sound: 3, behind: 4, to: short)
    await #expect {
      _ = try await FittingTests.plan(short, AudioLimits()) { $0.trimsSilence = true }
    } throws: {
      ($0 as? PreparationError)?.code == .tooShort
    }
  }
}
