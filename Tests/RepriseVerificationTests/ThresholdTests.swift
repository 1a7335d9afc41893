import RepriseAudio
import RepriseVerification
import Testing

/// A measure of a comparison, with a verdict of its own.
private func measure(_ verdict: VerificationReport.Verdict) -> Likeness.Measure {
  .init(value: 0.5, chance: 0.25, verdict: verdict)
}

@Suite("The bounds between pass, warn and fail")
struct ThresholdTests {
  /// A finding and what is made of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let finding: VerificationReport.Finding
    let verdict: VerificationReport.Verdict
    var testDescription: String { "\(finding): \(verdict)" }

    init(_ finding: VerificationReport.Finding, _ verdict: VerificationReport.Verdict) {
      self.finding = finding
      self.verdict = verdict
    }
  }

  @Test(
    "each bound belongs to the better verdict",
    arguments: [
      Case(.bytes(10, expected: 10), .pass), Case(.bytes(9, expected: 10), .fail),
      Case(.decoded(seconds: 1, frames: 44100), .pass), Case(.undecodable(.unknown), .fail),
      Case(.format(.mp3, expected: .mp3, wasAsked: true), .pass),
      Case(.format(.wav, expected: .mp3, wasAsked: true), .fail),
      Case(.format(.wav, expected: .mp3, wasAsked: false), .warn),
      Case(.sampleRate(44100, expected: 44100, wasAsked: true), .pass),
      Case(.sampleRate(32000, expected: 44100, wasAsked: true), .fail),
      Case(.sampleRate(32000, expected: 44100, wasAsked: false), .warn), Case(.invalidSamples(1), .fail),
      Case(.loudness(-9), .pass), Case(.loudness(-20), .pass), Case(.loudness(-8.9), .warn),
      Case(.loudness(-5), .warn), Case(.loudness(-4.9), .fail), Case(.loudness(-35), .warn),
      Case(.loudness(-35.1), .fail), Case(.loudness(-.infinity), .fail), Case(.truePeak(0.5), .pass),
      Case(.truePeak(0.6), .warn), Case(.truePeak(-.infinity), .pass), Case(.clipping(0.001), .pass),
      Case(.clipping(0.01), .warn), Case(.clipping(0.011), .fail), Case(.silence(0.1, reference: nil), .pass),
      Case(.silence(0.3, reference: nil), .warn), Case(.silence(0.31, reference: nil), .fail),
      Case(.silence(0.5, reference: 0.5), .pass), Case(.silence(0.2, reference: 0.6), .pass),
      Case(.duration(8, reference: 10), .pass), Case(.duration(12.5, reference: 10), .pass),
      Case(.duration(15, reference: 10), .warn), Case(.duration(15.1, reference: 10), .fail),
      Case(.duration(6.6, reference: 10), .fail), Case(.duration(6.6, reference: 10, wanted: 6.5), .pass),
      Case(.duration(10, reference: 10, wanted: 6.5), .pass), Case(.duration(20, reference: 10, wanted: 14), .warn),
      Case(.wish(.init(.duration(wanted: 30, found: 60))), .warn),
      Case(.wish(.init(.instrumental(found: .unclear))), .pass), Case(.returned(measure(.pass)), .pass),
      Case(.samePiece(measure(.fail)), .fail), Case(.melody(measure(.warn)), .warn),
    ])
  func bound(_ example: Case) {
    #expect(VerificationThresholds().verdict(of: example.finding) == example.verdict)
  }

  @Test("a report is as bad as its worst check, and good where nothing was checked")
  func worst() {
    #expect(VerificationReport([]).verdict == .pass)
    #expect(VerificationReport([.truePeak(1), .clipping(0)]).verdict == .warn)
    #expect(VerificationReport([.truePeak(1), .clipping(0.5)]).verdict == .fail)
  }
}
