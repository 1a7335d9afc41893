package import RepriseSystem

/// Skims a file: reads its ends and a few probes, and takes the length that a header or its size claims.
///
/// Never throws, as `inspect`. The work runs on a thread of its own.
///
/// - Parameters:
///   - path: The file; its format is determined by its content, not by its name.
///   - limits: The limits of the service.
/// - Returns: The findings, whose length is `declared` and whose `integrity.skim` holds what was read.
package func skim(path: String, limits: AudioLimits) async -> Inspection {
  let found = try? await offPool("reprise.skim") { cancellation in
    skimBlocking(path: path, limits: limits, cancellation: cancellation)
  }
  return found ?? Inspection(failed: .cancelled(path))
}

/// Skims a file on the calling thread, which is blocked.
///
/// - Parameters:
///   - path: The file; its format is determined by its content, not by its name.
///   - name: The name of the file in the result, if it is not `path`.
///   - limits: The limits of the service.
///   - cancellation: Interrupts the skim.
/// - Returns: The findings.
package func skimBlocking(
  path: String, named name: String? = nil, limits: AudioLimits, cancellation: Cancellation? = nil
) -> Inspection {
  let meter = ReadMeter(limit: Skim.mostBytes)
  var byteCount: Int?
  var content: SniffedContent?
  do throws(AudioFileError) {
    let file = try InputFile(path: path, meter: meter)
    byteCount = file.byteCount
    let sniffed = try Skim.sniff(file)
    content = sniffed
    if let problem = sniffed.problem { throw AudioFileError(path: path, problem) }
    var evidence = try Skim.evidence(file, sniffed, cancellation: cancellation)
    if cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
    evidence.skim = Inspection.Integrity.Skim(
      bytesRead: meter.bytes, probes: meter.reads, isEstimate: evidence.skim?.isEstimate ?? false)
    return VerdictRules.judge(
      evidence, path: name ?? path, bytes: file.byteCount, format: sniffed.format, limits: limits)
  } catch {
    let skim = Inspection.Integrity.Skim(bytesRead: meter.bytes, probes: meter.reads, isEstimate: false)
    return VerdictRules.failed(name.map(error.at) ?? error, bytes: byteCount, content: content, skim: skim)
  }
}

/// The parts of a skim that all formats share.
enum Skim {
  /// Largest number of bytes that are read of a file.
  ///
  /// Where time stamps do not reveal every change, the cache of a scan reads another 128 kB: 288 kB in all.
  static let mostBytes = 160_000

  /// Number of bytes that are examined to recognise a format, and again after a tag.
  private static let headBytes = 1 << 13
  /// Number of bytes before the first mp3 frame that are searched.
  private static let searchedBytes = 1 << 16

  /// Parts of the audio at which probes are made.
  static let places = [0.25, 0.5, 0.75]

  /// Recognises the format of a file.
  static func sniff(_ file: borrowing InputFile) throws(AudioFileError) -> SniffedContent {
    let content = try FileSniffer.sniff(file, headBytes: headBytes, searchedBytes: [searchedBytes])
    guard content.format == .unknown, file.byteCount - content.offset > searchedBytes else { return content }
    throw AudioFileError(path: file.path, .beyondSkim(bytes: mostBytes))
  }

  /// Gathers the evidence of a format.
  static func evidence(
    _ file: InputFile, _ content: SniffedContent, cancellation: Cancellation?
  ) throws(AudioFileError) -> Evidence {
    do throws(AudioFileError) {
      switch content.format {
      case .mp3: return try MP3Skim.evidence(file, offset: content.offset)
      // The chunks of a wav tell all that a walk knows of integers; floats are not read.
      case .wav:
        var evidence = try WaveInspector.inspect(
          file, content, listener: nil, readsSamples: false, cancellation: cancellation)
        if case .wave(.unsupportedCodec(_, isLinear: false))? = evidence.unsupported {
          (evidence.conversion, evidence.unsupported) = (evidence.unsupported, nil)
        }
        return evidence
      case .flac: return try FLACSkim.evidence(file, offset: content.offset)
      case .other, .unknown: return try foreign(file, content)
      }
    } catch {
      guard case .beyondSkim(let bytes) = error.problem else { throw error }
      var evidence = Evidence(codec: content.codec)
      evidence.doubt(.corrupt, .skimmedTooLittle(bytes: bytes))
      return evidence
    }
  }
}

extension Skim {
  /// Gathers the evidence of a container that only other decoders read, whose length is not known before they do.
  private static func foreign(_ file: InputFile, _ content: SniffedContent) throws(AudioFileError) -> Evidence {
    guard let container = ForeignContainer(content) else {
      throw AudioFileError(path: file.path, content.problem ?? .unrecognised)
    }
    var evidence = Evidence(codec: container.codec ?? content.codec)
    evidence.container = container.name
    evidence.isForeign = true
    evidence.doubt(.unsupportedFormat, .skimmedUndecoded)
    return evidence
  }
}

extension Evidence {
  /// Records what speaks against a file without proving that it is damaged.
  mutating func doubt(_ code: Inspection.Reason.Code, _ finding: Finding) {
    doubts.append(Inspection.Reason(code: code, finding: finding))
  }
}
