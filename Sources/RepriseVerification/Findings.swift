internal import RepriseSignal

extension Measurement {
  /// What it tells of the container and the sample rate that were asked for.
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

  /// What it tells of samples, loudness and clipping.
  var loudnessFindings: [VerificationReport.Finding] {
    var findings: [VerificationReport.Finding] = []
    if levels.invalidSamples > 0 { findings.append(.invalidSamples(levels.invalidSamples)) }
    if let loudness { findings += [.loudness(loudness.integrated), .truePeak(loudness.truePeak)] }
    return findings + [.clipping(levels.clippedShare)]
  }

  /// What it tells of silence, beyond the reference's own where there is one.
  func silence(reference: Measurement?) -> VerificationReport.Finding {
    .silence(levels.silentShare, reference: reference?.levels.silentShare)
  }

  /// What it tells against the reference: the length, and whether the reference itself has come back.
  func likeness(to reference: Measurement) -> [VerificationReport.Finding] {
    var findings: [VerificationReport.Finding] = []
    if reference.seconds > 0 { findings.append(.duration(seconds, reference: reference.seconds)) }
    if let ours = timbre, let theirs = reference.timbre, let value = ours.correlation(with: theirs) {
      findings.append(.likeness(value))
    }
    return findings
  }
}
