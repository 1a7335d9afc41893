import Foundation
import RepriseSystem

/// The program ffmpeg, which decodes what no library here does, in a process of its own.
package enum FFmpegProgram {
  /// `true` if the program is in a directory of `PATH`.
  package static var isInstalled: Bool { Executable.path(of: "ffmpeg") != nil }

  /// The input by the name of its descriptor: no name of a file can be taken for a protocol or an option.
  static var input: String {
    #if os(Linux)
      "file:/proc/self/fd/0"
    #else
      "file:/dev/fd/0"
    #endif
  }

  /// Options in front of an input: files and pipes only, and only these demuxers.
  static func reading(_ demuxers: String) -> [String] {
    let choice = demuxers.contains(",") ? ["-format_whitelist", demuxers] : ["-f", demuxers]
    return ["-v", "error", "-err_detect", "crccheck", "-protocol_whitelist", "file,pipe"] + choice
  }

  /// Returns the arguments that decode the first sound track to stdout, as AU with 32-bit integers or floats.
  ///
  /// AU's header tells rate and channels and needs no length.
  static func decoding(demuxers: String, integers: Bool) -> [String] {
    ["-nostdin", "-hide_banner"] + reading(demuxers) + [
      "-threads", "1", "-i", input, "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-bitexact",
      "-c:a", integers ? "pcm_s32be" : "pcm_f32be", "-f", "au", "pipe:1",
    ]
  }

  /// Returns the arguments of ffprobe for the facts about the first sound track.
  static func probing(demuxers: String) -> [String] {
    ["-hide_banner"] + reading(demuxers) + [
      "-of", "json", "-select_streams", "a:0", "-show_entries",
      "stream=codec_name,sample_rate,channels,sample_fmt,bits_per_raw_sample,duration:format=duration", "-i", input,
    ]
  }

  /// The environment of the program: without variables by which ffmpeg writes files, or colours its messages.
  static var environment: [String: String] {
    var variables = Environment.current
    for name in ["FFREPORT", "AV_LOG_FORCE_COLOR", "AV_LOG_FORCE_256COLOR"] { variables[name] = nil }
    variables["AV_LOG_FORCE_NOCOLOR"] = "1"
    return variables
  }
}

/// The limits of the work of ffmpeg.
package struct FFmpegLimits: Sendable {
  /// The limits in force.
  @TaskLocal package static var current = FFmpegLimits()

  /// Longest time without output, in milliseconds.
  package var stall = 60_000
  /// Longest time of waiting for output in all, in milliseconds, without the file's share.
  package var total = 120_000
  /// Bytes of a file that add a millisecond to it.
  package var bytesPerMillisecond = 50
  /// Longest audio in seconds, without the shares of the file's size and of its declared length.
  package var seconds = 600
  /// Largest number of bytes of messages.
  package var messages = 1 << 26

  package init() {}

  /// Returns the longest time of waiting for the output of a file, in milliseconds.
  func total(bytes: Int) -> Int { total + bytes / max(bytesPerMillisecond, 1) }

  /// Returns the longest audio that a file can hold, in seconds.
  ///
  /// Codecs that code silence use more than ten bytes a second.
  func seconds(bytes: Int, declared: Double?) -> Int {
    let claimed = min(max(declared ?? 0, 0), 1e9)
    return seconds + bytes / 8 + Int(8 * claimed)
  }
}
