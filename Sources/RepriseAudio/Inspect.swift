package import RepriseSystem

/// Looks at a file and says what it is, how long it really is, and whether a service with these limits takes it.
///
/// It never throws: trouble of any kind is a verdict. The work runs on a thread of its own.
/// - Parameters:
///   - path: the file; its name says nothing, its content decides.
///   - limits: what the service takes.
///   - deep: decodes everything: damage in the middle, silence and clipping are only seen so.
///   - loudness: measures loudness as well (EBU R 128), which takes longer than all the rest; it implies `deep`.
public func inspect(
  path: String, limits: AudioLimits, deep: Bool = false, loudness: Bool = false
) async -> Inspection {
  let found = try? await offPool("reprise.inspect") { cancellation in
    inspectBlocking(path: path, limits: limits, deep: deep, loudness: loudness, cancellation: cancellation)
  }
  return found ?? Inspection(failed: .cancelled(path))
}

/// The same on the calling thread, which it blocks.
///
/// - Parameters:
///   - name: what a person calls the file, if `path` is no name that people know.
///   - rejects: whether everything for which a deep inspection rejects a file is looked for, without the
///   figures that take decoding all of it: an mp3's frames are looked into, and of its sound as much as is silent.
///   - listener: Hears every sample that a deep inspection decodes.
package func inspectBlocking(
  path: String, named name: String? = nil, limits: AudioLimits, deep: Bool, rejects: Bool = false,
  loudness: Bool = false, listener: (any SampleListener)? = nil, cancellation: Cancellation? = nil
) -> Inspection {
  let deep = deep || loudness
  var byteCount: Int?
  var content: SniffedContent?
  do throws(AudioFileError) {
    let file = try InputFile(path: path)
    byteCount = file.byteCount
    let sniffed = try FileSniffer.sniff(file)
    content = sniffed
    if let problem = sniffed.problem { throw AudioFileError(path: path, problem) }
    var evidence: Evidence
    switch sniffed.format {
    case .mp3:
      evidence = try MP3Inspector.inspect(
        file, offset: sniffed.offset, deep: deep || rejects, cancellation: cancellation)
    case .wav: evidence = try WaveInspector.inspect(file, sniffed, listener: listener, cancellation: cancellation)
    default:
      evidence = try FLACInspector.inspect(
        file, offset: sniffed.offset, deep: deep, listener: listener, cancellation: cancellation)
    }
    let isDecoded =
      deep ? true : rejects ? try !DeepPass.isAudible(file, sniffed, evidence, cancellation: cancellation) : false
    if isDecoded, !deep, sniffed.format == .flac {
      evidence = try FLACInspector.inspect(file, offset: sniffed.offset, deep: true, cancellation: cancellation)
    } else if isDecoded {
      try decodeAll(
        file, sniffed, loudness: loudness, listener: listener, evidence: &evidence, cancellation: cancellation)
    }
    return VerdictRules.judge(
      evidence, path: name ?? path, bytes: file.byteCount, format: sniffed.format, limits: limits)
  } catch {
    return VerdictRules.failed(name.map(error.at) ?? error, bytes: byteCount, content: content)
  }
}

/// Reads every sample; a flac's inspector has done so already, and a float wav's, unless loudness is wanted.
private func decodeAll(
  _ file: InputFile, _ content: SniffedContent, loudness: Bool, listener: (any SampleListener)?,
  evidence: inout Evidence, cancellation: Cancellation?
) throws(AudioFileError) {
  let format = content.format
  guard evidence.unsupported == nil, evidence.countedFrames ?? evidence.decodedFrames ?? 0 > 0 else { return }
  // What makes no sense as a wav or flac is not decoded again; an mp3 of which some frames are damaged still plays.
  guard format == .mp3 || evidence.corruption == nil else { return }
  if evidence.statistics == nil || loudness {
    do throws(AudioFileError) {
      let found = try DeepPass.run(
        file, content, layout: evidence.frames?.layout, loudness: loudness,
        listener: evidence.statistics == nil ? listener : nil, cancellation: cancellation)
      evidence.statistics = found.statistics
      evidence.loudness = found.loudness
    } catch {
      // The evidence that is there says more than a decoder that gave up on a damaged file.
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
