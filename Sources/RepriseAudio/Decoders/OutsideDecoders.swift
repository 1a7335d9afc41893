package import RepriseSystem

/// The decoders that other programs use, as they are on this machine.
///
/// Each reads the file in its own way, with its default settings, and not by what Reprise found in it.
package struct OutsideDecoders: Sendable {
  /// The program ffmpeg and its version; `nil` if it is not installed.
  let ffmpeg: FFmpegDecoding?

  /// Finds the decoders; blocks for the time that ffmpeg takes to tell its version.
  ///
  /// - Parameter timeout: The longest time that ffmpeg may take for a file, in seconds.
  package init(timeout: Int = 600) { ffmpeg = FFmpegDecoding(timeout: timeout) }

  /// Decodes a file with every decoder and compares the samples with our own; blocks.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - cancellation: Interrupts decoding.
  /// - Returns: A reading of every decoder, in the order of `Misreading.Decoder`.
  /// - Throws: `AudioFileError` if the file cannot be opened or read, or the work was cancelled.
  package func read(_ path: String, cancellation: Cancellation? = nil) throws(AudioFileError) -> [DecoderReading] {
    let file = try InputFile(path: path)
    let format = (try? FileSniffer.sniff(file).format) ?? .unknown
    var readings: [DecoderReading] = []
    for decoder in Misreading.Decoder.allCases {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(path) }
      readings.append(try reading(of: file, format, by: decoder, cancellation))
    }
    return readings
  }

  private func reading(
    of file: InputFile, _ format: FileFormat, by decoder: Misreading.Decoder, _ cancellation: Cancellation?
  ) throws(AudioFileError) -> DecoderReading {
    // What we cannot decode cannot be compared.
    let own = own(file.path, cancellation)
    switch decoder {
    case .ffmpeg:
      let outcome = try ffmpeg?.read(file, against: own, cancellation: cancellation)
      return DecoderReading(.ffmpeg, version: ffmpeg?.version, outcome ?? .missing)
    case .libsndfile: return try SndfileDecoding.read(file, against: own, cancellation: cancellation)
    case .mpg123:
      guard format == .mp3 else { return DecoderReading(.mpg123, version: Mpg123Decoding.version, .notItsFormat) }
      let outcome = try Mpg123Decoding.read(file.path, against: own, cancellation: cancellation)
      return DecoderReading(.mpg123, version: Mpg123Decoding.version, outcome)
    case .libFLAC:
      guard format == .flac else { return DecoderReading(.libFLAC, version: LibFLACDecoding.version, .notItsFormat) }
      let outcome = try LibFLACDecoding.read(file, against: own, cancellation: cancellation)
      return DecoderReading(.libFLAC, version: LibFLACDecoding.version, outcome)
    }
  }

  private func own(_ path: String, _ cancellation: Cancellation?) -> DecodedComparison? {
    do { return DecodedComparison(try AudioDecoder(path: path, cancellation: cancellation)) } catch { return nil }
  }
}

/// Decodes a file on a thread of its own with every decoder that other programs use.
///
/// - Parameters:
///   - path: The file.
///   - decoders: The decoders.
/// - Returns: A reading of every decoder; empty if the file cannot be read.
package func decoderReadings(of path: String, by decoders: OutsideDecoders) async -> [DecoderReading] {
  let found = try? await offPool("reprise.decoders") { cancellation in
    (try? decoders.read(path, cancellation: cancellation)) ?? []
  }
  return found ?? []
}
