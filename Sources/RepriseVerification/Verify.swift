internal import RepriseAudio
internal import Foundation
internal import RepriseAnalysis
internal import RepriseSystem

/// Checks that all of a result decodes, and that the result has the form that was asked for.
///
/// The bounds are those of `VerificationThresholds` and `LikenessThresholds`. With a reference, the two are compared.
///
/// - Parameters:
///   - path: The result: mp3, wav, flac or, if expected, pcm.
///   - expectation: The properties that are known beforehand.
/// - Returns: Every finding; a file that is damaged, silent or not audio yields a report that fails, not an error.
/// - Throws: `FileError` if the result or the reference can't be read, `AudioFileError` if the result changes while it
///   is read or the reference can't be decoded, `CancellationError`.
package func verify(_ path: String, against expectation: Expectation) async throws -> VerificationReport {
  let size = try fileSize(path)
  if let reference = expectation.reference { _ = try fileSize(reference.path) }
  var findings: [VerificationReport.Finding] = []

  if let wanted = expectation.bytes {
    findings.append(.bytes(size, expected: wanted))
  }
  let isCompared = expectation.reference != nil
  let measured: Measurement
  switch try await offPool("reprise.verify", { try decode(path, expectation, isCompared: isCompared, $0) }) {
  case .damaged(let fault):
    return VerificationReport(findings + [.undecodable(fault)], comparison: .notCompared(.cover))
  case .measured(let found): measured = found
  }
  findings.append(.decoded(seconds: measured.seconds, frames: measured.frames))
  findings += measured.form(expectation) + measured.loudnessFindings

  guard let reference = expectation.reference else {
    return VerificationReport(
      findings + [measured.silence(reference: nil)], seconds: measured.seconds, comparison: .notCompared(.noReference))
  }
  let original = try await offPool("reprise.verify") {
    try Measurement.measure(reference.path, from: reference.start, to: reference.end, isCompared: true, $0)
  }
  findings.append(measured.silence(reference: original))
  let comparison = try await Comparison.made(
    of: measured.samples, with: original.samples, wishes: expectation.wishes,
    thresholds: LikenessThresholds(tuneMayFail: expectation.isOurs))
  if original.seconds > 0 {
    let ratio = comparison.likeness?.alignment?.tempoRatio
    let wanted = expectation.wishes.expectedSeconds(reference: original.seconds, tempoRatio: ratio)
    findings.append(.duration(measured.seconds, reference: original.seconds, wanted: wanted))
  }
  return VerificationReport(findings + comparison.findings, seconds: measured.seconds, comparison: comparison)
}

private func fileSize(_ path: String) throws -> Int {
  if let problem = StandIns.problem(for: path) { throw AudioFileError(path: path, .notFetched(problem)) }
  var status = stat()
  guard unsafe stat(StandIns.path(for: path), &status) == 0 else {
    throw FileError(errno: errno, path: path, doing: "read")
  }
  switch status.st_mode & S_IFMT {
  case S_IFREG: break
  case S_IFDIR: throw FileError(.isDirectory, path: path, doing: "read")
  default: throw FileError(.special, path: path, doing: "read")
  }
  return Int(status.st_size)
}

/// The outcome of decoding a result.
private enum Decoding: Sendable {
  /// The damage of the result.
  case damaged(VerificationReport.Finding.Fault)
  case measured(Measurement)
}

/// Searches a result for damage and measures it, in one pass.
private func decode(
  _ path: String, _ expectation: Expectation, isCompared: Bool, _ cancellation: Cancellation
) throws -> Decoding {
  do {
    if expectation.container == .pcm {
      return .measured(
        try Measurement.measurePCM(
          path, sampleRate: expectation.sampleRate ?? 44100, isCompared: isCompared, cancellation))
    }
    let listener = Measurement.Listener(isCompared: isCompared)
    let anything = AudioLimits(minimumSeconds: 0, maximumSeconds: .infinity, maximumBytes: .max)
    let inspection = inspectBlocking(
      path: path, limits: anything, deep: true, listener: listener, cancellation: cancellation)
    // An inspection that is stopped half-way has no result.
    try cancellation.check()
    // A file that can't be read is neither whole nor damaged.
    if let failure = inspection.failure, failure.isOfReading { throw failure }
    // A silent or clipped result is whole; silence and clipping have checks of their own.
    let fatal: Set<Inspection.Reason.Code> = [.truncated, .corrupt, .notAudio, .unsupportedFormat]
    // Any format that can be decoded is measured, whether a service accepts it or not.
    let isConvertible = inspection.notes.isForeign
    if let reason = inspection.reasons.first(where: {
      fatal.contains($0.code) && !($0.code == .unsupportedFormat && isConvertible)
    }) {
      return .damaged(.rejected(reason, path: path))
    }
    if inspection.integrity.damaged {
      return .damaged(inspection.integrity.problems.first.map { .damaged($0, path: path) } ?? .unknown)
    }
    // A file without a single frame is not decoded by an inspection.
    return .measured(try listener.finish() ?? Measurement.measure(path, isCompared: isCompared, cancellation))
  } catch let error as AudioFileError {
    if error.code == .cancelled { throw CancellationError() }
    if case .file(let status) = error.problem { throw status }
    if error.isOfReading { throw error }
    return .damaged(.decoder(error))
  }
}

extension AudioFileError {
  /// `true` if the file could not be read, so that nothing is known of its content.
  fileprivate var isOfReading: Bool {
    switch problem {
    case .file, .emptyPath, .zeroByteInPath, .special, .changedMeanwhile: true
    default: false
    }
  }
}
