import Foundation

/// Another program that tests make their files by, or hold ours against (scripts/packages-debian.txt brings them).
package enum Tool: String, Sendable {
  case ffmpeg, sox

  /// The path of the program; `nil` on a machine without it.
  package var path: String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(rawValue)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// The error for a program that did not succeed.
  package struct Failed: Error, CustomStringConvertible {
    /// The program, its arguments and its exit status.
    package let description: String
  }

  /// Runs the program and waits for its end.
  ///
  /// - Throws: `Failed` if the program is missing or does not succeed.
  package func run(_ arguments: [String]) throws {
    guard let path else { throw Failed(description: "\(rawValue) is not installed") }
    let process = Process()
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = (self == .ffmpeg ? ["-nostdin", "-v", "error", "-y"] : ["-V1"]) + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(description: "\(rawValue) \(arguments.joined(separator: " ")): \(process.terminationStatus)")
    }
  }

  /// Decodes the first sound track of a file by ffmpeg to interleaved 32-bit integers, left-justified and exact for
  /// integer encodings.
  package static func integers(of source: String, output: String) throws -> [Int32] {
    try decoded(source, "s32le", output).map { Int32(bitPattern: $0) }
  }

  /// Decodes the first sound track of a file by ffmpeg to interleaved 32-bit floats.
  package static func floats(of source: String, output: String) throws -> [Float] {
    try decoded(source, "f32le", output).map { Float(bitPattern: $0) }
  }

  private static func decoded(_ source: String, _ format: String, _ output: String) throws -> [UInt32] {
    try ffmpeg.run(["-i", source, "-map", "0:a:0", "-f", format, output])
    let data = try Data(contentsOf: URL(fileURLWithPath: output))
    try FileManager.default.removeItem(atPath: output)
    return unsafe data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        UInt32(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
      }
    }
  }
}
