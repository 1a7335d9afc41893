internal import RepriseSignal

extension Measurement {
  /// Returns the findings on the container and the sample rate that were asked for.
  func form(_ expectation: Expectation) -> [VerificationReport.Finding] {
    guard expectation.container != .pcm else { return [] }
    var findings: [VerificationReport.Finding] = []
    if let wanted = expectation.container {
      findings.append(.format(container, expected: wanted, wasAsked: expectation.wasAsked))
    }
    if let wanted = expectation.sampleRate {
      findings.append(.sampleRate(sampleRate, expected: wanted, wasAsked: expectation.wasAsked))
    }
    return findings
  }

  /// The findings on samples, loudness and clipping.
  var loudnessFindings: [VerificationReport.Finding] {
    var findings: [VerificationReport.Finding] = []
    if levels.invalidSamples > 0 { findings.append(.invalidSamples(levels.invalidSamples)) }
    if let loudness { findings += [.loudness(loudness.integrated), .truePeak(loudness.truePeak)] }
    return findings + [.clipping(levels.clippedShare)]
  }

  /// Returns the finding on silence, with the reference's own share if there is a reference.
  func silence(reference: Measurement?) -> VerificationReport.Finding {
    .silence(levels.silentShare, reference: reference?.levels.silentShare)
  }
}
