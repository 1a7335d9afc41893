import Foundation
import RepriseSystem

/// The facts about the first sound track of a file that ffprobe tells.
package struct FFmpegFacts: Equatable {
  /// Name of the codec in ffmpeg.
  let codec: String
  /// Encoding of the samples.
  let encoding: SampleEncoding
  /// Declared length of the track in seconds; `nil` if the container declares none.
  let seconds: Double?

  /// Asks ffprobe, if it is installed.
  ///
  /// - Returns: The facts; `nil` if ffprobe is missing or tells nothing, which is then left to ffmpeg.
  /// - Throws: `AudioFileError` `noSound` if the container has no sound track; `io` if ffprobe hangs or floods, as ffmpeg,
  ///   which reads in the same way, would; `cancelled`.
  static func probe(
    _ file: InputFile, _ container: ForeignContainer, demuxers: String, cancellation: Cancellation?
  ) throws(AudioFileError) -> FFmpegFacts? {
    guard let program = Executable.path(of: "ffprobe") else { return nil }
    var process: ChildProcess
    do {
      process = try ChildProcess(
        program, FFmpegProgram.probing(demuxers: demuxers), environment: FFmpegProgram.environment,
        input: file.descriptor)
    } catch { return nil }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    let limits = FFmpegLimits.current
    let began = SuspendingClock.now
    reading: while true {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
      switch process.read(into: &buffer, within: 100) {
      case .bytes(let count): text += buffer[..<count]
      case .nothing: break
      case .end: break reading
      }
      guard process.messageBytes <= limits.messages else {
        throw AudioFileError(path: file.path, .foreign(.probeFlooded(bytes: process.messageBytes)))
      }
      guard began.duration(to: .now) < .milliseconds(limits.stall) else {
        throw AudioFileError(path: file.path, .foreign(.probeStalled(seconds: limits.stall / 1000)))
      }
      // Some lines are expected.
      guard text.count < 1 << 20 else { return nil }
    }
    let exit = process.finish(within: 5000, messages: limits.messages)
    guard process.messageBytes <= limits.messages else {
      throw AudioFileError(path: file.path, .foreign(.probeFlooded(bytes: process.messageBytes)))
    }
    guard let exit else { throw AudioFileError(path: file.path, .foreign(.probeStalled(seconds: 5))) }
    guard exit == .status(0) else { return nil }
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(text)), let streams = answer.streams else {
      return nil
    }
    guard let stream = streams.first else { throw AudioFileError(path: file.path, .foreign(.noSound(container.name))) }
    return FFmpegFacts(stream, answer.format)
  }

  private struct Answer: Decodable {
    struct Stream: Decodable {
      let codec_name: String?
      let sample_fmt: String?
      let bits_per_raw_sample: String?
      let duration: String?
    }
    struct Format: Decodable { let duration: String? }

    let streams: [Stream]?
    let format: Format?
  }

  private init?(_ stream: Answer.Stream, _ format: Answer.Format?) {
    guard let codec = stream.codec_name, codec.utf8.count <= 64 else { return nil }
    self.codec = codec
    let bits = stream.bits_per_raw_sample.flatMap { Int($0) } ?? 0
    encoding = Self.encoding(codec, format: stream.sample_fmt ?? "", rawBits: bits)
    let declared = stream.duration.flatMap { Double($0) } ?? format?.duration.flatMap { Double($0) }
    seconds = declared.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }

  /// Codecs without loss, other than linear PCM.
  private static let lossless: Set<String> = [
    "alac", "flac", "wavpack", "ape", "tta", "tak", "shorten", "als", "mp4als", "mlp", "truehd", "wmalossless", "ralf",
  ]

  /// Returns the encoding of a codec's samples.
  ///
  /// - Parameters:
  ///   - codec: The name of the codec in ffmpeg.
  ///   - format: The format of the decoded samples in ffmpeg: u8, s16, s32, flt or dbl, with a p if planar.
  ///   - rawBits: The width of the coded samples; 0 if it is not told.
  /// - Returns: The encoding.
  package static func encoding(_ codec: String, format: String, rawBits: Int) -> SampleEncoding {
    let isLinear = codec.hasPrefix("pcm_") && !["pcm_alaw", "pcm_mulaw", "pcm_vidc"].contains(codec)
    guard isLinear || lossless.contains(codec) else { return codec.hasPrefix("dsd_") ? .float(bits: 32) : .lossy }
    switch format.hasSuffix("p") ? String(format.dropLast()) : format {
    case "u8": return .integer(bits: 8)
    case "s16": return .integer(bits: rawBits > 0 && rawBits < 16 ? rawBits : 16)
    case "s32": return .integer(bits: rawBits > 0 && rawBits < 32 ? rawBits : 32)
    // Doubles and integers of 64 bits are read as the nearest floats.
    default: return .float(bits: 32)
    }
  }
}
