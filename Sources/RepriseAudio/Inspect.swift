package import RepriseSystem

/// Inspects a file: determines its format, its true length, and whether a service with these limits accepts it.
///
/// Never throws: an error of any kind is a verdict. The work runs on a thread of its own.
///
/// - Parameters:
///   - path: The file; its format is determined by its content, not by its name.
///   - limits: The limits of the service.
///   - deep: `true` to decode everything, which alone reveals damage in the middle, silence and clipping.
///   - loudness: `true` to measure loudness as well (EBU R 128), which takes longer than everything else; implies
///     `deep`.
/// - Returns: The findings.
package func inspect(
  path: String, limits: AudioLimits, deep: Bool = false, loudness: Bool = false
) async -> Inspection {
  let found = try? await offPool("reprise.inspect") { cancellation in
    inspectBlocking(path: path, limits: limits, deep: deep, loudness: loudness, cancellation: cancellation)
  }
  return found ?? Inspection(failed: .cancelled(path))
}

/// Inspects a file on the calling thread, which is blocked.
///
/// - Parameters:
///   - path: The file; its format is determined by its content, not by its name.
///   - name: The name of the file in the result, if it is not `path`.
///   - limits: The limits of the service.
///   - deep: `true` to decode everything.
///   - rejects: `true` to find everything for which a deep inspection rejects a file, without the figures that require
///     decoding all of it: the frames of an mp3 are examined, and the audio is decoded up to the first audible sample.
///   - loudness: `true` to measure loudness as well; implies `deep`.
///   - listener: Receives every sample that a deep inspection decodes.
///   - cancellation: Interrupts the inspection.
/// - Returns: The findings.
package func inspectBlocking(
  path: String, named name: String? = nil, limits: AudioLimits, deep: Bool, rejects: Bool = false,
  loudness: Bool = false, listener: (any SampleListener)? = nil, cancellation: Cancellation? = nil
) -> Inspection {
  let deep = deep || loudness
  var byteCount: Int?
  var content: SniffedContent?
  do throws(AudioFileError) {
    let source = try InputFile(path: path)
    byteCount = source.byteCount
    let outer = try FileSniffer.sniff(source)
    content = outer
    let audio = try AudioContent(source, outer, cancellation: cancellation)
    let (file, sniffed) = (audio.file, audio.content)
    if let problem = sniffed.problem { throw AudioFileError(path: path, problem) }
    var evidence: Evidence
    switch sniffed.format {
    case .mp3:
      evidence = try MP3Inspector.inspect(
        file, offset: sniffed.offset, deep: deep || rejects, cancellation: cancellation)
    case .wav:
      evidence = try WaveInspector.inspect(file, sniffed, listener: listener, cancellation: cancellation)
      try ForeignInspector.inspectCoded(
        file, sniffed, listener: listener, cancellation: cancellation, evidence: &evidence)
    case .other, .unknown:
      evidence = try ForeignInspector.inspect(file, sniffed, listener: listener, cancellation: cancellation)
    case .flac:
      evidence = try FLACInspector.inspect(
        file, offset: sniffed.offset, deep: deep, listener: listener, cancellation: cancellation)
    }
    if evidence.corruption != nil || evidence.truncation != nil || evidence.hasUnexplainedBytes {
      evidence.lineEnds = try LineEnds.finding(file, cancellation: cancellation)
    }
    let isDecoded =
      deep ? true : rejects ? try !DeepPass.isAudible(file, sniffed, evidence, cancellation: cancellation) : false
    let lineEnds = evidence.lineEnds
    if isDecoded, !deep, sniffed.format == .flac {
      evidence = try FLACInspector.inspect(file, offset: sniffed.offset, deep: true, cancellation: cancellation)
    } else if isDecoded {
      try decodeAll(
        file, sniffed, loudness: loudness, listener: listener, evidence: &evidence, cancellation: cancellation)
    }
    evidence.lineEnds = lineEnds
    if let unwrapping = audio.unwrapping { evidence.wrap(in: unwrapping) }
    return VerdictRules.judge(
      evidence, path: name ?? path, bytes: source.byteCount, format: outer.format, limits: limits)
  } catch {
    return VerdictRules.failed(name.map(error.at) ?? error, bytes: byteCount, content: content)
  }
}

/// Decodes every sample, unless the inspector of a flac or of a float wav has done so and loudness is not measured.
private func decodeAll(
  _ file: InputFile, _ content: SniffedContent, loudness: Bool, listener: (any SampleListener)?,
  evidence: inout Evidence, cancellation: Cancellation?
) throws(AudioFileError) {
  let format = content.format
  guard evidence.unsupported == nil, evidence.countedFrames ?? evidence.decodedFrames ?? 0 > 0 else { return }
  // An invalid wav or flac is not decoded again; an mp3 with some damaged frames can still be played.
  guard format == .mp3 || evidence.corruption == nil && evidence.several == nil else { return }
  if evidence.statistics == nil || loudness {
    do throws(AudioFileError) {
      let found = try DeepPass.run(
        file, content, layout: evidence.frames?.layout, loudness: loudness,
        listener: evidence.statistics == nil ? listener : nil, cancellation: cancellation)
      evidence.statistics = found.statistics
      evidence.loudness = found.loudness
    } catch {
      // The existing evidence is more specific than the error of a decoder that failed on a damaged file.
      guard error.code == .corrupt, evidence.corruption != nil else { throw error }
      evidence.problems.append(.failed(error))
      return
    }
  }
  guard format != .flac, let statistics = evidence.statistics else { return }
  evidence.decodedFrames = statistics.frames
  evidence.isFull = true
  if let counted = evidence.countedFrames, counted != statistics.frames, evidence.countedSeconds == nil {
    evidence.problems.append(.frameCount(counted: counted, decoded: statistics.frames))
  }
}
