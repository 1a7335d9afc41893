package import Platform

/// Looks at a file and says what it is, how long it really is, and whether a service with these limits takes it.
///
/// It never throws: trouble of any kind is a verdict. The work runs on a thread of its own.
/// - Parameters:
///   - path: the file; its name says nothing, its content decides.
///   - limits: what the service takes.
///   - deep: decodes everything: damage in the middle, silence and clipping are only seen so.
public func inspect(path: String, limits: AudioLimits, deep: Bool = false) async -> Inspection {
  let found = try? await offPool("reprise inspect") { cancellation in
    inspectBlocking(path: path, limits: limits, deep: deep, cancellation: cancellation)
  }
  return found ?? Verdict.failed(AudioFileError.cancelled(path), bytes: nil, content: nil)
}

/// The same on the calling thread, which it blocks.
package func inspectBlocking(
  path: String, limits: AudioLimits, deep: Bool, cancellation: Cancellation? = nil
) -> Inspection {
  var byteCount: Int?
  var content: SniffedContent?
  do throws(AudioFileError) {
    let file = try InputFile(path: path)
    byteCount = file.byteCount
    let sniffed = try FileSniffer.sniff(file)
    content = sniffed
    if let advice = sniffed.advice(for: path) {
      throw AudioFileError(sniffed.isAudio ? .unsupportedFormat : .notAudio, path: path, message: advice)
    }
    var evidence: Evidence
    switch sniffed.format {
    case .mp3: evidence = try MP3Inspector.inspect(file, offset: sniffed.offset, cancellation: cancellation)
    case .wav: evidence = try WaveInspector.inspect(file, offset: sniffed.offset, cancellation: cancellation)
    default:
      evidence = try FLACInspector.inspect(file, offset: sniffed.offset, deep: deep, cancellation: cancellation)
    }
    if deep { try decodeAll(path, format: sniffed.format, evidence: &evidence, cancellation: cancellation) }
    var found = Verdict.judge(evidence, path: path, bytes: file.byteCount, format: sniffed.format, limits: limits)
    found.container = evidence.container
    found.integrity.md5 = evidence.md5
    found.mustRewrite = evidence.rewrite != nil
    found.sideChunks = evidence.sideChunks
    return found
  } catch {
    return Verdict.failed(error, bytes: byteCount, content: content)
  }
}

/// Reads every sample of an mp3 or wav; a flac's inspector has done so already.
private func decodeAll(
  _ path: String, format: FileFormat, evidence: inout Evidence, cancellation: Cancellation?
) throws(AudioFileError) {
  guard format != .flac, evidence.corruption == nil, evidence.unsupported == nil, evidence.countedFrames ?? 0 > 0 else {
    return
  }
  let statistics: SignalStatistics
  if let known = evidence.statistics {
    statistics = known
  } else {
    statistics = try SignalStatistics.read(path, cancellation: cancellation)
  }
  evidence.statistics = statistics
  evidence.decodedFrames = statistics.frames
  evidence.isFull = true
  if let counted = evidence.countedFrames, counted != statistics.frames, evidence.countedSeconds == nil {
    evidence.problems.append("\(counted) frames were counted and \(statistics.frames) decoded")
  }
}
