import RepriseAudio
import Foundation
import TestSupport
import Testing
import RepriseSystem
import RepriseVerification
import Synchronization

/// Sounds made for one test, in a directory of its own.
private struct Sounds {
  private let scratch: Scratch
  var directory: String { scratch.root }
  static let rate = 44100

  init() throws { scratch = try Scratch() }

  func clean() { scratch.remove() }

  /// Chords that change every half second, with a click on each beat; other `roots` make another piece.
  ///
  /// Its beginning is the same whatever its length, so that the longest so far has all shorter ones in it.
  static func music(seconds: Double, roots: [Double] = [220, 262, 196, 247]) -> [Float] {
    let frames = Int(seconds * Double(rate))
    return played.withLock { played in
      if (played[roots]?.count ?? 0) < frames * 2 { played[roots] = play(frames, roots) }
      return Array(played[roots]?.prefix(frames * 2) ?? [])
    }
  }

  /// A tune over chords that change every second, played on an instrument with some overtones.
  static func piece(seconds: Int, overtones: Int, decay: Double) -> [Float] {
    let roots = [57, 53, 60, 55, 50, 57, 52, 55, 53, 60]
    let tune = [76, 72, 77, 79, 74, 81, 76, 71, 72, 79, 69, 74]
    var samples = [Float](repeating: 0, count: 2 * rate * seconds)
    for beat in 0..<2 * seconds {
      let root = roots[beat / 2 % roots.count]
      let third = [50, 52, 57].contains(root) ? 3 : 4
      for pitch in [root, root + third, root + 7, tune[beat * 5 / 3 % tune.count]] {
        let hertz = 440 * pow(2, Double(pitch - 69) / 12)
        for frame in 0..<rate / 2 {
          let time = Double(frame) / Double(rate)
          var value = 0.0
          for overtone in 1...overtones { value += sin(2 * .pi * hertz * Double(overtone) * time) / Double(overtone) }
          let sample = Float((pitch > 68 ? 0.12 : 0.05) * exp(-decay * time) * min(1, time * 200) * value)
          samples[2 * (beat * rate / 2 + frame)] += sample
          samples[2 * (beat * rate / 2 + frame) + 1] += sample
        }
      }
    }
    return samples
  }

  private static let played = Mutex<[[Double]: [Float]]>([:])

  private static func play(_ frames: Int, _ roots: [Double]) -> [Float] {
    var samples = [Float](repeating: 0, count: frames * 2)
    for frame in 0..<frames {
      let time = Double(frame) / Double(rate)
      let beat = (time * 2).rounded(.down)
      let within = time - beat / 2
      let root = roots[Int(beat) % roots.count]
      var value = 0.0
      for index in 0..<3 {
        let frequency = root * (index == 0 ? 1 : index == 1 ? 1.26 : 1.5)
        var overtone = 1.0
        while overtone <= 5 {
          value += sin(2 * .pi * frequency * overtone * time + Double(index)) / overtone
          overtone += 1
        }
      }
      value *= exp(-4 * within)
      value += exp(-200 * within) * sin(2 * .pi * 3000 * time)
      samples[2 * frame] = Float(0.12 * value)
      samples[2 * frame + 1] = Float(0.11 * value)
    }
    return samples
  }

  func write(_ samples: [Float], _ name: String, _ encoding: AudioEncoder.Encoding, rate: Int = rate) throws -> String {
    let path = directory + "/" + name
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    var encoder = try AudioEncoder(path: path, encoding: encoding, sampleRate: rate, channels: 2)
    try encoder.write(samples)
    try encoder.finish()
    return path
  }
}

extension VerificationReport {
  fileprivate func verdict(of name: String) -> Verdict? { checks.first { $0.name == name }?.verdict }
}

@Suite("Whether a result is good")
struct VerificationTests {
  @Test("a good cover of plausible length passes every check", .takesLong)
  func good() async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let played = Sounds.piece(seconds: 12, overtones: 6, decay: 5)
    let reference = try sounds.write(played, "reference.wav", .wav(bitsPerSample: 16))
    // The same notes on another instrument.
    let tones = Sounds.piece(seconds: 12, overtones: 1, decay: 1)
    let cover = try sounds.write(tones, "cover.mp3", .mp3(bitrate: 128_000))
    let size = try #require(try FileManager.default.attributesOfItem(atPath: cover)[.size] as? Int)
    let report = try await verify(
      cover, against: Expectation(container: .mp3, sampleRate: 44100, bytes: size, reference: .init(path: reference)))
    #expect(report.verdict != .fail, "\(report.checks)")
    for name in [
      "bytes", "decodes", "format", "sample-rate", "clipping", "silence", "duration-ratio", "same-piece",
      "not-the-input",
    ] {
      #expect(report.verdict(of: name) == .pass, "\(name): \(report.checks)")
    }
  }

  @Test("the reference itself, re-encoded and shifted, is recognised", .takesLong, arguments: [0, 2205, 30000])
  func copy(shift: Int) async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let music = Sounds.music(seconds: 12)
    let reference = try sounds.write(music, "reference.flac", .flac(bitsPerSample: 16))
    let copy = try sounds.write(music.dropFirst(2 * shift).map { $0 * 0.6 }, "copy.mp3", .mp3(bitrate: 128_000))
    let report = try await verify(copy, against: Expectation(reference: .init(path: reference)))
    #expect(report.verdict(of: "not-the-input") == .fail, "\(report.checks)")
    #expect(report.verdict == .fail)
  }

  @Test(
    "another format or rate than asked for fails, and warns where it was only the default", arguments: [true, false])
  func wrongFormat(wasAsked: Bool) async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let result = try sounds.write(Sounds.music(seconds: 7), "result.mp3", .wav(bitsPerSample: 16), rate: 32000)
    let report = try await verify(
      result, against: Expectation(container: .mp3, sampleRate: 44100, wasAsked: wasAsked))
    let wanted: VerificationReport.Verdict = wasAsked ? .fail : .warn
    #expect(report.verdict(of: "format") == wanted)
    #expect(report.verdict(of: "sample-rate") == wanted)
  }

  @Test("a byte more or fewer than the service said fails", arguments: [-1, 1])
  func wrongLength(difference: Int) async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let result = try sounds.write(Sounds.music(seconds: 7), "result.wav", .wav(bitsPerSample: 16))
    let size = try #require(try FileManager.default.attributesOfItem(atPath: result)[.size] as? Int)
    let report = try await verify(result, against: Expectation(bytes: size + difference))
    #expect(report.verdict(of: "bytes") == .fail)
  }

  @Test("a result that is cut off fails to decode", arguments: ["wav", "flac"])
  func truncated(format: String) async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let result = try sounds.write(
      Sounds.music(seconds: 7), "result." + format,
      format == "wav" ? .wav(bitsPerSample: 16) : .flac(bitsPerSample: 16))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: result))
    try bytes.prefix(bytes.count * 2 / 3).write(to: URL(fileURLWithPath: result))
    let report = try await verify(result, against: Expectation())
    #expect(report.verdict(of: "decodes") == .fail, "\(report.checks)")
  }

  @Test("silence fails, half silence warns or fails, and a reference's own silence is forgiven", .takesLong)
  func silence() async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let nothing = [Float](repeating: 0, count: 2 * 44100 * 8)
    let silent = try sounds.write(nothing, "silent.wav", .wav(bitsPerSample: 16))
    #expect(try await verify(silent, against: Expectation()).verdict(of: "silence") == .fail)
    #expect(try await verify(silent, against: Expectation()).verdict(of: "loudness") == .fail)
    let half = Sounds.music(seconds: 8) + nothing
    let result = try sounds.write(half, "half.wav", .wav(bitsPerSample: 16))
    let reference = try sounds.write(half, "reference.wav", .wav(bitsPerSample: 16))
    #expect(try await verify(result, against: Expectation()).verdict(of: "silence") == .fail)
    #expect(
      try await verify(result, against: Expectation(reference: .init(path: reference))).verdict(of: "silence") == .pass)
  }

  @Test("clipping is counted in runs: driven 18 dB over it fails, a lone full-scale sample passes", .takesLong)
  func clipping() async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let music = Sounds.music(seconds: 8)
    let driven = try sounds.write(music.map { max(-1, min(1, $0 * 24)) }, "driven.wav", .wav(bitsPerSample: 16))
    #expect(try await verify(driven, against: Expectation()).verdict(of: "clipping") == .fail)
    var peaks = music
    for index in stride(from: 1000, to: peaks.count, by: 44100) { peaks[index] = 1 }
    let peaky = try sounds.write(peaks, "peaky.wav", .wav(bitsPerSample: 16))
    #expect(try await verify(peaky, against: Expectation()).verdict(of: "clipping") == .pass)
  }

  @Test(
    "a length outside 0.67–1.5 of the reference fails, outside 0.8–1.25 warns", .takesLong,
    arguments: [(5.0, VerificationReport.Verdict.fail), (7.5, .warn), (10, .pass), (13.5, .warn), (16, .fail)])
  func duration(seconds: Double, verdict: VerificationReport.Verdict) async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let reference = try sounds.write(Sounds.music(seconds: 10), "reference.wav", .wav(bitsPerSample: 16))
    let result = try sounds.write(
      Sounds.music(seconds: seconds, roots: [330, 175]), "result.wav", .wav(bitsPerSample: 16))
    let report = try await verify(result, against: Expectation(reference: .init(path: reference)))
    #expect(report.verdict(of: "duration-ratio") == verdict, "\(report.checks)")
  }

  @Test("headerless pcm is read as 16-bit stereo at the rate asked for", .takesLong)
  func pcm() async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let music = Sounds.music(seconds: 10)
    let reference = try sounds.write(music, "reference.wav", .wav(bitsPerSample: 16))
    let result = try sounds.write(music, "result.pcm", .pcm16)
    let report = try await verify(
      result, against: Expectation(container: .pcm, sampleRate: 44100, reference: .init(path: reference)))
    #expect(report.verdict(of: "duration-ratio") == .pass, "\(report.checks)")
    #expect(report.verdict(of: "not-the-input") == .fail)
  }

  @Test(
    "a page of HTML, an empty file and text are reports that fail", arguments: ["<html>expired</html>", "", "words"])
  func notAudio(content: String) async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let path = sounds.directory + "/result.mp3"
    try Data(content.utf8).write(to: URL(fileURLWithPath: path))
    let report = try await verify(path, against: Expectation(container: .mp3))
    #expect(report.verdict == .fail)
    #expect(report.verdict(of: "decodes") == .fail)
  }

  @Test(
    "a result that may not be read is an error and no verdict, whatever it should be",
    .disabled(if: getuid() == 0, "root may read everything"),
    arguments: [RepriseVerification.Expectation.Container.mp3, .pcm])
  func notPermitted(container: RepriseVerification.Expectation.Container) async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let path = try sounds.write(Sounds.music(seconds: 1), "result.mp3", .mp3(bitrate: 128_000))
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    let error = await #expect(throws: FileError.self) {
      _ = try await verify(path, against: RepriseVerification.Expectation(container: container))
    }
    #expect(error?.code == .notPermitted)
  }

  @Test("only the part of a recording that was sent is compared", .takesLong)
  func partOfReference() async throws {
    let sounds = try Sounds()
    defer { sounds.clean() }
    let music = Sounds.music(seconds: 30)
    let reference = try sounds.write(music, "reference.wav", .wav(bitsPerSample: 16))
    let part = try sounds.write(Array(music[2 * 44100 * 12..<2 * 44100 * 22]), "part.wav", .wav(bitsPerSample: 16))
    let report = try await verify(
      part, against: Expectation(reference: .init(path: reference, start: 12, end: 22)))
    #expect(report.verdict(of: "duration-ratio") == .pass, "\(report.checks)")
    #expect(report.verdict(of: "not-the-input") == .fail, "\(report.checks)")
    #expect(
      try await verify(part, against: Expectation(reference: .init(path: reference))).verdict(of: "duration-ratio")
        == .fail)
  }
}
