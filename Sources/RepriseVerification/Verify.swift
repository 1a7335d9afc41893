internal import RepriseAudio
internal import Foundation
internal import RepriseSystem

/// Checks a result: that all of it decodes, and that it is what was asked for.
///
/// The gates are the engine findings' (November 2026): they tell 28 covers from 819 unrelated pairs and from damaged
/// controls. Melody and harmony are not looked at yet.
///
/// - Parameters:
///   - path: the result, mp3, wav, flac or, where expected, pcm.
///   - expectation: what is known of it beforehand.
/// - Returns: every finding; a file that is damaged, silent or not audio is a report that fails, not an error.
/// - Throws: `FileError` where the result or the reference can't be read, `AudioFileError` where the reference can't be
///   decoded, `CancellationError`.
public func verify(_ path: String, against expectation: Expectation) async throws -> VerificationReport {
  let size = try fileSize(path)
  if let reference = expectation.reference { _ = try fileSize(reference.path) }
  var checks: [VerificationReport.Check] = []

  if let wanted = expectation.bytes {
    checks.append(.init("bytes", "\(size) of \(wanted)", size == wanted ? .pass : .fail))
  }
  let measured: Measurement
  switch try await offPool("reprise.verify", { try decode(path, expectation, $0) }) {
  case .damaged(let damage): return VerificationReport(checks: checks + [.init("decodes", damage, .fail)])
  case .measured(let found): measured = found
  }
  checks.append(.init("decodes", String(format: "%.3f s, %d frames", measured.seconds, measured.frames), .pass))
  checks += Gates.container(measured, expectation)
  checks += Gates.loudness(measured)

  guard let reference = expectation.reference else {
    return VerificationReport(
      checks: checks + [Gates.silence(measured, reference: nil)], seconds: measured.seconds)
  }
  let original = try await offPool("reprise.verify") {
    try Measurement.measure(reference.path, from: reference.start, to: reference.end, $0)
  }
  checks.append(Gates.silence(measured, reference: original))
  checks += Gates.likeness(measured, original)
  return VerificationReport(checks: checks, seconds: measured.seconds)
}

private func fileSize(_ path: String) throws(FileError) -> Int {
  var status = stat()
  guard unsafe stat(path, &status) == 0 else { throw FileError(errno: errno, path: path, doing: "read") }
  switch status.st_mode & S_IFMT {
  case S_IFREG: break
  case S_IFDIR: throw FileError(.isFolder, path: path, doing: "read")
  default: throw FileError(.special, path: path, doing: "read")
  }
  return Int(status.st_size)
}

/// What decoding a result gives.
private enum Decoding: Sendable {
  /// What is broken in it, in words.
  case damaged(String)
  case measured(Measurement)
}

/// Looks for damage in a result and measures it, in one pass.
private func decode(
  _ path: String, _ expectation: Expectation, _ cancellation: Cancellation
) throws -> Decoding {
  do {
    if expectation.container == .pcm {
      return .measured(try Measurement.measurePCM(path, sampleRate: expectation.sampleRate ?? 44100, cancellation))
    }
    let listener = Measurement.Listener()
    let anything = AudioLimits(minimumSeconds: 0, maximumSeconds: .infinity, maximumBytes: .max)
    let inspection = inspectBlocking(
      path: path, limits: anything, deep: true, listener: listener, cancellation: cancellation)
    // An inspection that is stopped half-way says nothing about the file.
    try cancellation.check()
    // A silent or clipped result is whole; what is wrong with it has checks of its own.
    let fatal: Set<Inspection.Reason.Code> = [.truncated, .corrupt, .notAudio, .unsupportedFormat, .unreadable]
    if let reason = inspection.reasons.first(where: { fatal.contains($0.code) }) { return .damaged(reason.message) }
    if inspection.integrity.damaged { return .damaged(inspection.integrity.problems.first ?? "damaged") }
    // A file without a single frame is not decoded by an inspection.
    return .measured(try listener.finish() ?? Measurement.measure(path, cancellation))
  } catch let error as AudioFileError {
    if error.code == .cancelled { throw CancellationError() }
    return .damaged(error.message)
  }
}
