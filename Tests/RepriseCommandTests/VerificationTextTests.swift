import Foundation
import RepriseAnalysis
import RepriseAudio
import RepriseCommand
import RepriseVerification
import Testing

@Suite("The words for a check")
struct VerificationTextTests {
  /// A finding, its name and its exact words.
  struct Case: Sendable, CustomTestStringConvertible {
    let finding: VerificationReport.Finding
    let name: String
    let message: String
    var testDescription: String { "\(name): \(message)" }

    init(_ finding: VerificationReport.Finding, _ name: String, _ message: String) {
      self.finding = finding
      self.name = name
      self.message = message
    }
  }

  static let cases = [
    Case(.bytes(99, expected: 100), "bytes", "99 of 100"),
    Case(.decoded(seconds: 26.0127, frames: 1_147_160), "decodes", "26.013 s, 1147160 frames"),
    Case(.undecodable(.unknown), "decodes", "damaged"),
    Case(
      .undecodable(.damaged(.flac(.nothingDecoded), path: "a.flac")), "decodes",
      "not one frame of it can be decoded"),
    Case(.format(.wav, expected: .mp3, wasAsked: true), "format", "wav, asked mp3"),
    Case(.sampleRate(32000, expected: 44100, wasAsked: false), "sample-rate", "32000 Hz, asked 44100 Hz"),
    Case(.invalidSamples(3), "samples", "3 are not numbers"), Case(.loudness(-14.04), "loudness", "-14.0 LUFS"),
    Case(.loudness(-.infinity), "loudness", "below -70 LUFS"), Case(.truePeak(-1.26), "true-peak", "-1.3 dBTP"),
    Case(.truePeak(-.infinity), "true-peak", "none"), Case(.clipping(0.00012), "clipping", "0.012 % of samples"),
    Case(.silence(0.126, reference: nil), "silence", "13 %"),
    Case(.silence(0.5, reference: 0.25), "silence", "50 %, reference 25 %"),
    Case(.duration(12, reference: 10), "duration-ratio", "1.20 (12.0 s / 10.0 s)"),
    Case(.duration(12, reference: 10, wanted: 12.5), "duration-ratio", "1.20 (12.0 s / 10.0 s), 12.5 s as wished"),
    Case(
      .wish(.init(.tempo(wanted: 120...120, found: 118.46))), "wished-tempo", "120 bpm wanted, 118.5 bpm found"),
    Case(
      .wish(.init(.tempo(wanted: 100...110, found: nil))), "wished-tempo", "100-110 bpm wanted, unknown"),
    Case(.wish(.init(.pace(isFaster: true, ratio: 0.94))), "wished-tempo", "faster wanted, 6 % slower found"),
    Case(
      .wish(.init(.key(tonic: 10, isMinor: true, found: Triad(root: 9, isMinor: false)))), "wished-key",
      "B♭ minor wanted, A major found"),
    Case(
      .wish(.init(.key(tonic: 6, isMinor: nil, found: nil))), "wished-key", "F♯ wanted, unknown"),
    Case(
      .wish(.init(.transposition(wanted: -2, found: 0))), "wished-key", "2 semitones down wanted, the same key found"),
    Case(.wish(.init(.duration(wanted: 90, found: 61.7))), "wished-duration", "1:30 wanted, 1:01 found"),
    Case(
      .wish(.init(.instrumental(found: .played))), "wished-instrumental",
      "instrumental wanted, an instrument's melody found"),
    Case(
      .returned(.init(value: 0.456, chance: 0.1, verdict: .pass)), "not-the-input",
      "46 % of the sound's fine structure matches, by chance 10 %"),
    Case(.coverage(.init(value: 0.75, chance: 0, verdict: .warn)), "coverage", "75 % of the reference is played"),
    Case(.music(.init(value: 0.125, chance: 0, verdict: .fail)), "music", "probability 0.12"),
  ]

  @Test("every finding", arguments: cases)
  func value(_ example: Case) {
    #expect(example.finding.check == example.name)
    #expect(VerificationText.value(example.finding) == example.message)
  }

  @Test("a report's lines are in columns, and the record has the contract's fields")
  func report() throws {
    let report = VerificationReport([.truePeak(0.75), .clipping(0)], seconds: 3)
    #expect(
      VerificationText.lines(report) == [
        "  warn  true-peak  0.8 dBTP", "  pass  clipping   0.000 % of samples", "verdict: warn",
      ])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    #expect(
      String(decoding: try encoder.encode(VerificationRecord(path: "a.mp3", report: report)), as: UTF8.self) == """
        {"checks":[{"name":"true-peak","value":"0.8 dBTP","verdict":"warn"},{"name":"clipping","value":"0.000 % of samples",\
        "verdict":"pass"}],"likeness":null,"path":"a.mp3","reason":"there is no reference to compare with","schema":"reprise.verification.v1","verdict":"warn"}
        """)
  }
}
