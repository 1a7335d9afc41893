import Foundation

/// Another decoder's command, for the tests that hold ours against it (scripts/packages-debian.txt brings them).
enum OtherDecoder: String {
  case ffmpeg, mpg123

  /// The path of the decoder; `nil` on a machine without it.
  var path: String? {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return directories.map { "\($0)/\(rawValue)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Decodes all samples of a file to interleaved 32-bit floats.
  ///
  /// - Parameters:
  ///   - source: The file.
  ///   - output: A path that the decoder may write to.
  /// - Returns: The samples; empty if the decoder produces none.
  /// - Throws: An error if the decoder can't be started.
  func floats(of source: String, output: String) throws -> [Float] {
    let process = Process()
    // Tests of the command change the process's own, and remove it.
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.executableURL = URL(fileURLWithPath: path ?? rawValue)
    process.arguments =
      switch self {
      case .ffmpeg: ["-nostdin", "-v", "quiet", "-y", "-i", source, "-map", "0:a", "-f", "f32le", output]
      case .mpg123: ["-q", "--resync-limit", "-1", "-e", "f32", "-O", output, source]
      }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard let data = FileManager.default.contents(atPath: output) else { return [] }
    try? FileManager.default.removeItem(atPath: output)
    // Minutes of samples: at once, not one by one.
    return unsafe [Float](unsafeUninitializedCapacity: data.count / 4) { samples, count in
      count = unsafe data.copyBytes(to: samples) / 4
    }
  }
}
